/** Cases that need something else to be applied first, or a chart of another version. */
import { type Case, casesOf, type EditableJson } from "./case";
import { drop, object, only, readdress, remove, values } from "./edit";

const KEEP = "helm.sh/resource-policy";

const unkept = (release: string, kind: string, name?: RegExp) =>
  object(release, kind, (one) => delete one.metadata.annotations[KEEP], name);

const without = (release: string, kind: string, name = /./) =>
  values(release, (all) => {
    all.resources = all.resources.filter((one: EditableJson) => !(one.kind === kind && name.test(one.metadata.name)));
  });

/** A release goes to another version of its chart. */
export const upgrade = (release: string, chart: string, from: string, to: string) => ({
  packed: { chart, from, to },
  stack: ({ resource }: EditableJson) => {
    const one = resource.helm_release[release];
    one.chart = one.chart.replace(from, to);
    one.version = to;
  },
});

/** A Secret of ours as the platform has one where Vault keeps the secrets. */
const secret = (revision: number) => (stack: EditableJson) => {
  (stack.resource.kubernetes_secret_v1 ??= {})["secret-stores_token"] = {
    metadata: { name: "vault-token", namespace: "external-secrets" },
    data_wo: { token: `canary-${revision}` },
    data_wo_revision: revision,
    depends_on: ["kubernetes_namespace_v1.external-secrets"],
  };
};

const withConnect = (site: EditableJson): void => {
  site.connect = {
    image: "registry.example.org/connect:1.0.0",
    sinks: [{ name: "influxdb-mount", topics: ["lsst.sal.MTMount.logevent_heartbeat"] }],
  };
};

/** Every one of them. */
export const STEP_CASES: readonly Case[] = [
  ...casesOf("efd", {
    "kafka-unkept-goes": {
      about: "Kafka, which is not marked to be kept, leaves its release",
      first: { stack: unkept("kafka_kafka-cluster", "Kafka") },
      stack: without("kafka_kafka-cluster", "Kafka"),
      told: [["loses data", "Kafka kafka/efd"]],
    },
    "topic-unkept-goes": {
      about: "a topic, which is not marked to be kept, leaves the program",
      first: { stack: unkept("kafka_kafka-accounts", "KafkaTopic", /airflow/i) },
      stack: without("kafka_kafka-accounts", "KafkaTopic", /airflow/i),
      told: [["loses data", "topic lsst.sal.ESS.airFlow", "deleted"]],
    },
    "topic-message-size": {
      about: "a topic takes larger messages",
      stack: object(
        "kafka_kafka-accounts",
        "KafkaTopic",
        (one) => (one.spec.config = { "max.message.bytes": 10485760 }),
        /airflow/i,
      ),
      told: [["harmless", "topic lsst.sal.ESS.airFlow", "max.message.bytes"]],
    },
    "generated-secrets-anew": {
      about: "a generated password is refreshed instead of being made once",
      stack: values("external-secrets_efd-secrets", (all) => {
        all.resources.find((one: EditableJson) => one.spec?.refreshPolicy === "CreatedOnce").spec.refreshPolicy =
          "Periodic";
      }),
      told: [["interrupts", "generated Secret", "generated again"]],
    },
    "schedule-gone": {
      about: "nobody brings InfluxDB's passwords up to date any more",
      stack: remove("kubernetes_cron_job_v1", /^influxdb-setup/),
      told: [["changes access", "cron job", "influxdb", "deleted"]],
    },
    "chart-pvc-gone": {
      about: "Kapacitor, on a PVC that its chart made, leaves the program",
      first: {
        stack: values("kapacitor_efd", (all) => {
          all.persistence = { enabled: true, accessMode: "ReadWriteOnce", size: "1Gi", storageClass: "local-path" };
        }),
      },
      stack: (stack) => drop(stack, "helm_release.kapacitor_efd"),
      told: [
        ["loses data", "PVC that the chart of", "kapacitor"],
        ["interrupts", "Helm release kapacitor/efd", "deleted"],
      ],
    },
    "pvc-readdressed": {
      about: "the PVC of InfluxDB gets another address, and nobody tells Terraform that it moved",
      stack: readdress,
      told: [["loses data", "PVC influxdb/influxdb", "deleted"]],
    },
    "release-half-way": {
      about: "the last apply of Kapacitor's release failed half way",
      tainted: "helm_release.kapacitor_efd",
      told: [["interrupts", "Helm release kapacitor/efd", "replaced"]],
    },
    "registry-port": {
      about: "the schema registry's Service listens on another port",
      stack: (stack) => (only(stack, "kubernetes_service_v1", /^schema-registry/).spec.port[0].port = 8082),
      told: [["changes access", "Service kafka/schema-registry", "port"]],
    },
    "registry-service-gone": {
      about: "the schema registry's Service leaves the program",
      stack: (stack) => {
        const [id = ""] = Object.keys(stack.resource.kubernetes_service_v1);
        drop(stack, `kubernetes_service_v1.${id}`);
      },
      told: [["interrupts", "Service kafka/schema-registry", "deleted"]],
    },
    "fewer-rights": {
      about: "the schedule of restarts may no longer restart the registry",
      stack: (stack) => (only(stack, "kubernetes_role_v1", /^rollouts_role-kafka/).rule[1].verbs = ["get"]),
      told: [["changes access", "role kafka/rollouts"]],
    },
    "connect-comes": {
      about: "a sink of Kafka Connect writes topics that nobody wrote before",
      site: withConnect,
      told: [
        ["restarts", "KafkaConnect", "created"],
        ["restarts", "influxdb-mount", "created"],
      ],
    },
    "connect-goes": {
      about: "Kafka Connect leaves the site's file",
      first: { site: withConnect },
      site: () => undefined,
      told: [["interrupts", "influxdb-mount", "deleted"]],
    },
    "influxdb-chart-down": {
      about: "InfluxDB's chart goes to a lower version",
      ...upgrade("influxdb_influxdb", "influxdb", "4.12.5", "4.11.0"),
      told: [["interrupts", "influxdb/influxdb", "4.12.5", "4.11.0"]],
    },
  }),
  ...casesOf("platform", {
    "operator-upgrade": {
      about: "Strimzi's operator goes to the next minor version",
      ...upgrade("strimzi_strimzi", "strimzi-kafka-operator", "1.2.0", "1.3.0"),
      told: [["restarts", "strimzi/strimzi", "1.2.0", "1.3.0"]],
    },
    "traefik-upgrade": {
      about: "traefik's chart goes to the next major version",
      ...upgrade("traefik_traefik", "traefik", "41.3.0", "42.0.0"),
      told: [["interrupts", "traefik/traefik", "41.3.0", "42.0.0"]],
    },
    "secret-revision": {
      about: "the token of Vault is another one",
      first: { stack: secret(1) },
      stack: secret(2),
      told: [["changes access", "Secret external-secrets/vault-token", "1 to 2"]],
    },
    "secret-gone": {
      about: "the Secret with the token of Vault leaves the program",
      first: { stack: secret(1) },
      told: [["interrupts", "Secret external-secrets/vault-token", "deleted"]],
    },
  }),
];
