/** Strimzi as far as power looks at it: sets of pods, resources that it leaves alone, restarts of a set. */
import { CLUSTER_LABEL } from "../../../constructs/kafka/resources";
import { NAMESPACE } from "../../../ground/namespaces";
import type { LiveObject } from "../../../cli/shared/kubernetes/client";
import { inside } from "../../../synthesized/stack";
import {
  type ClusterView,
  isReady,
  namespaceOf,
  type Operator,
  ownedBy,
  pathOf,
  type Readiness,
  type Reconcile,
  type ResourceKind,
} from "../../rehearsal/operators/cluster-view";

const kind = (plural: string): ResourceKind => ({ group: "kafka.strimzi.io", version: "v1", plural });
const [KAFKAS, POOLS, CONNECTS] = [kind("kafkas"), kind("kafkanodepools"), kind("kafkaconnects")];
const SETS: ResourceKind = { group: "core.strimzi.io", version: "v1", plural: "strimzipodsets" };
const ROLL = "strimzi.io/manual-rolling-update";
const [CLUSTER] = Object.keys(CLUSTER_LABEL) as [string];

/** A set of pods that a resource has. */
interface Wanted {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly replicas: number;
}

/** Makes sets and pods that are not there; a resource that is to be left alone gets nothing. */
const operates =
  (wantedOf: (object: LiveObject, view: ClusterView) => Promise<Wanted[]>): Reconcile =>
  async (object, view): Promise<Readiness> => {
    if (object.metadata.annotations?.["strimzi.io/pause-reconciliation"] === "true") return { paused: true };
    const lacks: string[] = [];
    for (const wanted of await wantedOf(object, view)) lacks.push(...(await podSet(object, wanted, view)));
    return lacks.length > 0 ? { missing: `pods are not ready: ${lacks.join(", ")}` } : {};
  };

/** @returns the pods of the set that are not ready. */
async function podSet(owner: LiveObject, wanted: Wanted, view: ClusterView): Promise<string[]> {
  const { name, labels, replicas } = wanted;
  const namespace = namespaceOf(owner);
  await view.ensure(pathOf(SETS, namespace), {
    apiVersion: "core.strimzi.io/v1",
    kind: "StrimziPodSet",
    metadata: { name, labels, ...ownedBy(owner) },
    spec: { selector: { matchLabels: labels }, pods: [] },
  });
  const set = (await view.api.get(pathOf(SETS, namespace, name))) as LiveObject;
  const pods = Array.from({ length: replicas }, (_, i) => `/api/v1/namespaces/${namespace}/pods/${name}-${i}`);
  if (set.metadata.annotations?.[ROLL] === "true") {
    for (const pod of pods) await view.api.delete(pod);
    await view.api.patch(pathOf(SETS, namespace, name), { metadata: { annotations: { [ROLL]: null } } });
    return pods;
  }
  const open: string[] = [];
  for (const [i, path] of pods.entries()) {
    await view.ensure(`/api/v1/namespaces/${namespace}/pods`, {
      metadata: { name: `${name}-${i}`, labels, ...ownedBy(set) },
      spec: { containers: [{ name: "a", image: "simulated/kafka:none", securityContext: SECURITY }] },
    });
    if (!isReady(await view.api.get(path))) open.push(path);
  }
  return open;
}

const SECURITY = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
};

const replicasOf = ({ spec }: LiveObject): number => Number(inside(spec, "replicas") ?? 1);

const kafka = operates(async (object, view) => {
  const cluster = object.metadata.name;
  const pools = await view.api.list(pathOf(POOLS, namespaceOf(object)));
  return pools
    .filter(({ metadata }) => metadata.labels?.[CLUSTER] === cluster)
    .map((pool) => ({
      name: `${cluster}-${pool.metadata.name}`,
      labels: { [CLUSTER]: cluster, "strimzi.io/kind": "Kafka", "strimzi.io/pool-name": pool.metadata.name },
      replicas: replicasOf(pool),
    }));
});

const connect = operates((object) => {
  const { name } = object.metadata;
  const labels = { [CLUSTER]: name, "strimzi.io/kind": "KafkaConnect" };
  return Promise.resolve([{ name: `${name}-connect`, labels, replicas: replicasOf(object) }]);
});

/** It runs where the site has its Deployment. */
export const STRIMZI_WITH_PODS: Operator = {
  namespace: NAMESPACE.strimzi,
  kinds: [
    [KAFKAS, kafka],
    [CONNECTS, connect],
  ],
};
