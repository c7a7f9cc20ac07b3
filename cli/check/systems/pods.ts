/** Checks of pods: whether they are ready, why not, and which started again of late. */
import { namespacesOf } from "../../../environments/derived/namespaces";
import { inside } from "../../../synthesized/stack";
import type { LiveObject } from "../../shared/kubernetes/client";
import { type NodeStart, type NodeStarts, nodeStarts, startedWithNode } from "./node-starts";
import { conditionOf, reasonOf } from "../../shared/kubernetes/conditions";
import { allContainersOf, type ContainerStatus } from "../../shared/kubernetes/containers";
import { ageOf, ownerOf, placeOf, secondsAgo } from "./objects";
import { duration } from "../../shared/terminal/duration";
import { some } from "../../shared/terminal/some";
import type { Check, CheckProps, Verdict } from "../model/verdict";

/** Seconds that a pod may take to become ready before that is a failure. */
const START = 180;
/** Seconds for which a restart is worth a warning. */
const RECENT = 3600;
/** Seconds that a pod may take to end: a broker hands over its partitions. */
const END = 900;
const HEALTHY = `every pod is ready ${START / 60} min after its start, and none started again by itself within the hour`;
/** Reasons for which a container waits, and does not begin by itself. */
const STUCK = /BackOff$|^Err|^Create|^InvalidImage|^RunContainerError$/;

/** Pods of Jobs are judged by their Jobs, and what ended well or was evicted is replaced by what made it. */
const isJudged = (pod: LiveObject): boolean =>
  ownerOf(pod)?.kind !== "Job" && !["Succeeded", "Failed"].includes(String(inside(pod, "status", "phase")));

async function pods({ site, clients, now }: CheckProps): Promise<Verdict[]> {
  const namespaces: readonly string[] = namespacesOf(site);
  const [found, starts] = await Promise.all([clients.cluster.list("/api/v1/pods"), nodeStarts(clients.cluster)]);
  const all = found.filter((pod) => isJudged(pod) && namespaces.includes(pod.metadata.namespace ?? ""));
  const together = startedTogether(all, starts, now());
  const verdicts = namespaces.map(async (namespace) => {
    const own = all.filter(({ metadata }) => metadata.namespace === namespace);
    const wrong = own.flatMap((pod) => judge(pod, together, now()) ?? []);
    if (wrong.length > 0) return withEvents(namespace, wrong, clients);
    const measured = `${own.length} of ${own.length} ready`;
    return own.length === 0 ? [] : [{ level: "ok" as const, what: `pods of ${namespace}`, measured, healthy: HEALTHY }];
  });
  return [...togetherVerdicts(together, now()), ...(await Promise.all(verdicts)).flat()];
}

/** Containers that started again with nodes. One alone is told like any other. */
type Together = ReadonlyMap<ContainerStatus, NodeStart>;

function startedTogether(pods: readonly LiveObject[], starts: NodeStarts, now: number): Together {
  const found = pods.flatMap((pod) =>
    recentOf(pod, now).flatMap((status) => {
      const start = startedWithNode(pod, status, starts);
      return start ? [[status, start] as const] : [];
    }),
  );
  return new Map(found.length > 1 ? found : []);
}

function togetherVerdicts(together: Together, now: number): Verdict[] {
  const nodes = new Map([...together.values()].map(({ node, at }) => [node, at]));
  const [first] = nodes.keys();
  if (first === undefined) return [];
  const names = [...nodes].sort().map(([node, at]) => `${node} ${duration((now - at) / 1000)} ago`);
  return [
    {
      level: "warn",
      what: "pods",
      measured: `${together.size} containers started again as nodes came back: ${some(names)}`,
      healthy: HEALTHY,
      remedy: `nothing where somebody restarted them; else see why: kubectl describe node ${first}, and the log of its machine`,
    },
  ];
}

/** Adds what Kubernetes last warned of each pod: why a volume is not mounted, or a probe fails. */
async function withEvents(
  namespace: string,
  verdicts: readonly Verdict[],
  { cluster }: CheckProps["clients"],
): Promise<Verdict[]> {
  const events = await cluster.list(`/api/v1/namespaces/${namespace}/events?fieldSelector=type%3DWarning`);
  return verdicts.map((verdict) => {
    const own = events
      .filter((event) => verdict.what === `pod ${namespace}/${String(inside(event, "involvedObject", "name"))}`)
      .sort((a, b) => lastOf(b) - lastOf(a));
    const [last] = own;
    // Of a crash loop the pod itself says more.
    if (!last || last["reason"] === "BackOff" || verdict.level === "warn") return verdict;
    const message = String(last["message"]).trim().replace(/\s+/g, " ");
    return { ...verdict, measured: `${verdict.measured}; last warning: ${String(last["reason"])}: ${message}` };
  });
}

