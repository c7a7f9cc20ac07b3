/** A review with everything in it that one can say: what renderers are tried with. Made up. */
import type { Change, Finding, LayerReview, ObjectChange, Review } from "../../review/model/model";

const value = (of: string | number | boolean) => ({ kind: "value", value: of }) as const;

const topic: ObjectChange = {
  action: "delete",
  apiVersion: "kafka.strimzi.io/v1",
  kind: "KafkaTopic",
  namespace: "kafka",
  name: "lsst.sal.test.logevent-heartbeat-09760ba4",
  keep: true,
  differences: [],
};

const kafka: ObjectChange = {
  action: "update",
  apiVersion: "kafka.strimzi.io/v1",
  kind: "Kafka",
  namespace: "kafka",
  name: "efd",
  keep: true,
  differences: [
    { path: 'spec.kafka.config["log.retention.hours"]', before: value(72), after: value(24) },
    { path: "spec.kafka.listeners[external].port", before: value(9094), after: value(9095) },
  ],
};

const changes: Record<string, Change> = {
  pvc: {
    address: "kubernetes_persistent_volume_claim_v1.influxdb_influxdb",
    type: "kubernetes_persistent_volume_claim_v1",
    name: "PVC influxdb/influxdb",
    action: "replace",
    risk: "loses data",
    reason: "an attribute changes that cannot be changed in place",
    differences: [
      { path: "metadata[0].uid", before: value("0dd7ad67"), after: { kind: "unknown" } },
      { path: "spec[0].resources[0].requests.storage", before: value("1Ti"), after: value("2Ti"), replaces: true },
    ],
  },
  kafka: {
    address: "helm_release.kafka_kafka-cluster",
    type: "helm_release",
    name: "Helm release kafka/kafka-cluster",
    action: "update",
    risk: "loses data",
    differences: [],
    release: {
      namespace: "kafka",
      name: "kafka-cluster",
      chart: { name: "resources", from: "1.0.0", to: "1.0.0" },
      notes: [],
      values: [],
      objects: [kafka, topic],
    },
  },
  strimzi: {
    address: "helm_release.strimzi_strimzi",
    type: "helm_release",
    name: "Helm release strimzi/strimzi",
    action: "update",
    risk: "restarts",
    differences: [{ path: "timeout", before: value(600), after: value(900) }],
    release: {
      namespace: "strimzi",
      name: "strimzi",
      chart: { name: "strimzi-kafka-operator", from: "1.1.0", to: "1.2.0" },
      notes: ["Helm does not upgrade the CRDs of its crds/ folder: apply the new ones by hand first"],
      values: [
        { path: "watchNamespaces[0]", before: value("kafka") },
        { path: "resources.limits.memory", before: value("384Mi"), after: value("512Mi") },
        { path: "auth.password", before: { kind: "secret" }, after: { kind: "secret" } },
      ],
      objects: [],
    },
  },
  moved: {
    address: "kubernetes_namespace_v1.kafka",
    previousAddress: "kubernetes_namespace_v1.kafka-2",
    type: "kubernetes_namespace_v1",
    name: "namespace kafka",
    action: "move",
    risk: "harmless",
    differences: [],
  },
};

const layer = (name: string, status: LayerReview["status"], of: readonly Change[], lines: string[] = []) => ({
  layer: name,
  stack: `base-${name}`,
  status,
  lines,
  counts: of.reduce<Record<string, number>>((sum, { action }) => ({ ...sum, [action]: (sum[action] ?? 0) + 1 }), {}),
  changes: of,
  ...(status === "planned"
    ? { versions: { terraform: "1.11.4", providers: { helm: "3.1.1", kubernetes: "2.38.0" } } }
    : {}),
});

const findings: Finding[] = [
  {
    rule: "pvc-goes",
    risk: "loses data",
    stack: "base-efd",
    address: "kubernetes_persistent_volume_claim_v1.influxdb_influxdb",
    what: "the PVC influxdb/influxdb is replaced by an empty one",
    why: "what InfluxDB stored is no longer found; the files stay on the host for as long as the class keeps them",
    remedy: "leave size and class as they are; make a second PVC and copy",
    allow: "base-efd/influxdb_influxdb",
    allowed: false,
  },
  {
    rule: "kafka-retention",
    risk: "loses data",
    stack: "base-efd",
    address: "helm_release.kafka_kafka-cluster",
    what: "Kafka efd keeps messages for 24 h instead of 72 h",
    why: "messages that are older go within minutes",
    remedy: "see that every consumer has read them",
    allow: "base-efd/kafka",
    allowed: true,
  },
  {
    rule: "strimzi-upgrade",
    risk: "restarts",
    stack: "base-platform",
    address: "helm_release.strimzi_strimzi",
    what: "the operator of Kafka goes from 1.1.0 to 1.2.0",
    why: "it rolls every broker, one after the other",
    remedy: "deploy outside observing hours",
  },
];

/** The example. */
export const EXAMPLE: Review = {
  format: 1,
  site: "base",
  title: "made-up test stand",
  comparison: { kind: "plan" },
  revision: "0123456789abcdef0123456789abcdef01234567",
  layers: [
    layer("cluster", "unchanged", []),
    layer("platform", "planned", [changes["strimzi"]!, changes["moved"]!]),
    layer("efd", "planned", [changes["pvc"]!, changes["kafka"]!]),
    layer("love", "blocked", [], ["it stands on base-efd, which is not applied: npm run deploy -- base efd"]),
  ],
  findings,
  risk: "loses data",
};
