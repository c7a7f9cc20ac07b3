/** What of a cluster holds data or an identity, and what of it is gone or another one afterwards. */
import type { Cluster, LiveObject } from "../../cli/shared/kubernetes/client";

/** An object that holds data, by kind, namespace and name. */
export type Inventory = ReadonlyMap<string, Kept>;

/** What must stay as it is. */
interface Kept {
  readonly uid: string;
  /** What it is bound to: the volume of a claim. */
  readonly bound?: string;
  /** Hash-free form of what it holds: the data of a Secret. */
  readonly holds?: string;
}

/** Something that was there before and is not what it was. */
export interface Loss {
  /** Kind, namespace and name. */
  readonly object: string;
  readonly what: "gone" | "made anew" | "on another volume" | "holds other values";
}

/** Kinds whose objects hold data or an identity, with the path of all of them. */
const KEPT: readonly (readonly [kind: string, path: string])[] = [
  ["Namespace", "/api/v1/namespaces"],
  ["PersistentVolume", "/api/v1/persistentvolumes"],
  ["PersistentVolumeClaim", "/api/v1/persistentvolumeclaims"],
  ["Secret", "/api/v1/secrets"],
  ["StorageClass", "/apis/storage.k8s.io/v1/storageclasses"],
  ["Kafka", "/apis/kafka.strimzi.io/v1/kafkas"],
  ["KafkaNodePool", "/apis/kafka.strimzi.io/v1/kafkanodepools"],
  ["KafkaTopic", "/apis/kafka.strimzi.io/v1/kafkatopics"],
  ["KafkaUser", "/apis/kafka.strimzi.io/v1/kafkausers"],
];

/** Secrets that are made anew as a matter of course: Helm's records, tokens of accounts, an operator's own. */
function isPassing({ metadata, type }: LiveObject & { readonly type?: string }): boolean {
  return (
    /^(helm\.sh\/|kubernetes\.io\/service-account-token)/.test(type ?? "") ||
    (metadata.labels?.["app.kubernetes.io/managed-by"] === "Helm" && type === "Opaque")
  );
}

/** Everything that holds data now. */
export async function takeInventory(api: Cluster): Promise<Inventory> {
  const found = new Map<string, Kept>();
  for (const [kind, path] of KEPT)
    for (const object of await api.list(path)) {
      const { namespace, name, uid, deletionTimestamp } = object.metadata;
      // Only a finalizer still holds it: a claim goes with its last pod.
      if (deletionTimestamp !== undefined) continue;
      if (kind === "Secret" && isPassing(object)) continue;
      const bound = object.spec?.["volumeName"] as string | undefined;
      const holds = kind === "Secret" ? JSON.stringify(object.data ?? {}) : undefined;
      found.set(`${kind} ${namespace ? `${namespace}/` : ""}${name}`, { uid, bound, holds });
    }
  return found;
}

/** What was there before and is gone, made anew, bound to another volume, or holds something else. */
export function lossesOf(before: Inventory, after: Inventory): Loss[] {
  return [...before].flatMap(([object, was]): Loss[] => {
    const is = after.get(object);
    if (!is) return [{ object, what: "gone" }];
    if (is.uid !== was.uid) return [{ object, what: "made anew" }];
    if (was.bound !== undefined && is.bound !== was.bound) return [{ object, what: "on another volume" }];
    if (was.holds !== undefined && is.holds !== was.holds) return [{ object, what: "holds other values" }];
    return [];
  });
}
