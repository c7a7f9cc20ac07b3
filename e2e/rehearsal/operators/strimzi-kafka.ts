/** Simulates what Strimzi makes of a cluster. */
import { KAFKA_PORTS } from "../../../constructs/kafka/listeners";
import { brokerServices } from "../../../constructs/kafka/resources";
import { CHARTS, KAFKA } from "../../../ground/versions";
import { inside, type Json } from "../../../synthesized/stack";
import type { LiveObject } from "../../../cli/shared/kubernetes/client";
import { conditionOf } from "../../../cli/shared/kubernetes/conditions";
import { hasRole } from "../../../cli/shared/kubernetes/node-pools";
import {
  type ClusterView,
  isReady,
  namespaceOf,
  ownedBy,
  type Readiness,
  type Reconcile,
  type Said,
  text,
} from "./cluster-view";
import type { RealKafka } from "./real-kafka";
import {
  belongsTo,
  brokersOf,
  CLUSTER_LABEL,
  clusterId,
  isPaused,
  labelsFor,
  nodeIdsOf,
  poolsOf,
} from "./strimzi-resources";

/** Why a pod does not run; undefined when it does. For one that no node takes Strimzi does not wait. */
function waiting(pod: LiveObject | undefined, name: string): Readiness | undefined {
  if (!pod) return { missing: `pod ${name} is not there`, reason: "Creating" };
  if (isReady(pod)) return undefined;
  const scheduled = conditionOf(pod, "PodScheduled");
  return scheduled?.status === "False"
    ? { missing: `pod ${name} does not run: ${scheduled.message ?? ""}`, reason: "FatalProblem" }
    : { missing: `pod ${name} does not run`, reason: "Creating" };
}

const listenersOf = (kafka: LiveObject): Json[] => (inside(kafka.spec, "kafka", "listeners") ?? []) as Json[];

/** Why Strimzi begins nothing for a cluster; undefined where it begins. */
export async function refusal(kafka: LiveObject, view: ClusterView): Promise<Readiness | undefined> {
  const { name } = kafka.metadata;
  const pools = await poolsOf(view, namespaceOf(kafka), name);
  const version = inside(kafka.spec, "kafka", "version");
  if (version !== undefined && !(String(version) in KAFKA.versions))
    return { missing: `Kafka ${String(version)} is not supported`, reason: "UnsupportedKafkaVersionException" };
  if (pools.length === 0) return { missing: `${name} has no KafkaNodePool`, reason: "InvalidConfigurationException" };
  for (const role of ["controller", "broker"] as const)
    if (!pools.some((one) => hasRole(one, role)))
      return { missing: `no KafkaNodePool of ${name} has the role ${role}`, reason: "InvalidResourceException" };
  const config = (inside(kafka.spec, "kafka", "config") ?? {}) as Json;
  const tooLarge = COUNTS_OF_BROKERS.find((key) => Number(config[key] ?? 1) > brokersOf(pools).length);
  if (tooLarge !== undefined)
    return { missing: `${tooLarge} is larger than there are brokers`, reason: "InvalidResourceException" };
  return undefined;
}

/** Settings that may not be larger than the number of brokers. */
const COUNTS_OF_BROKERS = [
  "default.replication.factor",
  "offsets.topic.replication.factor",
  "transaction.state.log.replication.factor",
  "transaction.state.log.min.isr",
];

/** What Strimzi warns of: more than one broker, and no word on how often data are kept. */
function warnings(kafka: LiveObject, pools: readonly LiveObject[]): Said[] {
  if (brokersOf(pools).length < 2) return [];
  const config = (inside(kafka.spec, "kafka", "config") ?? {}) as Json;
  const wanted = [
    ["default.replication.factor", "KafkaDefaultReplicationFactor"],
    ["min.insync.replicas", "KafkaMinInsyncReplicas"],
  ] as const;
  return wanted.flatMap(([key, reason]) =>
    config[key] === undefined ? [{ type: "Warning", status: "True", reason, message: `${key} is not set` }] : [],
  );
}

/** Which certificate a listener was promised and does not have; undefined where all are there. */
export async function missingCertificate(kafka: LiveObject, view: ClusterView): Promise<Readiness | undefined> {
  for (const listener of listenersOf(kafka)) {
    const given = inside(listener, "configuration", "brokerCertChainAndKey");
    if (!given) continue;
    const keys = [text(given, "certificate"), text(given, "key")];
    const missing = await view.missingSecret(namespaceOf(kafka), text(given, "secretName"), ...keys);
    if (missing) return { missing, reason: "InvalidResourceException" };
  }
  return undefined;
}

