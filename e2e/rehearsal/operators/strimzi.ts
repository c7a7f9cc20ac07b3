/** Simulates Strimzi: pools get claims and pods, which the real scheduler places; users get Secrets. */
import { KAFKA_PORTS } from "../../../constructs/kafka/listeners";
import { brokerServices } from "../../../constructs/kafka/resources";
import { NAMESPACE } from "../../../ground/namespaces";
import { fieldsIn, inside, type Json } from "../../../synthesized/stack";
import type { LiveObject } from "../../../cli/shared/kubernetes/client";
import { conditionOf } from "../../../cli/shared/kubernetes/conditions";
import { hasRole } from "../../../cli/shared/kubernetes/node-pools";
import {
  isReady,
  type Operator,
  type ResourceKind,
  namespaceOf,
  ownedBy,
  pathOf,
  type Reconcile,
  text,
  type ClusterView,
} from "./cluster-view";

/** A Kafka that takes the place of the one that is only said to run. */
export interface RealKafka {
  /** More of the specification of a node's pod; undefined for a node that stays a simulated one. */
  pod(pool: LiveObject, name: string, view: ClusterView): Promise<Json | undefined>;
  /** Makes what leads to the pods; a line where that is not possible yet. */
  serve(kafka: LiveObject, view: ClusterView): Promise<string | undefined>;
  /** Makes an account, with its password where it has one; a line where that is not possible yet. */
  account(user: LiveObject, password: string, view: ClusterView): Promise<string | undefined>;
  /** Makes a topic; a line where that is not possible yet. */
  topic(topic: LiveObject, view: ClusterView): Promise<string | undefined>;
  /** Keys of the Secret of an account that logs in with a certificate. */
  certificate(user: string): Promise<Readonly<Record<string, string>>>;
  /** The authority of the nodes' certificates, PEM. */
  authority(): Promise<string>;
}

const kind = (plural: string): ResourceKind => ({ group: "kafka.strimzi.io", version: "v1", plural });
const KAFKAS = kind("kafkas");
const POOLS = kind("kafkanodepools");
const CONNECTS = kind("kafkaconnects");
/** Sets of pods, which Strimzi makes for itself. */
export const POD_SETS: ResourceKind = { group: "core.strimzi.io", version: "v1", plural: "strimzipodsets" };
const CLUSTER_LABEL = "strimzi.io/cluster";

const clusterOf = (object: LiveObject): string => object.metadata.labels?.[CLUSTER_LABEL] ?? "";

const idOf = (volume: Json): string => String(volume["id"]);

/** Pools of a cluster. */
async function poolsOf(view: ClusterView, namespace: string, cluster: string): Promise<LiveObject[]> {
  const pools = await view.api.list(pathOf(POOLS, namespace));
  return pools.filter((pool) => clusterOf(pool) === cluster);
}

/** Node ids that a pool takes, as its annotation says: numbers and ranges. */
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
  // Without ids Strimzi counts from 0.
  return (ids.length > 0 ? ids : Array.from({ length: replicas }, (_, i) => i)).slice(0, replicas);
}

const pool =
  (real?: RealKafka): Reconcile =>
  async (object, view) => {
    const [namespace, cluster] = [namespaceOf(object), clusterOf(object)];
    const kafka = await view.api.get(pathOf(KAFKAS, namespace, cluster));
    if (!kafka) return { missing: `Kafka ${namespace}/${cluster} is not there`, unseen: true };
    const ids = nodeIds(object);
    const set = await podSet(object, `${cluster}-${object.metadata.name}`, poolLabels(object), view);
    if (set) for (const id of ids) await node(object, set, `${set.metadata.name}-${id}`, view, real);
    return { status: { nodeIds: ids, replicas: ids.length, roles: object.spec?.["roles"] } };
  };

/** Labels of everything that a pool has. */
const poolLabels = (pool: LiveObject): Readonly<Record<string, string>> => ({
  [CLUSTER_LABEL]: clusterOf(pool),
  "strimzi.io/pool-name": pool.metadata.name,
});

/** The set through which an object owns its pods; undefined where it is about to go, for then no pod is made. */
export async function podSet(
  owner: LiveObject,
  name: string,
  labels: Readonly<Record<string, string>>,
  view: ClusterView,
): Promise<LiveObject | undefined> {
  const path = pathOf(POD_SETS, namespaceOf(owner));
  await view.ensure(path, {
    apiVersion: `${POD_SETS.group}/${POD_SETS.version}`,
    kind: "StrimziPodSet",
    metadata: { name, labels, ...ownedBy(owner) },
    spec: { selector: { matchLabels: labels }, pods: [] },
  });
  const set = await view.api.get(`${path}/${name}`);
  return set?.metadata.deletionTimestamp === undefined ? set : undefined;
}

