/** Cases that need something else to be applied first, or a chart of another version. */
import type { Case, Data } from "./case";
import { drop, object, only, remove, rename, values } from "./edit";

const KEEP = "helm.sh/resource-policy";

const unkept = (release: string, kind: string, name?: RegExp) => (stack: Data) =>
  values(stack, release, (all) => delete object(all, kind, name).metadata.annotations[KEEP]);

const without =
  (release: string, kind: string, name = /./) =>
  (stack: Data) =>
    values(stack, release, (all) => {
      all.resources = all.resources.filter((one: Data) => !(one.kind === kind && name.test(one.metadata.name)));
    });

const version = (stack: Data, release: string, from: string, to: string): void => {
  const one = stack.resource.helm_release[release];
  one.chart = one.chart.replace(from, to);
  one.version = to;
};

/** A Secret of ours as the platform has one where Vault keeps the secrets. */
const secret = (revision: number) => (stack: Data) => {
  (stack.resource.kubernetes_secret_v1 ??= {})["secret-stores_token"] = {
    metadata: { name: "vault-token", namespace: "external-secrets" },
    data_wo: { token: `canary-${revision}` },
    data_wo_revision: revision,
    depends_on: ["kubernetes_namespace_v1.external-secrets"],
  };
};

const withConnect = (site: Data): void => {
  site.connect = {
    image: "registry.example.org/connect:1.0.0",
    sinks: [{ name: "influxdb-mount", topics: ["lsst.sal.MTMount.logevent_heartbeat"] }],
  };
};