/** What no program accepts. */
const simulated = (keys: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(keys.map((key) => [key, "simulated"]));

/** A Secret of a cluster. */
interface ClusterSecret {
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
  /** What its labels call the thing for which it is, and its kind. */
  readonly of: { readonly name: string; readonly type: string };
  /** Whose generations it states: `ca-cert`. */
  readonly generations: readonly string[];
}

/** Secrets that Strimzi makes before it looks whether a cluster can be: two authorities, whom to trust, its own login. */
function firstSecrets(cluster: string, authority: string | undefined): ClusterSecret[] {
  const certificate = {
    ...simulated(["ca.crt", "ca.p12", "ca.password"]),
    ...(authority !== undefined && { "ca.crt": authority }),
  };
  const of = { name: "strimzi", type: "certificate-authority" };
  const both = (end: string) => ["cluster", "clients"].map((role) => `${role}-${end}`);
  return [
    ...both("ca").map((end) => ({
      name: `${cluster}-${end}`,
      values: simulated(["ca.key"]),
      of,
      generations: ["ca-key"],
    })),
    ...both("ca-cert").map((end) => ({ name: `${cluster}-${end}`, values: certificate, of, generations: ["ca-cert"] })),
    {
      name: `${cluster}-trustbundle`,
      values: simulated(both("ca.crt")),
      of: { name: "strimzi", type: "trust-bundle" },
      generations: both("ca-cert"),
    },
    {
      name: `${cluster}-cluster-operator-certs`,
      values: simulated(["cluster-operator.crt", "cluster-operator.key"]),
      of: { name: "strimzi", type: "strimzi" },
      generations: ["cluster-ca-cert"],
    },
  ];
}

const pairOf = (name: string): string[] => [`${name}.crt`, `${name}.key`];

/** The Secret of each node, with its certificate, and those that listeners were given: controllers have them too. */
function nodeSecrets(kafka: LiveObject, nodes: readonly string[]): ClusterSecret[] {
  const given = listenersOf(kafka)
    .filter((listener) => inside(listener, "configuration", "brokerCertChainAndKey"))
    .map((listener) => `${text(listener, "name")}-${text(listener, "port")}`);
  return nodes.map((name) => ({
    name,
    values: simulated([name, ...given].flatMap(pairOf)),
    of: { name: `${kafka.metadata.name}-kafka`, type: "kafka" },
    generations: ["cluster-ca-cert"],
  }));
}

/** Secrets with which the operators of topics and users log in. */
const entitySecrets = ({ metadata: { name }, spec }: LiveObject): ClusterSecret[] =>
  ["topic", "user"]
    .filter((one) => inside(spec, "entityOperator", `${one}Operator`) !== undefined)
    .map((one) => ({
      name: `${name}-entity-${one}-operator-certs`,
      values: simulated(pairOf("entity-operator")),
      of: { name: `${name}-entity-${one}-operator`, type: `entity-${one}-operator` },
      generations: ["cluster-ca-cert"],
    }));

/** Where each listener answers. */
const addressesOf = (kafka: LiveObject): Json[] =>
  listenersOf(kafka).map((listener) => ({
    name: text(listener, "name"),
    bootstrapServers: `${brokerServices(kafka.metadata.name).bootstrap}.${namespaceOf(kafka)}.svc:${text(listener, "port")}`,
  }));

async function ensureSecrets(kafka: LiveObject, secrets: readonly ClusterSecret[], view: ClusterView): Promise<void> {
  for (const { name, values, of, generations } of secrets)
    await view.ensureSecret({
      namespace: namespaceOf(kafka),
      name,
      values,
      metadata: {
        labels: labelsFor(kafka, of),
        annotations: Object.fromEntries(generations.map((one) => [`strimzi.io/${one}-generation`, "0"])),
        ...belongsTo(kafka),
      },
    });
}

/** What Strimzi once said of a cluster, and keeps. */
const KEPT = ["clusterId", "clusterSecurity"];

/** How the parts of a cluster talk to one another: Strimzi knows one way only. */
const CLUSTER_SECURITY = { encryption: { type: "strimzi-tls" }, authentication: { type: "strimzi-mtls" } };

/** A cluster: it is ready when the pods of its pools run. */
export const kafka =
  (real?: RealKafka): Reconcile =>
  async (object, view) => {
    const kept = Object.fromEntries(
      KEPT.flatMap((key) => (object.status?.[key] === undefined ? [] : [[key, object.status[key]]])),
    );
    if (isPaused(object)) return { paused: true, status: { ...kept } };
    const [namespace, { name }] = [namespaceOf(object), object.metadata];
    await ensureSecrets(object, firstSecrets(name, await real?.authority()), view);
    const begun = { ...kept, clusterSecurity: CLUSTER_SECURITY };
    const refused = await refusal(object, view);
    if (refused) return { ...refused, status: begun };
    const pools = await poolsOf(view, namespace, name);
    const kafkaNodePools = pools.map(({ metadata }) => ({ name: metadata.name }));
    const made = { ...begun, kafkaNodePools };
    const status = { ...made, autoRebalance: { state: "Idle" } };
    const more = warnings(object, pools);
    const unproven = await missingCertificate(object, view);
    if (unproven) return { ...unproven, more, status };
    const nodes = [...nodeIdsOf(pools)].flatMap(([pool, ids]) => ids.map((id) => `${name}-${pool}-${id}`));
    await ensureSecrets(object, nodeSecrets(object, nodes), view);
    for (const pod of nodes) {
      const missing = waiting(await view.api.get(`/api/v1/namespaces/${namespace}/pods/${pod}`), pod);
      if (missing) return { ...missing, more, status };
    }
    await view.ensure(`/api/v1/namespaces/${namespace}/services`, {
      metadata: { name: brokerServices(name).bootstrap, ...ownedBy(object, false) },
      spec: {
        selector: { [CLUSTER_LABEL]: name },
        ports: listenersOf(object)
          .filter((listener) => listener["type"] === "internal")
          .map((listener) => ({
            name: `tcp-${text(listener, "name")}`,
            port: Number(listener["port"] ?? KAFKA_PORTS.plain),
          })),
      },
    });
    const unserved = await real?.serve(object, view);
    if (unserved !== undefined) return { missing: unserved, more, status };
    await ensureSecrets(object, entitySecrets(object), view);
    const version = text(object.spec, "kafka", "version");
    return {
      more,
      status: {
        ...made,
        listeners: addressesOf(object),
        clusterId: clusterId(object),
        kafkaVersion: version,
        kafkaMetadataVersion: KAFKA.versions[version],
        operatorLastSuccessfulVersion: CHARTS.strimzi.version,
      },
    };
  };
