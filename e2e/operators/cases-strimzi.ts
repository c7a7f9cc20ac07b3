/** Cases of Strimzi's cluster operator: clusters without what they need, and what it makes until pods would have to run. */
import type { Json } from "../../synthesized/stack";
import type { Cases, CaseKind, Given } from "./case";
import { GIVEN } from "./view";

const strimziKind = (plural: string): CaseKind => ({ apiVersion: "kafka.strimzi.io/v1", plural, looked: true });

/** Labels of what belongs to a cluster. */
export const inKafka = (name: string, more: Json = {}): Json => ({ labels: { "strimzi.io/cluster": name, ...more } });

/** Tells Strimzi to leave an object alone. */
export const PAUSED = { annotations: { "strimzi.io/pause-reconciliation": "true" } };

const volume = (id: number, more: Json = {}): Json => ({
  id,
  type: "persistent-claim",
  size: "1Gi",
  class: "standard",
  kraftMetadata: id === 0 ? "shared" : undefined,
  ...more,
});

/** A pool as a site has it; no node is as large as what it asks for, so its pods do not run. */
const pool = (role: string, ids: readonly number[], spec: Json = {}, metadata: Json = {}): Given => ({
  kind: "KafkaNodePool",
  name: role,
  metadata: { ...inKafka("efd"), annotations: { "strimzi.io/next-node-ids": JSON.stringify(ids) }, ...metadata },
  spec: {
    replicas: ids.length,
    roles: [role],
    storage: { type: "jbod", volumes: [volume(0)] },
    resources: { requests: { memory: "900Gi" } },
    ...spec,
  },
});

const LISTENERS = [
  { name: "plain", port: 9092, type: "internal", tls: false, authentication: { type: "scram-sha-512" } },
  { name: "tls", port: 9093, type: "internal", tls: true, authentication: { type: "tls" } },
];
const OUTER = {
  name: "external",
  port: 9094,
  type: "nodeport",
  tls: true,
  authentication: { type: "scram-sha-512" },
  configuration: { brokerCertChainAndKey: { secretName: "outer", certificate: "tls.crt", key: "tls.key" } },
};

const kafka = (spec: Json = {}, metadata: Json = {}): Given => ({
  kind: "Kafka",
  name: "efd",
  metadata,
  spec: {
    kafka: {
      version: "4.3.1",
      metadataVersion: "4.3-IV0",
      listeners: LISTENERS,
      authorization: { type: "simple", superUsers: ["CN=kafka-admin"] },
      ...spec,
    },
    entityOperator: { topicOperator: {}, userOperator: {} },
  },
});

const POOLS = [pool("controller", [3]), pool("broker", [0, 1])];

const tls = (secretName: string): Json => ({ trustedCertificates: [{ secretName, certificate: "ca.crt" }] });
const login: Json = {
  type: "scram-sha-512",
  username: "connect",
  passwordSecret: { secretName: "login", password: "password" },
};
const connect = (spec: Json = {}, metadata: Json = {}): Given => ({
  kind: "KafkaConnect",
  name: "connect",
  metadata,
  spec: {
    version: "4.3.1",
    replicas: 1,
    bootstrapServers: "efd-kafka-bootstrap:9093",
    groupId: "connect",
    configStorageTopic: "connect-configs",
    offsetStorageTopic: "connect-offsets",
    statusStorageTopic: "connect-status",
    resources: { requests: { memory: "900Gi" } },
    ...spec,
  },
});

const connector = (metadata: Json): Given => ({
  kind: "KafkaConnector",
  name: "one",
  metadata,
  spec: { class: "org.apache.kafka.connect.file.FileStreamSourceConnector", tasksMax: 1, config: {} },
});

const mirror = (): Given => ({
  kind: "KafkaMirrorMaker2",
  name: "mirror",
  spec: {
    version: "4.3.1",
    replicas: 1,
    resources: { requests: { memory: "900Gi" } },
    target: {
      alias: "target",
      bootstrapServers: "efd-kafka-bootstrap:9093",
      groupId: "mirror",
      configStorageTopic: "mirror-configs",
      offsetStorageTopic: "mirror-offsets",
      statusStorageTopic: "mirror-status",
      tls: tls("authority"),
      authentication: login,
    },
    mirrors: [
      {
        source: { alias: "source", bootstrapServers: "other:9093", tls: tls("authority"), authentication: login },
        sourceConnector: { tasksMax: 1 },
        topicsPattern: "lsst.*",
      },
    ],
  },
});

