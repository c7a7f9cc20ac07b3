/** What keeps custom resources from being ready, by what their operators say, also in a layer that is applied. */
import { inside, type Json, type ObjectJson, type StackView } from "../../../synthesized/stack";
import { conditionOf, isTrue, reasonOf } from "./conditions";
import type { KubernetesApi } from "./client";

/**
 * How an object is that is not ready: its operator says that it is not, was told to leave it alone, has not looked at its
 * last change, or has never looked at it.
 */
export type UnreadyState = "refused" | "left alone" | "behind" | "unseen";

/** What keeps an object from being ready. */
export interface Unready {
  readonly state: UnreadyState;
  /** In words, to follow its name. */
  readonly why: string;
}

/** A custom resource that is not ready. */
export interface UnreadyObject extends Unready {
  readonly object: ObjectJson;
  /** Kind, namespace and name: `Kafka kafka/efd`. */
  readonly what: string;
}

const PAUSED = "strimzi.io/pause-reconciliation";

/**
 * What keeps a custom resource from being ready; undefined where nothing does. Most operators then write `Ready: False`.
 * Strimzi writes `NotReady: True` and no `Ready`, but for a KafkaTopic, and of a KafkaNodePool only what it has seen.
 */
export function unreadiness(object: Json): Unready | undefined {
  if (isTrue(object, "ReconciliationPaused") || isTrue(object, "Unmanaged"))
    return {
      state: "left alone",
      why: `its operator was told to leave it alone (annotation ${PAUSED}), as npm run power does while it is stopped`,
    };
  const ready = conditionOf(object, "Ready");
  const refused = isTrue(object, "NotReady") ? conditionOf(object, "NotReady") : ready;
  if (refused && !isTrue(object, "Ready")) {
    const since = refused.lastTransitionTime === undefined ? "" : ` since ${refused.lastTransitionTime}`;
    return { state: "refused", why: `not ready${since}: ${reasonOf(refused)}` };
  }
  const seen = ready?.observedGeneration ?? inside(object, "status", "observedGeneration");
  if (!ready && (object["kind"] !== "KafkaNodePool" || seen === undefined))
    return { state: "unseen", why: "its operator has not looked at it: see whether that runs" };
  const generation = inside(object, "metadata", "generation");
  return typeof seen === "number" && typeof generation === "number" && seen < generation
    ? { state: "behind", why: "its operator has not looked at its last change yet" }
    : undefined;
}

/** API paths of the lists that the stack's own Jobs wait for (constructs/kubernetes/ready-job.ts). */
function awaited(stack: StackView): string[] {
  const versions = new Map(
    stack.customResources().map(({ apiVersion }) => [apiVersion.replace(/\/.*/, ""), apiVersion]),
  );
  return stack.resources("kubernetes_job_v1").flatMap(({ body }) => {
    const container = inside(body, "spec", "template", "spec", "container");
    const args = inside(container, "args");
    const words = Array.isArray(args) ? args.map(String) : [];
    const selector = words.find((word) => word.startsWith("--selector="))?.slice("--selector=".length);
    if (words[0] !== "wait" || selector === undefined) return [];
    return (words.at(-1) ?? "").split(",").map((kind) => {
      const [plural = "", ...group] = kind.split(".");
      return `/apis/${versions.get(group.join("."))}/${plural}?labelSelector=${encodeURIComponent(selector)}`;
    });
  });
}

/**
 * The objects that a stack's Jobs wait for and that are not ready. Those that are not there are left out: a plan says so.
 *
 * @throws {UserError} when the API does not answer or refuses.
 */
export async function unreadyObjects(stack: StackView, api: Pick<KubernetesApi, "get">): Promise<UnreadyObject[]> {
  const lists = await Promise.all(awaited(stack).map((path) => api.get(path)));
  return lists
    .flatMap((list) => (list?.["items"] ?? []) as ObjectJson[])
    .flatMap((object) => {
      const unready = unreadiness(object);
      const { namespace, name } = object.metadata;
      const place = namespace === undefined ? name : `${namespace}/${name}`;
      return unready ? [{ ...unready, object, what: `${object.kind} ${place}` }] : [];
    });
}