const lastOf = (event: LiveObject): number => Date.parse(String(event["lastTimestamp"] ?? event["eventTime"])) || 0;

/** What is wrong with a pod; undefined where nothing is. */
function judge(pod: LiveObject, together: Together, now: number): Verdict | undefined {
  const { namespace, name, deletionTimestamp } = pod.metadata;
  const common = { what: `pod ${placeOf(pod)}`, healthy: HEALTHY };
  const describe = `kubectl -n ${namespace} describe pod ${name}`;
  const log = `kubectl -n ${namespace} logs ${name}`;
  // Those that come first say what a pod waits for.
  const logs = `${log} --all-containers`;
  if (deletionTimestamp !== undefined) {
    const late = secondsAgo(deletionTimestamp, now) ?? 0;
    if (late < END) return undefined;
    const measured = `has been ending for ${duration(late)}`;
    return { ...common, level: "warn", measured, remedy: `see whether its node answers: ${describe}` };
  }
  const statuses = allContainersOf(pod);
  const stuck = statuses.find(({ state }) => STUCK.test(state?.waiting?.reason ?? ""));
  if (stuck) {
    const remedy = stuck.restartCount > 0 ? `read why it ended: ${log} -c ${stuck.name} --previous` : describe;
    return { ...common, level: "fail", measured: stuckText(stuck, now), remedy };
  }
  const ready = conditionOf(pod, "Ready");
  if (ready?.status !== "True") {
    const since = secondsAgo(ready?.lastTransitionTime, now) ?? ageOf(pod, now);
    const scheduled = conditionOf(pod, "PodScheduled");
    const why = scheduled?.status === "False" ? scheduled : ready;
    const measured = `not ready for ${duration(since)}${why ? `: ${reasonOf(why)}` : ""}`;
    return since < START
      ? { ...common, level: "warn", measured, remedy: "it may be starting: look again in a few minutes" }
      : { ...common, level: "fail", measured, remedy: `${describe}, and ${logs}` };
  }
  const restarted = recentOf(pod, now).find((status) => !together.has(status));
  if (!restarted) return undefined;
  const remedy = `read why it ended: ${log} -c ${restarted.name} --previous`;
  return { ...common, level: "warn", measured: `ready, and ${restartText(restarted, now)}`, remedy };
}

/** Those that ended within the hour, and are there again. */
function recentOf(pod: LiveObject, now: number): ContainerStatus[] {
  return allContainersOf(pod).filter(({ lastState }) => {
    const ago = secondsAgo(lastState?.terminated?.finishedAt, now);
    return ago !== undefined && ago < RECENT;
  });
}

function stuckText(status: ContainerStatus, now: number): string {
  const { reason = "", message } = status.state?.waiting ?? {};
  if (reason === "CrashLoopBackOff") return `${reason}: ${restartText(status, now)}`;
  return `container ${status.name} does not start: ${reason}${message === undefined ? "" : `: ${message.trim()}`}`;
}

function restartText({ name, restartCount, lastState }: ContainerStatus, now: number): string {
  const { finishedAt, reason, exitCode, signal, message } = lastState?.terminated ?? {};
  const ago = secondsAgo(finishedAt, now);
  const how = [
    ...(reason === undefined ? [] : [reason]),
    ...(exitCode === undefined ? [] : [`exit code ${exitCode}`]),
    ...(signal === undefined ? [] : [`signal ${signal}`]),
  ].join(", ");
  const said = message === undefined ? "" : ` (${message.trim().split("\n").at(-1)})`;
  const times = restartCount === 1 ? "once" : `${restartCount} times`;
  return `container ${name} started again ${times}${ago === undefined ? "" : `; it last ended ${duration(ago)} ago: ${how}${said}`}`;
}

/** Checks of pods. */
export const podChecks: readonly Check[] = [{ subject: "cluster", title: "pods", seconds: 20, run: pods }];
