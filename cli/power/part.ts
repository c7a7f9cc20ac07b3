/** What runs as pods and can be stopped: a workload of Kubernetes, or a set of pods of Strimzi. */
import { inside, isObject } from "../../synthesized/stack";
import type { LiveObject } from "../shared/kubernetes/client";
import { isTrue } from "../shared/kubernetes/conditions";
import type { PowerApi } from "../shared/power/memory";

/** Annotations by which Strimzi is told to leave a resource alone, and to restart a set of pods one by one. */
const [PAUSE, ROLL] = ["strimzi.io/pause-reconciliation", "strimzi.io/manual-rolling-update"] as const;
/** Annotation of pods that `kubectl rollout restart` sets; our own Deployments let it be. */
const RESTARTED = "kubectl.kubernetes.io/restartedAt";

/** A part of a component, as it was a moment ago. */
export interface Part {
  /** Under this it is remembered what it had: `deployments.telegraf.telegraf-m1m3`. */
  readonly key: string;
  /** For people: `Deployment telegraf/telegraf-m1m3`. */
  readonly name: string;
  /** Pods that it is told to have; 0 where it is stopped. */
  readonly wanted: number;
  readonly ready: number;
  /** Its pods that are there, those that end included. */
  readonly pods: readonly string[];
  /** Whether it was told to have no pods. */
  readonly isOff: boolean;
  /** Whether it is all that it is told to be, and no restart of it is under way. */
  readonly isUp: boolean;
  /** What to write down before it is stopped: what {@link start} needs. */
  readonly before: string;
  /** Tells it to stop; resolves before its pods have ended. Strimzi must leave it alone first: see {@link isPaused}. */
  readonly stop: () => Promise<void>;
  /** Tells it to be as it was; resolves before its pods are ready. */
  readonly start: (before: string | undefined) => Promise<void>;
  /** Tells it to replace its pods, as its strategy says. */
  readonly restart: (time: string) => Promise<void>;
  /** Strimzi's alone: tells the operator to leave it alone. */
  readonly pause?: () => Promise<void>;
  /** Strimzi's alone: whether the operator says that it does. */
  readonly isPaused?: boolean;
}

/** Pods that have not ended. */
export async function podsIn(api: PowerApi, namespace: string): Promise<LiveObject[]> {
  const pods = await api.list(`/api/v1/namespaces/${namespace}/pods`);
  return pods.filter(({ status }) => !["Succeeded", "Failed"].includes(String(status?.["phase"])));
}

/** Whether an object carries all of these labels. */
export function hasLabels({ metadata: { labels = {} } }: LiveObject, wanted: object): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

/** A Deployment or a StatefulSet. */
export function workload(
  api: PowerApi,
  resource: "deployments" | "statefulsets",
  object: LiveObject,
  all: readonly LiveObject[],
): Part {
  const { name, namespace = "", generation = 0 } = object.metadata;
  const path = `/apis/apps/v1/namespaces/${namespace}/${resource}/${name}`;
  const selector = inside(object.spec, "selector", "matchLabels");
  const pods = isObject(selector) ? all.filter((pod) => hasLabels(pod, selector)) : [];
  const wanted = Number(object.spec?.["replicas"] ?? 1);
  const count = (field: string) => Number(object.status?.[field] ?? 0);
  const ready = count("readyReplicas");
  const isSeen = count("observedGeneration") >= generation;
  const kind = resource === "deployments" ? "Deployment" : "StatefulSet";
  return {
    key: `${resource}.${namespace}.${name}`,
    name: `${kind} ${namespace}/${name}`,
    wanted,
    ready,
    pods: pods.map(({ metadata }) => metadata.name),
    isOff: wanted === 0,
    isUp: isSeen && ready >= wanted && count("updatedReplicas") >= wanted && count("replicas") <= wanted,
    before: String(wanted),
    stop: () => api.patch(path, { spec: { replicas: 0 } }),
    start: async (before) => {
      if (wanted === 0 && before !== undefined) await api.patch(path, { spec: { replicas: Number(before) } });
    },
    restart: (time) => api.patch(path, { spec: { template: { metadata: { annotations: { [RESTARTED]: time } } } } }),
  };
}

/** A set of pods that Strimzi makes for a resource. */
export interface PodSetProps {
  /** Plural of the resource's kind: `kafkas`. */
  readonly plural: string;
  /** The resource: it is paused, and it says whether it is ready. */
  readonly owner: LiveObject;
  /** Name of the set. */
  readonly name: string;
  /** Labels of its pods. */
  readonly labels: Readonly<Record<string, string>>;
  /** Pods that the resource asks for. */
  readonly replicas: number;
  /** Whether the set is up before its resource says that all of it is ready. @default false */
  readonly isBelow?: boolean;
}

/**
 * A set of pods of Strimzi. Its operator is told to leave the resource alone, then the set goes, and its pods with it; told
 * to go on, the operator makes both again. Nothing of the resource itself changes, so no deploy sees a difference.
 */
export function podSet(
  api: PowerApi,
  { plural, owner, name, labels, replicas, isBelow = false }: PodSetProps,
  set: LiveObject | undefined,
  all: readonly LiveObject[],
): Part {
  const { namespace = "", annotations = {} } = owner.metadata;
  const path = `/apis/kafka.strimzi.io/v1/namespaces/${namespace}/${plural}/${owner.metadata.name}`;
  const setPath = `/apis/core.strimzi.io/v1/namespaces/${namespace}/strimzipodsets/${name}`;
  const isToldToPause = annotations[PAUSE] === "true";
  const pods = all.filter((pod) => hasLabels(pod, labels));
  const ready = pods.filter((pod) => !pod.metadata.deletionTimestamp && isTrue(pod, "Ready")).length;
  const isOff = isToldToPause && set === undefined;
  const rolls = set?.metadata.annotations?.[ROLL] === "true";
  return {
    key: `strimzipodsets.${namespace}.${name}`,
    name: `StrimziPodSet ${namespace}/${name}`,
    wanted: isOff ? 0 : replicas,
    ready,
    pods: pods.map(({ metadata }) => metadata.name),
    isOff,
    isUp:
      !isToldToPause && !rolls && ready >= replicas && pods.length <= replicas && (isBelow || isTrue(owner, "Ready")),
    before: "on",
    isPaused: isToldToPause && isTrue(owner, "ReconciliationPaused"),
    pause: () => api.patch(path, { metadata: { annotations: { [PAUSE]: "true" } } }),
    stop: () => api.delete(setPath),
    start: async () => {
      if (isToldToPause) await api.patch(path, { metadata: { annotations: { [PAUSE]: null } } });
    },
    restart: () => api.patch(setPath, { metadata: { annotations: { [ROLL]: "true" } } }),
  };
}
