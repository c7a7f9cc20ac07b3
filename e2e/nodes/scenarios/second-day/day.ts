/** A day in the life of a running site: data before and after, a fault that is told apart from health, and health again. */
import type { Subject } from "../../../../cli/check/model/verdict";
import { until } from "../../../../cli/shared/process/until";
import { secondsSince } from "../../../../cli/shared/terminal/output";
import { inside, type Json } from "../../../../synthesized/stack";
import type { LiveObject } from "../../../../cli/shared/kubernetes/client";
import type { Checks } from "../../../data-path/check";
import type { RunningSite } from "../../site/running-site";
import { type SaidVerdict, troublesIn, troublesOf, verdictsOf } from "../../site/verdicts";
import type { Scenario } from "../../site/scenario";
import { Data } from "./data";

/** What is written each time that something is. */
const SOME = 20;

/** Seconds for data, and for a check to see a fault and its end: it calls a pod a failure after three minutes. */
const [ARRIVE, SEE] = [240, 300];

/** Seconds that a Job of a schedule takes at most: those that restart programs ask for five minutes who does not answer. */
const SCHEDULED = 360;

/** What a scenario of the second day works with. */
export interface Day {
  readonly site: RunningSite;
  readonly checks: Checks;
  readonly data: Data;
  /** Offers some more while something is wrong, where they can go on; what is not taken then is offered again later. */
  meanwhile(): Promise<void>;
  /** Waits until `check` says that something is wrong which was well before, by a line `<level> <what>: <measured>`. */
  sees(fault: string, subject: Subject, says: RegExp): Promise<void>;
  /** Runs the project's own command, which must end well. */
  does(name: string, ...args: readonly string[]): Promise<void>;
  /** Runs kubectl, which must end well; what it printed. */
  kubectl(...args: readonly string[]): Promise<string>;
  /** Runs Docker's command line, which must end well; what it printed. */
  docker(...args: readonly string[]): Promise<string>;
}

/** What a scenario of the second day is, and what it does to a healthy site. */
export interface DayProps extends Omit<Scenario, "run"> {
  /** Seconds after which all must be ready again. @default 600 */
  readonly most?: number;
  readonly act: (day: Day) => Promise<void>;
}

/** A scenario that writes data, does something, and sees that the site is well again, with the data of before and new ones. */
export function secondDay({ act, most = 600, ...about }: DayProps): Scenario {
  return {
    ...about,
    run: async (site, checks) => {
      const data = await Data.start(site);
      try {
        await data.write(SOME);
        const first = await verdictsOf(site);
        const before = troublesIn(first, site.simulated);
        for (const line of before) console.log(`        before it: ${line}`);
        checks.same(`${data.what} before`, await data.found(ARRIVE), data.written);
        await act(dayOf(site, checks, data, first));
        const begin = Date.now();
        await site.allReady(most, { schedules: false });
        console.log(`        all was ready ${secondsSince(begin)} s after that`);
        await data.write(0);
        checks.same(`${data.what} of before and of meanwhile`, await data.found(ARRIVE), data.written);
        await data.write(SOME);
        checks.same(`${data.what} after`, await data.found(ARRIVE), data.written);
        await forgetFailedSchedules(site, Date.now());
        checks.same("check finds nothing wrong that was well before", await troublesAfter(site, before), []);
      } finally {
        await data.close();
      }
    },
  };
}

/** What `check` says for an hour of containers that ended: here the scenario ended them. */
const STARTED_AGAIN = /: (ready, and container \S+ started again|\d+ containers started again|its container ended)/;

/** What a line of trouble is about, without what was measured. */
const about = (line: string): string => line.split(": ")[0] ?? "";

