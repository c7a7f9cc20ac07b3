/** Strimzi as far as power looks at it: sets of pods, resources that it leaves alone, restarts of a set. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CLUSTER_LABEL } from "../../../constructs/kafka/resources";
import { NAMESPACE } from "../../../ground/namespaces";
import type { LiveObject } from "../../../cli/shared/kubernetes/client";
import { run } from "../../../cli/shared/process/process";
import { until } from "../../../cli/shared/process/until";
import { inside } from "../../../synthesized/stack";
import { benchProgram } from "../../rehearsal/control-plane/control-plane";
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
import { Operators } from "../../rehearsal/operators/operators";
import { strimziSays } from "../../rehearsal/operators/strimzi";
import { podSet } from "../../rehearsal/operators/strimzi-pools";
import { POD_SETS } from "../../rehearsal/operators/strimzi-resources";
import { expect, type TestSite } from "./test-site";

const kind = (plural: string): ResourceKind => ({ group: "kafka.strimzi.io", version: "v1", plural });
const [KAFKAS, POOLS, CONNECTS] = [kind("kafkas"), kind("kafkanodepools"), kind("kafkaconnects")];
const ROLL = "strimzi.io/manual-rolling-update";
const [CLUSTER] = Object.keys(CLUSTER_LABEL) as [string];

/** A set of pods that a resource has. */
interface Wanted {
  readonly owner: LiveObject;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Makes sets and pods that are not there; a resource that is to be left alone gets nothing. */
const operates =
  (wantedOf: (object: LiveObject, view: ClusterView) => Promise<Wanted[]>): Reconcile =>
  async (object, view): Promise<Readiness> => {
    if (object.metadata.annotations?.["strimzi.io/pause-reconciliation"] === "true") return { paused: true };
    const lacks: string[] = [];
    for (const wanted of await wantedOf(object, view)) lacks.push(...(await podsOf(wanted, view)));
    return lacks.length > 0 ? { missing: `pods are not ready: ${lacks.join(", ")}`, reason: "Creating" } : {};
  };

/** @returns the pods of the set that are not ready. */
async function podsOf({ owner, name, labels }: Wanted, view: ClusterView): Promise<string[]> {
  const namespace = namespaceOf(owner);
  const set = await podSet(owner, name, { labels }, view);
  const replicas = Number(inside(owner.spec, "replicas") ?? 1);
  const pods = Array.from({ length: replicas }, (_, i) => `/api/v1/namespaces/${namespace}/pods/${name}-${i}`);
  if (!set) return pods;
  if (set.metadata.annotations?.[ROLL] === "true") {
    for (const pod of pods) await view.api.delete(pod);
    await view.api.patch(pathOf(POD_SETS, namespace, name), { metadata: { annotations: { [ROLL]: null } } });
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

const kafka = operates(async (object, view) => {
  const cluster = object.metadata.name;
  const pools = await view.api.list(pathOf(POOLS, namespaceOf(object)));
  return pools
    .filter(({ metadata }) => metadata.labels?.[CLUSTER] === cluster && metadata.deletionTimestamp === undefined)
    .map((pool) => ({
      owner: pool,
      name: `${cluster}-${pool.metadata.name}`,
      labels: { [CLUSTER]: cluster, "strimzi.io/kind": "Kafka", "strimzi.io/pool-name": pool.metadata.name },
    }));
});

const connect = operates((object) => {
  const { name } = object.metadata;
  const labels = { [CLUSTER]: name, "strimzi.io/kind": "KafkaConnect" };
  return Promise.resolve([{ owner: object, name: `${name}-connect`, labels }]);
});

/** It runs where the site has its Deployment. */
const STRIMZI_WITH_PODS: Operator = {
  namespace: NAMESPACE.strimzi,
  says: strimziSays,
  observes: true,
  kinds: [
    [KAFKAS, kafka],
    [CONNECTS, connect],
  ],
};

/** Runs the operator while something is done, from the moment on at which every Kafka is ready. */
export async function withStrimzi<T>(testSite: TestSite, act: () => Promise<T>): Promise<T> {
  const operators = new Operators({
    kubeconfig: readFileSync(testSite.kubeconfig, "utf8"),
    kubectl: benchProgram(testSite.env, "kubectl"),
    run,
    env: testSite.env,
    folder: join(testSite.folder, "accounts"),
    simulated: [STRIMZI_WITH_PODS],
  });
  operators.start();
  try {
    const ready = await until(240, async () => {
      const all = await testSite.items(pathOf(KAFKAS));
      return (all.length > 0 && all.every((one) => isReady(one as LiveObject))) || undefined;
    });
    expect(ready === true, "Kafka, simulated, is not ready after 240 s");
    return await act();
  } finally {
    await operators.stop();
  }
}
