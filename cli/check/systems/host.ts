/** Checks of the machines of a k3s cluster: those of the preflight that hold for a site that runs. */
import type { CheckedSite, SiteCheck } from "../../shared/checks/site-check";
import { dockerHostsAnswer, dockerHostsOf, kernelsAreReady } from "../../shared/checks/docker-hosts";
import {
  certificatesLast,
  disksAreMounted,
  dockerIsOnItsHost,
  firewallsLetPodsThrough,
  nodesHaveTheirCards,
  nodesSeeTheirDisks,
} from "../../shared/checks/machines";
import { inputProblem } from "../../shared/site/inputs";
import { requiredInputs } from "../../shared/site/stack-facts";
import type { Check, CheckProps, Level, Verdict } from "../model/verdict";

const PAGE = "docs/operations.md";

/** What is looked at on each machine, and what a finding there means for a site that runs. */
const LOOKS: readonly { what: string; healthy: string; level: Level; check: SiteCheck }[] = [
  {
    what: "Docker itself",
    healthy: "it runs on its host, in no virtual machine",
    level: "warn",
    check: dockerIsOnItsHost,
  },
  { what: "kernels", healthy: "they have what k3s, Kafka and InfluxDB need", level: "warn", check: kernelsAreReady },
  {
    what: "network cards",
    healthy: "each node has the address of its site's file, on its card",
    level: "warn",
    check: nodesHaveTheirCards,
  },
  {
    what: "firewalls",
    healthy: "none stops what pods say to one another",
    level: "warn",
    check: firewallsLetPodsThrough,
  },
  { what: "disks", healthy: "each is mounted", level: "fail", check: disksAreMounted },
  {
    what: "disks in the nodes",
    healthy: "each node sees the disk that its machine has now",
    level: "fail",
    check: nodesSeeTheirDisks,
  },
  { what: "certificates of nodes", healthy: "none ends within 60 days", level: "warn", check: certificatesLast },
];

async function machines({ site, stacks, machine }: CheckProps): Promise<Verdict[]> {
  const subject: CheckedSite = { environment: site, stacks: stacks.filter(({ layer }) => layer === "cluster") };
  const what = "machines";
  const healthy = "the Docker of each answers";
  const missing = requiredInputs(subject.stacks).flatMap((input) =>
    input.name.includes("docker_host") ? (inputProblem(input, machine.env) ?? []) : [],
  );
  if (missing.length > 0)
    return missing.map((line) => ({
      level: "unknown",
      what,
      measured: line,
      healthy,
      remedy: "export it, then run it again",
    }));
  const hosts = dockerHostsOf(subject, machine);
  const silent = await dockerHostsAnswer(subject, machine);
  // Whether a machine is down, or only out of this one's reach, nobody can tell from here.
  const unreached = silent.map((line): Verdict => ({
    ...parted(line),
    level: "unknown",
    what,
    healthy,
    page: "docs/runbooks/lost-host.md",
  }));
  const answering = hosts.length - silent.length;
  if (answering === 0) return unreached;
  const found = await Promise.all(
    LOOKS.map(async ({ what: thing, healthy: right, level, check }): Promise<Verdict[]> => {
      const lines = await check(subject, machine);
      if (lines.length === 0)
        return [
          {
            level: "ok",
            what: thing,
            measured: `nothing is wrong on ${machinesText(answering, hosts.length)}`,
            healthy: right,
          },
        ];
      return lines.map((line) => ({ ...parted(line), level, what: thing, healthy: right, page: PAGE }));
    }),
  );
  const reached: Verdict = {
    level: "ok",
    what,
    measured: `${machinesText(answering, hosts.length)} answered`,
    healthy,
  };
  return [...(unreached.length > 0 ? unreached : [reached]), ...found.flat()];
}

const machinesText = (answering: number, all: number): string =>
  answering === all ? `${all} machine${all === 1 ? "" : "s"}` : `${answering} of ${all} machines`;

/** A line of the preflight says what is wrong, then, behind its last colon that stands in no command, what to do. */
function parted(line: string): { measured: string; remedy: string } {
  const cuts = [...line.matchAll(/: /g)].map(({ index }) => index);
  const isOutside = (cut: number) => (line.slice(0, cut).match(/`/g) ?? []).length % 2 === 0;
  const cut = cuts.filter(isOutside).at(-1);
  return cut === undefined
    ? { measured: line, remedy: "mend what is said there" }
    : { measured: line.slice(0, cut), remedy: line.slice(cut + 2) };
}

/** Checks of machines. */
export const hostChecks: readonly Check[] = [
  {
    subject: "host",
    title: "machines",
    seconds: 30,
    outside: true,
    applies: ({ cluster }) => cluster.kind === "k3s",
    run: machines,
  },
];
