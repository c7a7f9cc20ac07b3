/** What happens to the nodes of a running site. */
import { secondsSince } from "../../../../cli/shared/terminal/output";
import { until } from "../../../../cli/shared/process/until";
import type { Environment } from "../../../../environments/schema";
import type { K3s } from "../../../../environments/systems/cluster/nodes";
import { ranBefore } from "../../site/health";
import { containerProcess } from "../../site/machine-processes";
import { type Day, secondDay } from "./day";
import { KEEPS_SCHEMAS } from "./needs";

/** Nodes of the site: the server, then the agents. */
function nodesOf({ cluster }: Environment): readonly [server: string, ...agents: string[]] {
  const { serverName, agents } = cluster as K3s;
  return [serverName, ...agents.map(({ name }) => name)];
}

const clusterOf = ({ site }: Day): K3s => site.environment.cluster as K3s;

/** The next patch of a release of k3s. */
const nextPatch = (version: string): string =>
  version.replace(/\.(\d+)-/, (_all, patch: string) => `.${Number(patch) + 1}-`);

/** Waits until no container counts as running that ended with its node. */
async function startedSince(day: Day, nodes: readonly string[], time: number): Promise<void> {
  const begin = Date.now();
  const started = await until(300, async () => {
    const pods = await day.site.api.list("/api/v1/pods").catch(() => undefined);
    return pods && ranBefore(pods, nodes, time).length === 0 ? true : undefined;
  });
  day.checks.same("whatever runs was started since", started, true);
  if (started) console.log(`        the cluster knew that after ${secondsSince(begin)} s`);
}

async function bumped(day: Day): Promise<void> {
  const { image, version } = clusterOf(day);
  const next = nextPatch(version);
  if ((await day.site.docker("image", "inspect", `${image}:${next}`)).code !== 0) {
    await day.docker("tag", `${image}:${version}`, `${image}:${next}`);
    day.site.notRun("another release of k3s", "there is one image: the same has another name");
  }
  const volumes = await day.docker("volume", "ls", "--quiet");
  day.site.change({ cluster: { version: next } });
  await day.does("deploy", "cluster", "--yes");
  for (const node of nodesOf(day.site.environment))
    day.checks.same(
      `${node} runs ${next}`,
      await day.docker("inspect", "-f", "{{.Config.Image}}", node),
      `${image}:${next}`,
    );
  day.checks.same("the nodes' volumes", await day.docker("volume", "ls", "--quiet"), volumes);
}

/** What `check` says while the server is away. */
const NO_SERVER = /^fail API server: /;

/** A field that Docker knows of each container, in their order. */
const inspected = (day: Day, nodes: readonly string[], field: string): Promise<string[]> =>
  Promise.all(nodes.map((node) => day.docker("inspect", "-f", `{{.${field}}}`, node)));

/** Not by Docker: what it kills itself it does not start again. */
async function kill(day: Day, nodes: readonly string[]): Promise<void> {
  for (const pid of (await inspected(day, nodes, "Id")).map(containerProcess)) process.kill(pid, "SIGKILL");
}

/**
 * Its nodes' containers end at once, as where the kernel kills them or the power goes. They stay away until `check` has
 * said so, which on a busy machine begins later than Docker starts them; then they end once more, while they start.
 */
async function killed(day: Day, nodes: readonly string[]): Promise<void> {
  const policies = await inspected(day, nodes, "HostConfig.RestartPolicy.Name");
  await day.docker("update", "--restart=no", ...nodes);
  try {
    await kill(day, nodes);
    await day.sees(`${nodes.join(" and ")} killed`, "cluster", NO_SERVER);
  } finally {
    for (const [i, node] of nodes.entries()) await day.docker("update", `--restart=${policies[i]}`, node);
    await day.docker("start", ...nodes);
  }
  const before = await inspected(day, nodes, "State.StartedAt");
  const time = Date.now();
  await kill(day, nodes);
  for (const [i, node] of nodes.entries()) {
    const again = await until(60, async () =>
      (await inspected(day, [node], "State.StartedAt"))[0] === before[i] ? undefined : true,
    );
    day.checks.same(`Docker starts ${node} again`, again, true);
  }
  await startedSince(day, nodes, time);
}

/** Last words of programs that end by themselves, by who says them. */
const LAST_WORDS = { InfluxDB: /Server shutdown completed/i, Kafka: /BrokerServer id=\d+\] shut down completed/i };

/** All containers stop and start, as where the machine is rebooted. */
async function rebooted(day: Day): Promise<void> {
  const nodes = nodesOf(day.site.environment);
  const begin = Date.now();
  const since = new Date(begin - 1000).toISOString();
  await Promise.all(nodes.map((node) => day.docker("stop", node)));
  console.log(`        the nodes stopped in ${secondsSince(begin)} s`);
  const said = (await Promise.all(nodes.map((node) => day.site.docker("logs", "--since", since, node)))).map(
    ({ stdout, stderr }) => stdout + stderr,
  );
  for (const node of nodes)
    day.checks.same(
      `${node} ended before Docker killed it`,
      (await day.docker("inspect", "-f", "{{.State.ExitCode}}", node)) === "137",
      false,
    );
  day.checks.says("InfluxDB ended by itself", said.join("\n"), LAST_WORDS.InfluxDB);
  // Seen in one of two runs: a broker asks the controllers before it ends, and theirs may be the node that is gone.
  if (day.data.goesThroughKafka)
    console.log(`        Kafka ${LAST_WORDS.Kafka.test(said.join("\n")) ? "ended by itself" : "was killed"}`);
  await day.sees("a machine that does not run", "cluster", NO_SERVER);
  const time = Date.now();
  await Promise.all(nodes.map((node) => day.docker("start", node)));
  await startedSince(day, nodes, time);
}

async function replaced(day: Day): Promise<void> {
  const [, agent] = nodesOf(day.site.environment);
  if (agent === undefined) throw new Error("the site has no agent");
  // Without evictions: those of a broker and a controller with volumes of this node never end.
  const drain = ["--ignore-daemonsets", "--delete-emptydir-data", "--disable-eviction", "--timeout=300s"];
  await day.kubectl("drain", agent, ...drain);
  await day.sees("a drained agent", "cluster", new RegExp(`^warn node ${agent}: .*closed to new pods`));
  await day.meanwhile();
  await day.docker("rm", "--force", agent);
  await day.sees("an agent that is lost", "cluster", new RegExp(`^fail node ${agent}: not Ready`));
  await day.does("deploy", "cluster", "--yes");
  await day.kubectl("wait", "--for=condition=Ready", `node/${agent}`, "--timeout=120s");
  await day.kubectl("uncordon", agent);
}

/** In the order in which they show most for their time. */
export const nodeScenarios = [
  secondDay({
    ...KEEPS_SCHEMAS,
    name: "rebooted",
    title: "all nodes stop and start, as at a reboot: programs end by themselves, and find their data",
    inCi: true,
    act: rebooted,
  }),
  secondDay({
    ...KEEPS_SCHEMAS,
    name: "server-killed",
    title: "the server's container is killed, and Docker starts it again",
    act: (day) => killed(day, nodesOf(day.site.environment).slice(0, 1)),
  }),
  secondDay({
    ...KEEPS_SCHEMAS,
    name: "power-cut",
    title: "all nodes are killed at the same moment, as where the power goes",
    act: (day) => killed(day, nodesOf(day.site.environment)),
  }),
  secondDay({ name: "image-bumped", title: "another release of k3s, on server and agent", act: bumped }),
  secondDay({ name: "agent-replaced", title: "an agent is drained, lost and made anew", act: replaced }),
];