/** What `check` finds wrong besides, and did not before, such as a full disk of this machine; nothing as soon as it finds nothing. */
async function troublesAfter(site: RunningSite, before: readonly string[]): Promise<string[]> {
  const known = new Set(before.map(about));
  let troubles: string[] = [];
  let again: readonly string[] = [];
  await until(SEE, async () => {
    const all = await troublesOf(site);
    again = all.filter((line) => STARTED_AGAIN.test(line));
    troubles = all.filter((line) => !STARTED_AGAIN.test(line) && !known.has(about(line)));
    return troubles.length === 0 ? true : undefined;
  });
  for (const line of again) console.log(`        check tells: ${line}`);
  return troubles;
}

/** Verdicts that are not `ok`, as {@link Day.sees} looks at them. */
const wrongIn = (verdicts: readonly SaidVerdict[]): string[] =>
  verdicts.filter(({ level }) => level !== "ok").map(({ level, what, measured }) => `${level} ${what}: ${measured}`);

/** Lines that were not there before; figures, such as how long ago something was, make no other line. */
export function newIn(lines: readonly string[], before: readonly string[]): string[] {
  const plain = (line: string) => line.replace(/\d+( ?(s|min|h|d)\b)?/g, "0");
  const known = new Set(before.map(plain));
  return lines.filter((line) => !known.has(plain(line)));
}

/** Jobs that a clock started before a time, and whether they ended badly; nothing while one of them still runs. */
export function endedSchedules(jobs: readonly LiveObject[], before: number): LiveObject[] | undefined {
  const own = jobs.filter(
    ({ metadata, status }) =>
      inside(metadata, "ownerReferences") !== undefined && !(Date.parse(String(status?.["startTime"])) > before),
  );
  const holds = ({ status }: LiveObject, wanted: string) =>
    ((status?.["conditions"] ?? []) as Json[]).some(({ type, status: is }) => type === wanted && is === "True");
  return own.every((job) => holds(job, "Complete") || holds(job, "Failed"))
    ? own.filter((job) => holds(job, "Failed"))
    : undefined;
}

/** Removes Jobs that a clock started while something was wrong, and that failed: they stay for people to read. */
async function forgetFailedSchedules(site: RunningSite, before: number): Promise<void> {
  const failed = await until(SCHEDULED, async () => {
    const jobs = await site.api.list("/apis/batch/v1/jobs").catch(() => undefined);
    return jobs && endedSchedules(jobs, before);
  });
  if (!failed) throw new Error(`Jobs that a clock started still run after ${SCHEDULED} s`);
  for (const { metadata } of failed) {
    console.log(`        Job ${metadata.namespace}/${metadata.name} failed meanwhile`);
    await site.api.delete(`/apis/batch/v1/namespaces/${metadata.namespace}/jobs/${metadata.name}`);
  }
}

function dayOf(site: RunningSite, checks: Checks, data: Data, before: readonly SaidVerdict[]): Day {
  const well = async (what: string, running: ReturnType<RunningSite["docker"]>): Promise<string> => {
    const { code, stdout, stderr } = await running;
    if (code !== 0) throw new Error(`${what} ended with ${code}: ${(stderr.trim() || stdout.trim()).slice(-800)}`);
    return stdout.trim();
  };
  return {
    site,
    checks,
    data,
    meanwhile: async () => {
      if (data.goesThroughKafka) await data.offer(SOME);
    },
    sees: async (fault, subject, says) => {
      const begin = Date.now();
      let lines: string[] = [];
      const found = await until(SEE, async () => {
        lines = newIn(wrongIn(await verdictsOf(site, subject)), wrongIn(before));
        return lines.find((line) => says.test(line));
      });
      checks.same(`${fault}: check says so`, found !== undefined, true);
      console.log(`        after ${secondsSince(begin)} s: ${found ?? (lines.join("; ") || "nothing is wrong")}`);
    },
    does: async (name, ...args) => {
      const begin = Date.now();
      await well(name, site.command(name, ...args));
      console.log(`        ${name} ${args.join(" ")} took ${secondsSince(begin)} s`);
    },
    kubectl: (...args) => well(`kubectl ${args.join(" ")}`, site.kubectl(...args)),
    docker: (...args) => well(`docker ${args.join(" ")}`, site.docker(...args)),
  };
}
