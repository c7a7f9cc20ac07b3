/**
 * The Jobs that begin every five minutes: those that restart programs whose Secrets or topics have changed
 * (constructs/restarts), and those that write how far consumers are (constructs/telegraf/progress.ts).
 */
import { inside } from "../../../synthesized/stack";
import type { LiveObject } from "../../shared/kubernetes/client";
import { isTrue } from "../../shared/kubernetes/conditions";
import { duration } from "../../shared/terminal/duration";
import type { CheckProps, Verdict } from "../model/verdict";

const LABEL = "app.kubernetes.io/name";
/** By the label of a Job, what its log tells. */
const LOGS: Readonly<Record<string, string>> = {
  rollouts: "which program, topic and offset",
  progress: "who does not answer; until then the dashboards' lag and age stand still",
};
const JOBS = `/apis/batch/v1/jobs?labelSelector=${encodeURIComponent(`${LABEL} in (${Object.keys(LOGS).join(",")})`)}`;
const SCHEDULES = `/apis/batch/v1/cronjobs?labelSelector=${encodeURIComponent(`${LABEL}=rollouts`)}`;
/** Milliseconds after which a new Job should have begun: one begins every five minutes. */
const OVERDUE = 900_000;

/** When the newest schedule of restarts was made; one that is suspended is none. */
async function schedulesFrom(cluster: CheckProps["clients"]["cluster"]): Promise<number> {
  const schedules = (await cluster.list(SCHEDULES)).filter(({ spec }) => spec?.["suspend"] !== true);
  return Math.max(
    0,
    ...schedules.map(({ metadata }) => Date.parse(String(inside(metadata, "creationTimestamp"))) || 0),
  );
}

const startOf = ({ status }: LiveObject): number => Date.parse(String(inside(status, "startTime"))) || 0;

const nameOf = ({ metadata }: LiveObject): string => metadata.labels?.[LABEL] ?? "";

/** One verdict for each namespace in which they run. */
export async function rolloutVerdicts({ clients, now }: CheckProps): Promise<Verdict[]> {
  const jobs = await clients.cluster.list(JOBS);
  const newest = new Map<string, LiveObject>();
  const ended = new Map<string, LiveObject>();
  for (const job of [...jobs].sort((a, b) => startOf(a) - startOf(b))) {
    const what = `${nameOf(job)} in ${job.metadata.namespace ?? ""}`;
    newest.set(what, job);
    if (isTrue(job, "Complete") || isTrue(job, "Failed")) ended.set(what, job);
  }
  const verdicts = [...newest]
    .sort(([a], [b]) => (a < b ? 1 : -1))
    .map(([what, job]) => jobVerdict(what, job, ended.get(what) ?? job, now()));
  if ([...newest.values()].some((job) => nameOf(job) === "rollouts")) return verdicts;
  const age = now() - (await schedulesFrom(clients.cluster));
  if (age <= OVERDUE)
    return [
      {
        level: "ok",
        what: "rollouts",
        measured: `its schedule was made ${duration(age / 1000)} ago, and none of its Jobs has begun yet`,
        healthy: "one begins every five minutes",
      },
      ...verdicts,
    ];
  return [
    {
      level: "warn",
      what: "rollouts",
      measured: "none of its Jobs is there",
      healthy: "one begins every five minutes",
      remedy: "see whether somebody suspended it: kubectl get cronjobs -A",
    },
    ...verdicts,
  ];
}

/**
 * One that fails has asked for five minutes whoever does not answer, so the next one begins as it ends: only what has
 * ended says how it is, and only the newest whether they begin.
 */
function jobVerdict(what: string, newest: LiveObject, ended: LiveObject, now: number): Verdict {
  const { name, namespace = "" } = ended.metadata;
  const verdict = { what, healthy: "its last Job did what it should" };
  const age = now - startOf(newest);
  const began = `the last one began ${duration(age / 1000)} ago`;
  // A pod that was evicted and made again is no failure of its Job.
  if (isTrue(ended, "Failed"))
    return {
      level: "fail",
      ...verdict,
      measured:
        ended === newest
          ? `${began} and failed`
          : `the last one that has ended began ${duration((now - startOf(ended)) / 1000)} ago and failed`,
      remedy: `its log says ${LOGS[nameOf(ended)]}: kubectl -n ${namespace} logs job/${name}`,
      page: "docs/operations.md",
    };
  if (age > OVERDUE)
    return {
      level: "warn",
      ...verdict,
      measured: began,
      remedy: `see whether it is suspended, or waits for room: kubectl -n ${namespace} get cronjobs,jobs,pods`,
    };
  return { level: "ok", ...verdict, measured: began };
}
