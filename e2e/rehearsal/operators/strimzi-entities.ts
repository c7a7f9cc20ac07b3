/**
 * Simulates Strimzi's operators of topics and users; what they answer is compared with what the real ones did
 * (e2e/operators). What only a broker knows stays unsaid: names and settings that it refuses.
 */
import { randomBytes } from "node:crypto";
import type { LiveObject } from "../../../cli/shared/kubernetes/client";
import { inside, type Json } from "../../../synthesized/stack";
import { type ClusterView, isReady, namespaceOf, pathOf, type Readiness, type Reconcile, text } from "./cluster-view";
import type { RealKafka } from "./real-kafka";
import { belongsTo, brokersOf, clusterOf, isPaused, KAFKAS, poolsOf, strimziKind } from "./strimzi-resources";

const TOPICS = strimziKind("kafkatopics");

/** Something that lives in a Kafka cluster, with what it needs besides. Who looks after it runs only beside a Kafka. */
export const inCluster =
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
  "user.p12": "simulated",
  "user.password": "simulated",
};

/** Longest name that a certificate takes. */
const LONGEST_NAME = 64;

/** Longest value of a label. */
const LONGEST_LABEL = 63;

/** Labels and annotations of a user's Secret. */
function secretMetadata(user: LiveObject): object {
  const { name, labels } = user.metadata;
  const operator = "strimzi-user-operator";
  const template = (inside(user.spec, "template", "secret", "metadata") ?? {}) as Json;
  return {
    labels: {
      ...labels,
      "strimzi.io/kind": "KafkaUser",
      "app.kubernetes.io/name": operator,
      "app.kubernetes.io/instance": name.slice(0, LONGEST_LABEL),
      "app.kubernetes.io/part-of": `strimzi-${name}`.slice(0, LONGEST_LABEL),
      "app.kubernetes.io/managed-by": operator,
      ...(template["labels"] as Json | undefined),
    },
    annotations: template["annotations"],
    ...belongsTo(user),
  };
}

/** Secret and key that a user names for its password; undefined where it names none. */
function passwordReference({ spec }: LiveObject): readonly [secret: string, key: string] | undefined {
  const reference = inside(spec, "authentication", "password", "valueFrom", "secretKeyRef");
  return reference ? [text(reference, "name"), text(reference, "key")] : undefined;
}

/** The password of a user: the one that it names, the one that its Secret has, or a new one. */
async function passwordOf(user: LiveObject, view: ClusterView): Promise<string> {
  const { name } = user.metadata;
  const reference = passwordReference(user);
  const [secret, key] = reference ?? [name, "password"];
  const known = (await view.secret(namespaceOf(user), secret))?.data?.[key];
  return known ? Buffer.from(known, "base64").toString() : view.random(`password of ${name}`);
}

const scramLogin = (password: string): Readonly<Record<string, string>> => ({
  password,
  "sasl.jaas.config": `simulated with password="${password}"`,
});

/** Users: those with a password or a certificate get a Secret. */
export const user =
  (real?: RealKafka): Reconcile =>
  async (object, view) => {
    if (isPaused(object)) return { paused: true };
    const [namespace, { name }] = [namespaceOf(object), object.metadata];
    const type = text(object.spec, "authentication", "type");
    const reference = passwordReference(object);
    const missing = reference && (await view.missingSecret(namespace, ...reference));
    if (missing) return { missing, reason: "ExecutionException" };
    if (type === "tls" && name.length > LONGEST_NAME)
      return { missing: `${name} is too long for a certificate`, reason: "ExecutionException" };
    const password = type === "scram-sha-512" ? await passwordOf(object, view) : "";
    const values = type === "tls" ? ((await real?.certificate(name)) ?? SIMULATED_LOGIN) : scramLogin(password);
    const hasSecret = ["tls", "scram-sha-512"].includes(type);
    if (hasSecret) await view.ensureSecret({ namespace, name, values, metadata: secretMetadata(object), whole: true });
    const unmade = await real?.account(object, password, view);
    if (unmade !== undefined) return { missing: unmade, reason: "ExecutionException" };
    const username = type.startsWith("tls") ? `CN=${name}` : name;
    return { status: { username, ...(hasSecret && { secret: name }) } };
  };

const topicNameOf = ({ metadata, spec }: LiveObject): string => String(spec?.["topicName"] ?? metadata.name);

/** Whether Strimzi is to look after a topic. */
export const isManaged = ({ metadata }: Pick<LiveObject, "metadata">): boolean =>
  metadata.annotations?.["strimzi.io/managed"] !== "false";

/** Why a topic cannot be what it says. */
async function topicTrouble(object: LiveObject, view: ClusterView): Promise<Readiness | undefined> {
  const [name, known] = [topicNameOf(object), object.status?.["topicName"]];
  if (known !== undefined && known !== name)
    return { missing: `the topic is called ${String(known)}`, reason: "NotSupported", status: { topicName: known } };
  const all = await view.api.list(pathOf(TOPICS, namespaceOf(object)));
  const older = all.find(
    (one) =>
      one.metadata.uid !== object.metadata.uid &&
      topicNameOf(one) === name &&
      isManaged(one) &&
      one.status?.["topicId"],
  );
  if (older && object.status?.["topicId"] === undefined)
    return {
      missing: `${older.metadata.name} manages ${name}`,
      reason: "ResourceConflict",
      status: { topicName: name },
    };
  return undefined;
}

/** Topics, which fit the brokers. */
export const topic = (real?: RealKafka): Reconcile => {
  /** How many partitions topics have, by uid: Kafka takes none away. */
  const made = new Map<string, number>();
  return async (object, view) => {
    const topicName = topicNameOf(object);
    if (!isManaged(object)) return {};
    const trouble = await topicTrouble(object, view);
    if (trouble) return trouble;
    if (isPaused(object))
      return { paused: true, status: { topicName, observedGeneration: object.metadata.generation } };
    const brokers = brokersOf(await poolsOf(view, namespaceOf(object), clusterOf(object)));
    const replicas = Number(object.spec?.["replicas"] ?? 1);
    const topicId = object.status?.["topicId"];
    if (replicas > brokers.length)
      return {
        missing: `${replicas} replicas of a topic do not fit ${brokers.length} brokers`,
        reason: topicId === undefined ? "KafkaError" : "NotSupported",
        status: { topicName, topicId },
      };
    const { uid } = object.metadata;
    const before = made.get(uid) ?? 1;
    const partitions = Number(object.spec?.["partitions"] ?? before);
    if (partitions < before)
      return {
        missing: `${topicName} has ${before} partitions, which do not become ${partitions}`,
        reason: "NotSupported",
        status: { topicName, topicId },
      };
    const unmade = await real?.topic(object, view);
    if (unmade !== undefined) return { missing: unmade, reason: "KafkaError", status: { topicName } };
    made.set(uid, partitions);
    return { status: { topicName, topicId: topicId ?? randomBytes(16).toString("base64url") } };
  };
};
