/** Whether everything of a cluster runs. */
import { inside, type Json } from "../../../synthesized/stack";
import type { Cluster, LiveObject } from "../../../cli/shared/kubernetes/client";
import { conditionOf } from "../../../cli/shared/kubernetes/conditions";
import { allContainersOf } from "../../../cli/shared/kubernetes/containers";

/** What a cluster has, as far as it must run. */
export interface Running {
  readonly nodes: readonly LiveObject[];
  /** Leases of nodes, which their kubelets renew. */
  readonly leases: readonly LiveObject[];
  readonly pods: readonly LiveObject[];
  readonly jobs: readonly LiveObject[];
  /** Deployments, StatefulSets and DaemonSets. */
  readonly workloads: readonly LiveObject[];
}

/** Reads it all. */
export async function readRunning(api: Cluster): Promise<Running> {
  const apps = ["deployments", "statefulsets", "daemonsets"].map((kind) => api.list(`/apis/apps/v1/${kind}`));
  const [nodes, leases, pods, jobs, ...workloads] = await Promise.all([
    api.list("/api/v1/nodes"),
    api.list("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"),
    api.list("/api/v1/pods"),
    api.list("/apis/batch/v1/jobs"),
    ...apps,
  ]);
  // A list names no kinds.
  const named = workloads.flatMap((all, i) =>
    all.map((one) => ({ ...one, kind: ["Deployment", "StatefulSet", "DaemonSet"][i] ?? "" })),
  );
  return { nodes: nodes ?? [], leases: leases ?? [], pods: pods ?? [], jobs: jobs ?? [], workloads: named };
}

const nameOf = ({ metadata: { namespace, name } }: LiveObject): string => (namespace ? `${namespace}/${name}` : name);

const ownedBy = ({ metadata }: LiveObject, kind: string): boolean =>
  ((inside(metadata, "ownerReferences") ?? []) as Json[]).some((one) => one["kind"] === kind);

/** Whether a condition of an object is true. */
function holds({ status }: LiveObject, type: string): boolean {
  const conditions = (status?.["conditions"] ?? []) as Json[];
  return conditions.some((one) => one["type"] === type && one["status"] === "True");
}

/** Seconds without a word of its kubelet after which a node's state is an old one: it renews its lease every ten. */
const SILENT = 25;

/** Options of {@link notRunning}. */
export interface NotRunningOptions {
  /** Whether Jobs that a clock started and that failed count. @default true */
  readonly schedules?: boolean;
  /** The time now in milliseconds; tests set it. @default - this machine's */
  readonly now?: number;
}

/** What of a cluster does not run, one line each. A Job that a clock started may run. */
export function notRunning(
  { nodes, leases, pods, jobs, workloads }: Running,
  { schedules = true, now = Date.now() }: NotRunningOptions = {},
): string[] {
  const silent = (node: LiveObject) => {
    const lease = leases.find(({ metadata }) => metadata.name === node.metadata.name);
    const renewed = Date.parse(String(inside(lease, "spec", "renewTime")));
    return !(now - renewed < SILENT * 1000);
  };
  const asJob = (pod: LiveObject) => ownedBy(pod, "Job");
  return [
    ...(nodes.length === 0 ? ["there is no node"] : []),
    ...nodes.filter((one) => !holds(one, "Ready")).map((one) => `node ${nameOf(one)} is not ready`),
    ...nodes.filter((one) => holds(one, "Ready") && silent(one)).map((one) => `node ${nameOf(one)} is silent`),
    ...workloads.flatMap((one) => lackOf(one) ?? []),
    ...pods.filter((one) => !asJob(one) && !holds(one, "Ready")).map((one) => `pod ${nameOf(one)}: ${reasonOf(one)}`),
    ...jobs
      .filter((one) => !ownedBy(one, "CronJob") && !holds(one, "Complete"))
      .map((one) => `Job ${nameOf(one)} ${holds(one, "Failed") ? "failed" : "is not done"}`),
    ...jobs
      .filter((one) => schedules && ownedBy(one, "CronJob") && holds(one, "Failed"))
      .map((one) => `Job ${nameOf(one)} failed`),
  ];
}

/** Pods that a workload lacks; undefined where it has them all, of its newest template. */
function lackOf({ kind, metadata, spec, status, ...one }: LiveObject): string | undefined {
  const wanted = kind === "DaemonSet" ? status?.["desiredNumberScheduled"] : (spec?.["replicas"] ?? 1);
  const ready = status?.[kind === "DaemonSet" ? "numberReady" : "readyReplicas"] ?? 0;
  const updated = status?.[kind === "DaemonSet" ? "updatedNumberScheduled" : "updatedReplicas"] ?? 0;
  const seen = status?.["observedGeneration"] === metadata.generation;
  const name = `${kind} ${nameOf({ kind, metadata, ...one })}`;
  if (!seen) return `${name} was changed just now`;
  return ready === wanted && (updated === wanted || wanted === 0)
    ? undefined
    : `${name} has ${String(ready)} of ${String(wanted)} pods`;
}

/** Why a pod is not ready, in its kubelet's or the scheduler's words. */
function reasonOf(pod: LiveObject): string {
  for (const { name, state } of allContainersOf(pod)) {
    const { reason = "", message = "" } = state?.waiting ?? {};
    if (reason !== "" && reason !== "PodInitializing") return `${name} ${reason} ${message.slice(0, 300)}`.trim();
  }
  const scheduled = conditionOf(pod, "PodScheduled");
  const unscheduled = scheduled?.status === "False" ? scheduled.message : undefined;
  return String(unscheduled ?? pod.status?.["phase"] ?? "not seen by a kubelet");
}

/**
 * Pods of nodes that still count as running with containers of before a time: those nodes ended since, and the API server
 * has not heard what became of them.
 */
export function ranBefore(pods: readonly LiveObject[], nodes: readonly string[], time: number): string[] {
  // Kubernetes counts in seconds.
  const since = Math.floor(time / 1000) * 1000;
  return pods
    .filter(({ spec }) => nodes.includes(String(spec?.["nodeName"])))
    .filter((pod) => allContainersOf(pod).some(({ state }) => Date.parse(state?.running?.startedAt ?? "") < since))
    .map(nameOf);
}
