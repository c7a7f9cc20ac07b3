/** Strimzi's resources: their kinds, what binds them together, and what Strimzi writes on what it makes. */
import type { LiveObject } from "../../../cli/shared/kubernetes/client";
import { hasRole } from "../../../cli/shared/kubernetes/node-pools";
import { type ClusterView, ownedBy, pathOf, type ResourceKind } from "./cluster-view";

/** One of Strimzi's kinds. */
export const strimziKind = (plural: string): ResourceKind => ({ group: "kafka.strimzi.io", version: "v1", plural });

/** Clusters, and pools of their nodes. */
export const [KAFKAS, POOLS] = [strimziKind("kafkas"), strimziKind("kafkanodepools")] as const;

/** Sets of pods, which Strimzi makes for itself. */
export const POD_SETS: ResourceKind = { group: "core.strimzi.io", version: "v1", plural: "strimzipodsets" };

/** Label that says to which cluster something belongs. */
export const CLUSTER_LABEL = "strimzi.io/cluster";

/** The cluster to which something belongs; empty where it says none. */
export const clusterOf = (object: LiveObject): string => object.metadata.labels?.[CLUSTER_LABEL] ?? "";

/** Whether Strimzi is told to leave it alone. */
export const isPaused = ({ metadata }: LiveObject): boolean =>
  metadata.annotations?.["strimzi.io/pause-reconciliation"] === "true";

/** Pools of a cluster. */
export async function poolsOf(view: ClusterView, namespace: string, cluster: string): Promise<LiveObject[]> {
  const pools = await view.api.list(pathOf(POOLS, namespace));
  return pools.filter((pool) => clusterOf(pool) === cluster);
}

/** Node ids that a pool takes, as its annotation says: numbers and ranges; without, as many from 0 on. */
export function nodeIds(pool: Pick<LiveObject, "metadata" | "spec">): number[] {
  const wanted = pool.metadata.annotations?.["strimzi.io/next-node-ids"] ?? "[]";
  const ids = wanted
    .replace(/[[\]\s]/g, "")
    .split(",")
    .filter((one) => one !== "")
    .flatMap((one) => {
      const [first = NaN, last = first] = one.split("-").map(Number);
      return Number.isInteger(first) ? Array.from({ length: last - first + 1 }, (_, i) => first + i) : [];
    });
  const replicas = Number(pool.spec?.["replicas"] ?? 1);
  return (ids.length > 0 ? ids : Array.from({ length: replicas }, (_, i) => i)).slice(0, replicas);
}

/** Node ids of each of a cluster's pools, by name. A pool without its own takes the lowest that no pool has. */
export function nodeIdsOf(pools: readonly LiveObject[]): ReadonlyMap<string, readonly number[]> {
  const hasOwn = (pool: LiveObject) => pool.metadata.annotations?.["strimzi.io/next-node-ids"] !== undefined;
  const taken = new Set(pools.filter(hasOwn).flatMap(nodeIds));
  const next = (): number => {
    let id = 0;
    while (taken.has(id)) id++;
    taken.add(id);
    return id;
  };
  const byName = [...pools].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  return new Map(byName.map((pool) => [pool.metadata.name, hasOwn(pool) ? nodeIds(pool) : nodeIds(pool).map(next)]));
}

/** Node ids of the brokers among a cluster's pools. */
export const brokersOf = (pools: readonly LiveObject[]): readonly number[] => {
  const ids = nodeIdsOf(pools);
  return pools.filter((one) => hasRole(one, "broker")).flatMap(({ metadata }) => ids.get(metadata.name) ?? []);
};

/** What Kafka calls a cluster: here the uid of its resource, written otherwise. */
export const clusterId = ({ metadata }: LiveObject): string =>
  Buffer.from(metadata.uid.replaceAll("-", ""), "hex").toString("base64url");

/** Labels of what Strimzi makes, over those of the resource for which it makes it. */
export function labelsFor(
  { kind, metadata: { name, labels } }: LiveObject,
  made: { readonly kind?: string; readonly cluster?: string; readonly name: string; readonly type: string },
): Readonly<Record<string, string>> {
  const cluster = made.cluster ?? name;
  return {
    ...labels,
    [CLUSTER_LABEL]: cluster,
    "strimzi.io/kind": made.kind ?? kind,
    "strimzi.io/name": made.name,
    "strimzi.io/component-type": made.type,
    "app.kubernetes.io/name": made.type,
    "app.kubernetes.io/instance": cluster,
    "app.kubernetes.io/part-of": `strimzi-${cluster}`,
    "app.kubernetes.io/managed-by": "strimzi-cluster-operator",
  };
}

/** References of what belongs to a resource, without having it as its controller. */
export const belongsTo = (owner: LiveObject): object => ownedBy(owner, false);