/** Every one of them. */
export const STEP_CASES: readonly Case[] = [
  {
    name: "kafka-unkept-goes",
    about: "Kafka, which is not marked to be kept, leaves its release",
    layer: "efd",
    first: { stack: unkept("kafka_kafka-cluster", "Kafka") },
    stack: without("kafka_kafka-cluster", "Kafka"),
    expected: { worst: "loses data", told: [["loses data", "Kafka kafka/efd"]] },
  },
  {
    name: "topic-unkept-goes",
    about: "a topic, which is not marked to be kept, leaves the program",
    layer: "efd",
    first: { stack: unkept("kafka_kafka-accounts", "KafkaTopic", /airflow/i) },
    stack: without("kafka_kafka-accounts", "KafkaTopic", /airflow/i),
    expected: { worst: "loses data", told: [["loses data", "topic lsst.sal.ESS.airFlow", "deleted"]] },
  },
  {
    name: "topic-message-size",
    about: "a topic takes larger messages",
    layer: "efd",
    stack: (stack) =>
      values(stack, "kafka_kafka-accounts", (all) => {
        object(all, "KafkaTopic", /airflow/i).spec.config = { "max.message.bytes": 10485760 };
      }),
    expected: { worst: "harmless", told: [["harmless", "topic lsst.sal.ESS.airFlow", "max.message.bytes"]] },
  },
  {
    name: "generated-secrets-anew",
    about: "a generated password is refreshed instead of being made once",
    layer: "efd",
    stack: (stack) =>
      values(stack, "external-secrets_efd-secrets", (all) => {
        const made = all.resources.find((one: Data) => one.spec?.refreshPolicy === "CreatedOnce");
        made.spec.refreshPolicy = "Periodic";
      }),
    expected: { worst: "interrupts", told: [["interrupts", "generated Secret", "generated again"]] },
  },
  {
    name: "schedule-gone",
    about: "nobody brings InfluxDB's passwords up to date any more",
    layer: "efd",
    stack: (stack) => remove(stack, "kubernetes_cron_job_v1", /^influxdb-setup/),
    expected: { worst: "changes access", told: [["changes access", "cron job", "influxdb", "deleted"]] },
  },
  {
    name: "chart-pvc-gone",
    about: "Kapacitor, on a PVC that its chart made, leaves the program",
    layer: "efd",
    first: {
      stack: (stack) =>
        values(
          stack,
          "kapacitor_efd",
          (all) =>
            (all.persistence = { enabled: true, accessMode: "ReadWriteOnce", size: "1Gi", storageClass: "local-path" }),
        ),
    },
    stack: (stack) => drop(stack, "helm_release.kapacitor_efd"),
    expected: {
      worst: "loses data",
      told: [
        ["loses data", "PVC that the chart of", "kapacitor"],
        ["interrupts", "Helm release kapacitor/efd", "deleted"],
      ],
    },
  },
  {
    name: "pvc-readdressed",
    about: "the PVC of InfluxDB gets another address, and nobody tells Terraform that it moved",
    layer: "efd",
    stack: (stack) => {
      rename(stack, "kubernetes_persistent_volume_claim_v1", "influxdb_influxdb", "influxdb_data");
      stack.resource.helm_release.influxdb_influxdb.depends_on = [];
    },
    expected: { worst: "loses data", told: [["loses data", "PVC influxdb/influxdb", "deleted"]] },
  },
  {
    name: "release-half-way",
    about: "the last apply of Kapacitor's release failed half way",
    layer: "efd",
    tainted: "helm_release.kapacitor_efd",
    expected: { worst: "interrupts", told: [["interrupts", "Helm release kapacitor/efd", "replaced"]] },
  },
  {
    name: "registry-port",
    about: "the schema registry's Service listens on another port",
    layer: "efd",
    stack: (stack) => (only(stack, "kubernetes_service_v1", /^schema-registry/).spec.port[0].port = 8082),
    expected: { worst: "changes access", told: [["changes access", "Service kafka/schema-registry", "port"]] },
  },
  {
    name: "registry-service-gone",
    about: "the schema registry's Service leaves the program",
    layer: "efd",
    stack: (stack) => {
      const [id = ""] = Object.keys(stack.resource.kubernetes_service_v1);
      drop(stack, `kubernetes_service_v1.${id}`);
    },
    expected: { worst: "interrupts", told: [["interrupts", "Service kafka/schema-registry", "deleted"]] },
  },
  {
    name: "fewer-rights",
    about: "the schedule of restarts may no longer restart the registry",
    layer: "efd",
    stack: (stack) => (only(stack, "kubernetes_role_v1", /^rollouts_role-kafka/).rule[1].verbs = ["get"]),
    expected: { worst: "changes access", told: [["changes access", "role kafka/rollouts"]] },
  },
  {
    name: "connect-comes",
    about: "a sink of Kafka Connect writes topics that nobody wrote before",
    layer: "efd",
    site: withConnect,
    expected: {
      worst: "restarts",
      told: [
        ["restarts", "KafkaConnect", "created"],
        ["restarts", "influxdb-mount", "created"],
      ],
    },
  },
  {
    name: "connect-goes",
    about: "Kafka Connect leaves the site's file",
    layer: "efd",
    first: { site: withConnect },
    site: () => undefined,
    expected: { worst: "interrupts", told: [["interrupts", "influxdb-mount", "deleted"]] },
  },
  {
    name: "influxdb-chart-down",
    about: "InfluxDB's chart goes to a lower version",
    layer: "efd",
    packed: { chart: "influxdb", from: "4.12.5", to: "4.11.0" },
    stack: (stack) => version(stack, "influxdb_influxdb", "4.12.5", "4.11.0"),
    expected: { worst: "interrupts", told: [["interrupts", "influxdb/influxdb", "4.12.5", "4.11.0"]] },
  },
  {
    name: "operator-upgrade",
    about: "Strimzi's operator goes to the next minor version",
    layer: "platform",
    packed: { chart: "strimzi-kafka-operator", from: "1.2.0", to: "1.3.0" },
    stack: (stack) => version(stack, "strimzi_strimzi", "1.2.0", "1.3.0"),
    expected: { worst: "restarts", told: [["restarts", "strimzi/strimzi", "1.2.0", "1.3.0"]] },
  },
  {
    name: "traefik-upgrade",
    about: "traefik's chart goes to the next major version",
    layer: "platform",
    packed: { chart: "traefik", from: "41.3.0", to: "42.0.0" },
    stack: (stack) => version(stack, "traefik_traefik", "41.3.0", "42.0.0"),
    expected: { worst: "interrupts", told: [["interrupts", "traefik/traefik", "41.3.0", "42.0.0"]] },
  },
  {
    name: "secret-revision",
    about: "the token of Vault is another one",
    layer: "platform",
    first: { stack: secret(1) },
    stack: secret(2),
    expected: { worst: "changes access", told: [["changes access", "Secret external-secrets/vault-token", "1 to 2"]] },
  },
  {
    name: "secret-gone",
    about: "the Secret with the token of Vault leaves the program",
    layer: "platform",
    first: { stack: secret(1) },
    expected: { worst: "interrupts", told: [["interrupts", "Secret external-secrets/vault-token", "deleted"]] },
  },
];