/** A claim for each volume of a node, as Strimzi calls it, and a pod that mounts it. */
async function node(
  object: LiveObject,
  set: LiveObject,
  name: string,
  view: ClusterView,
  real?: RealKafka,
): Promise<void> {
  const namespace = namespaceOf(object);
  const labels = poolLabels(object);
  const volumes = (inside(object.spec, "storage", "volumes") ?? []) as Json[];
  for (const volume of volumes)
    await view.ensure(`/api/v1/namespaces/${namespace}/persistentvolumeclaims`, {
      metadata: { name: `data-${idOf(volume)}-${name}`, labels },
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: volume["class"],
        resources: { requests: { storage: volume["size"] } },
      },
    });
  const security = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    runAsNonRoot: true,
    seccompProfile: { type: "RuntimeDefault" },
  };
  const mounted = volumes.map((volume) => ({
    name: `data-${idOf(volume)}`,
    mountPath: `/var/lib/kafka/${idOf(volume)}`,
  }));
  await view.ensure(`/api/v1/namespaces/${namespace}/pods`, {
    metadata: { name, labels, ...ownedBy(set) },
    spec: {
      affinity: inside(object.spec, "template", "pod", "affinity"),
      containers: [
        {
          name: "kafka",
          image: "simulated/kafka:none",
          resources: object.spec?.["resources"],
          securityContext: security,
          volumeMounts: mounted,
        },
      ],
      volumes: volumes.map((volume) => ({
        name: `data-${idOf(volume)}`,
        persistentVolumeClaim: { claimName: `data-${idOf(volume)}-${name}` },
      })),
      ...(await real?.pod(object, name, view)),
    },
  });
}

/** Why a pod does not run; undefined when it does. */
function waiting(pod: LiveObject | undefined, name: string): string | undefined {
  if (!pod) return `pod ${name} is not there`;
  if (isReady(pod)) return undefined;
  const scheduled = conditionOf(pod, "PodScheduled");
  return `pod ${name} does not run${scheduled?.status === "False" ? `: ${scheduled.message ?? ""}` : ""}`;
}

const kafka =
  (real?: RealKafka): Reconcile =>
  async (object, view) => {
    const [namespace, name] = [namespaceOf(object), object.metadata.name];
    const pools = await poolsOf(view, namespace, name);
    for (const role of ["controller", "broker"] as const)
      if (!pools.some((one) => hasRole(one, role)))
        return { missing: `no KafkaNodePool of ${name} has the role ${role}`, reason: "InvalidResourceException" };
    const listeners = (inside(object.spec, "kafka", "listeners") ?? []) as Json[];
    for (const listener of listeners) {
      const given = inside(listener, "configuration", "brokerCertChainAndKey");
      if (!given) continue;
      const keys = [text(given, "certificate"), text(given, "key")];
      const missing = await view.missingSecret(namespace, text(given, "secretName"), ...keys);
      if (missing) return { missing, reason: "InvalidResourceException" };
    }
    for (const one of pools)
      for (const id of nodeIds(one)) {
        const pod = `${name}-${one.metadata.name}-${id}`;
        const missing = waiting(await view.api.get(`/api/v1/namespaces/${namespace}/pods/${pod}`), pod);
        if (missing) return { missing, reason: "Creating" };
      }
    await view.ensureSecret({
      namespace,
      name: `${name}-cluster-ca-cert`,
      values: { "ca.crt": (await real?.authority()) ?? "simulated" },
      owner: object,
    });
    await view.ensure(`/api/v1/namespaces/${namespace}/services`, {
      metadata: { name: brokerServices(name).bootstrap, ...ownedBy(object) },
      spec: {
        selector: { [CLUSTER_LABEL]: name },
        ports: listeners
          .filter((listener) => listener["type"] === "internal")
          .map((listener) => ({
            name: `tcp-${text(listener, "name")}`,
            port: Number(listener["port"] ?? KAFKA_PORTS.plain),
          })),
      },
    });
    const unserved = await real?.serve(object, view);
    if (unserved !== undefined) return { missing: unserved };
    return { status: { kafkaVersion: inside(object.spec, "kafka", "version") } };
  };