/** Version of Strimzi whose answers are recorded. */
export const STRIMZI_VERSION = "1.2.0";

/** Its kinds, and what it makes. */
export const STRIMZI_KINDS = {
  Kafka: strimziKind("kafkas"),
  KafkaNodePool: strimziKind("kafkanodepools"),
  KafkaConnect: strimziKind("kafkaconnects"),
  KafkaConnector: strimziKind("kafkaconnectors"),
  KafkaMirrorMaker2: strimziKind("kafkamirrormaker2s"),
  StrimziPodSet: { apiVersion: "core.strimzi.io/v1", plural: "strimzipodsets", looked: true, made: true },
  PersistentVolumeClaim: { apiVersion: "v1", plural: "persistentvolumeclaims", looked: true, made: true },
} as const satisfies Cases["kinds"];

/** Cases of the cluster operator. */
export const STRIMZI_CASES: Cases = {
  operator: "strimzi",
  version: STRIMZI_VERSION,
  quiet: 45,
  kinds: STRIMZI_KINDS,
  cases: [
    { name: "no-pools", steps: () => [{ give: [kafka()] }, { give: POOLS }] },
    { name: "no-controllers", steps: () => [{ give: [kafka(), pool("broker", [0])] }] },
    { name: "no-brokers", steps: () => [{ give: [kafka(), pool("controller", [0])] }] },
    { name: "pools-alone", steps: () => [{ give: POOLS }] },
    {
      name: "pool-of-another",
      steps: () => [{ give: [kafka(), ...POOLS, { ...pool("other", [9], { roles: ["broker"] }, inKafka("other")) }] }],
    },
    {
      name: "pods-do-not-run",
      steps: () => [{ give: [kafka(), ...POOLS] }, { take: [["Kafka", "efd"]] }],
    },
    {
      name: "without-ids",
      steps: () => [{ give: [kafka(), ...POOLS.map((one) => ({ ...one, metadata: inKafka("efd") }))] }],
    },
    {
      name: "two-volumes",
      steps: () => [
        {
          give: [
            kafka(),
            pool("controller", [3]),
            pool("broker", [0], { storage: { type: "jbod", volumes: [volume(0), volume(1, { deleteClaim: true })] } }),
          ],
        },
      ],
    },
    { name: "version-unknown", steps: () => [{ give: [kafka({ version: "2.8.0" }), ...POOLS] }] },
    { name: "metadata-version-unknown", steps: () => [{ give: [kafka({ metadataVersion: "9.9-IV9" }), ...POOLS] }] },
    {
      name: "no-outer-certificate",
      steps: () => [
        { give: [kafka({ listeners: [...LISTENERS, OUTER] }), ...POOLS] },
        { give: [{ kind: "Secret", name: "outer", stringData: { "tls.crt": `${GIVEN}certificate` } }] },
      ],
    },
    {
      name: "more-copies-than-brokers",
      steps: () => [{ give: [kafka({ config: { "default.replication.factor": 3 } }), ...POOLS] }],
    },
    { name: "paused", steps: () => [{ give: [kafka({}, PAUSED), ...POOLS] }] },
    {
      name: "paused-later",
      steps: () => [{ give: [kafka({ version: "2.8.0" }), ...POOLS] }, { give: [kafka({ version: "2.7.0" }, PAUSED)] }],
    },
    {
      name: "connect-without-secrets",
      steps: () => [{ give: [connect({ tls: tls("authority"), authentication: login })] }],
    },
    {
      name: "connect-without-key",
      steps: () => [
        {
          give: [
            { kind: "Secret", name: "login", stringData: { other: `${GIVEN}password` } },
            connect({ authentication: login }),
          ],
        },
      ],
    },
    { name: "connector-alone", steps: () => [{ give: [connector(inKafka("connect"))] }] },
    { name: "connector-of-nobody", steps: () => [{ give: [connector({})] }] },
    { name: "mirror-without-secrets", steps: () => [{ give: [mirror()] }] },
  ],
};
