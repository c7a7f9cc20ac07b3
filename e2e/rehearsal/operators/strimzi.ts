/**
 * Simulates Strimzi 1.2.0: pools get claims and pods, which the real scheduler places; users get Secrets. What it answers
 * of clusters, topics, users, Connects and mirrors is compared with what the real one did (e2e/operators).
 *
 * It differs on purpose where nothing of Kafka runs:
 * - A cluster is ready as soon as its pods run, and what is there of it is a Service, not ConfigMaps, rights and budgets.
 * - A pod that does not run yet is waited for without an end.
 * - A Connect and a mirror have no pods. They are ready when their Secrets are there, whatever lies in these.
 * - What only a broker knows is not said: names and settings of topics that it refuses.
 */
import { NAMESPACE } from "../../../ground/namespaces";
import { fieldsIn, type Json } from "../../../synthesized/stack";
import type { LiveObject } from "../../../cli/shared/kubernetes/client";
import { isReady, namespaceOf, type Operator, pathOf, type Reconcile } from "./cluster-view";
import type { RealKafka } from "./real-kafka";
import { inCluster, isManaged, topic, user } from "./strimzi-entities";
import { kafka } from "./strimzi-kafka";
import { pool } from "./strimzi-pools";
import { CLUSTER_LABEL, clusterOf, isPaused, KAFKAS, POOLS, strimziKind } from "./strimzi-resources";

const CONNECTS = strimziKind("kafkaconnects");

/** What Strimzi counts of a Connect or a mirror, and where it answers. */
const connectStatus = (object: LiveObject): Json => ({
  url: `http://${object.metadata.name}-connect-api.${namespaceOf(object)}.svc:8083`,
  replicas: object.spec?.["replicas"] ?? 3,
  labelSelector: `${CLUSTER_LABEL}=${object.metadata.name}`,
});

/** Whether every Secret that a Connect or a mirror names is there. Their pods are not simulated. */
const secretsAreThere: Reconcile = async (object, view) => {
  if (isPaused(object)) return { paused: true };
  const status = connectStatus(object);
  for (const { name, keys } of referencedSecrets(object.spec)) {
    const missing = await view.missingSecret(namespaceOf(object), name, ...keys);
    if (missing) return { missing, reason: "InvalidConfigurationException", status };
  }
  return { status };
};

/** Secrets that a specification names, wherever in it. */
export function referencedSecrets(specification: unknown): { name: string; keys: string[] }[] {
  return fieldsIn(specification).flatMap(({ key, value, holder: { password, certificate } }) => {
    const part = password ?? certificate;
    return key === "secretName" && typeof value === "string"
      ? [{ name: value, keys: typeof part === "string" ? [part] : [] }]
      : [];
  });
}

/** Connectors, whose Connect says that it takes such. */
const connector: Reconcile = async (object, view) => {
  const cluster = clusterOf(object);
  const status = { tasksMax: object.spec?.["tasksMax"] };
  if (cluster === "")
    return { missing: `it has no label ${CLUSTER_LABEL}`, reason: "InvalidResourceException", status };
  const connect = await view.api.get(pathOf(CONNECTS, namespaceOf(object), cluster));
  if (!connect) return { missing: `KafkaConnect ${cluster} is not there`, reason: "NoSuchResourceException", status };
  if (!isReady(connect)) return { missing: `KafkaConnect ${cluster} is not ready`, unseen: true };
  if (isPaused(object)) return { paused: true };
  return connect.metadata.annotations?.["strimzi.io/use-connector-resources"] === "true"
    ? { status }
    : { missing: `KafkaConnect ${cluster} takes no connectors`, reason: "NoSuchResourceException", status };
};

/**
 * What Strimzi says: of a pool nothing but which nodes it has, of a topic `Ready: False`, of all else `NotReady: True`, and
 * then no `Ready`.
 */
export const strimziSays: Operator["says"] = (object, { missing, reason = "Exception", paused, more = [] }) => {
  if (object.kind === "KafkaTopic" && !isManaged(object)) return [{ type: "Unmanaged", status: "True" }];
  if (paused) return [{ type: "ReconciliationPaused", status: "True" }];
  if (object.kind === "KafkaNodePool") return [];
  if (missing === undefined) return [{ type: "Ready", status: "True" }, ...more];
  const isTopic = object.kind === "KafkaTopic";
  const kept = isTopic ? { type: "Ready", status: "False" } : { type: "NotReady", status: "True" };
  return [{ ...kept, reason, message: missing }, ...more];
};

/** Strimzi writes its whole status anew: what it does not say any more goes. */
const anew =
  (reconcile: Reconcile): Reconcile =>
  async (object, view) => {
    const readiness = await reconcile(object, view);
    const kept = ["conditions", "observedGeneration"];
    const old = Object.keys(object.status ?? {}).filter((key) => !kept.includes(key));
    if (old.length === 0) return readiness;
    return { ...readiness, status: { ...Object.fromEntries(old.map((key) => [key, null])), ...readiness.status } };
  };

/** Strimzi, with a Kafka that runs or without. */
export const simulatedStrimzi = (real?: RealKafka): Operator => {
  const kinds: Operator["kinds"] = [
    [POOLS, pool(real)],
    [KAFKAS, kafka(real)],
    [strimziKind("kafkausers"), inCluster(user(real))],
    [strimziKind("kafkatopics"), inCluster(topic(real))],
    [CONNECTS, secretsAreThere],
    [strimziKind("kafkaconnectors"), connector],
    [strimziKind("kafkamirrormaker2s"), secretsAreThere],
  ];
  return {
    namespace: NAMESPACE.strimzi,
    says: strimziSays,
    observes: true,
    kinds: kinds.map(([kind, reconcile]) => [kind, anew(reconcile)]),
  };
};

/** Strimzi. */
export const SIMULATED_STRIMZI: Operator = simulatedStrimzi();