/** Something that lives in a Kafka cluster, with what it needs besides. Who looks after it runs only beside a Kafka. */
const inCluster =
  (more: Reconcile): Reconcile =>
  async (object, view) => {
    const path = pathOf(KAFKAS, namespaceOf(object), clusterOf(object));
    return isReady(await view.api.get(path))
      ? more(object, view)
      : { missing: `Kafka ${clusterOf(object)} is not ready`, unseen: true };
  };

/** What no broker accepts. */
const SIMULATED_LOGIN: Readonly<Record<string, string>> = {
  "ca.crt": "simulated",
  "user.crt": "simulated",
  "user.key": "simulated",
};

const user =
  (real?: RealKafka): Reconcile =>
  async (object, view) => {
    const namespace = namespaceOf(object);
    const reference = inside(object.spec, "authentication", "password", "valueFrom", "secretKeyRef");
    const [name, key] = [text(reference, "name"), text(reference, "key")];
    const missing = reference ? await view.missingSecret(namespace, name, key) : undefined;
    if (missing) return { missing, reason: "ExecutionException" };
    const given = reference ? (await view.secret(namespace, name))?.data?.[key] : undefined;
    const values: Record<string, string> =
      text(object.spec, "authentication", "type") === "tls"
        ? ((await real?.certificate(object.metadata.name)) ?? SIMULATED_LOGIN)
        : {
            password: given
              ? Buffer.from(given, "base64").toString()
              : view.random(`password of ${object.metadata.name}`),
          };
    await view.ensureSecret({ namespace, name: object.metadata.name, values, owner: object });
    const unmade = await real?.account(object, values["password"] ?? "", view);
    if (unmade !== undefined) return { missing: unmade, reason: "ExecutionException" };
    return { status: { username: object.metadata.name, secret: object.metadata.name } };
  };

const topic =
  (real?: RealKafka): Reconcile =>
  async (object, view) => {
    const pools = await poolsOf(view, namespaceOf(object), clusterOf(object));
    const brokers = pools.filter((one) => hasRole(one, "broker")).flatMap(nodeIds);
    const replicas = Number(object.spec?.["replicas"] ?? 1);
    const unmade = replicas > brokers.length ? undefined : await real?.topic(object, view);
    if (unmade !== undefined) return { missing: unmade, reason: "KafkaError" };
    return replicas > brokers.length
      ? { missing: `${replicas} replicas of a topic do not fit ${brokers.length} brokers`, reason: "KafkaError" }
      : { status: { topicName: object.spec?.["topicName"] ?? object.metadata.name } };
  };

/** Whether every Secret that a Connect or a mirror names is there. */
const secretsAreThere: Reconcile = async (object, view) => {
  for (const { name, keys } of referencedSecrets(object.spec)) {
    const missing = await view.missingSecret(namespaceOf(object), name, ...keys);
    if (missing) return { missing, reason: "InvalidConfigurationException" };
  }
  return {};
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

const connector: Reconcile = async (object, view) => {
  const path = pathOf(CONNECTS, namespaceOf(object), clusterOf(object));
  return isReady(await view.api.get(path))
    ? {}
    : { missing: `KafkaConnect ${clusterOf(object)} is not ready`, reason: "NoSuchResourceException" };
};

/**
 * What Strimzi 1.2.0 says (`StatusUtils`, `BatchingTopicController`): of a pool nothing but which nodes it has, of a topic
 * `Ready: False`, of all else `NotReady: True`, and then no `Ready`.
 */
export const strimziSays: Operator["says"] = ({ kind: of }, { missing, reason = "Exception", paused }) => {
  if (paused) return [{ type: "ReconciliationPaused", status: "True" }];
  if (of === "KafkaNodePool") return [];
  if (missing === undefined) return [{ type: "Ready", status: "True" }];
  const kept = of === "KafkaTopic" ? { type: "Ready", status: "False" } : { type: "NotReady", status: "True" };
  return [{ ...kept, reason, message: missing }];
};

/** Strimzi, with a Kafka that runs or without. */
export const simulatedStrimzi = (real?: RealKafka): Operator => ({
  namespace: NAMESPACE.strimzi,
  says: strimziSays,
  observes: true,
  kinds: [
    [POOLS, pool(real)],
    [KAFKAS, kafka(real)],
    [kind("kafkausers"), inCluster(user(real))],
    [kind("kafkatopics"), inCluster(topic(real))],
    [CONNECTS, secretsAreThere],
    [kind("kafkaconnectors"), connector],
    [kind("kafkamirrormaker2s"), secretsAreThere],
  ],
});

/** Strimzi. */
export const SIMULATED_STRIMZI: Operator = simulatedStrimzi();
