/** The cases of the corpus. */
import { type Case, casesOf, type EditableJson } from "./case";
import * as others from "./cases-others";
import { drop, object, only, readdress, remove, values } from "./edit";

/** The site that every case begins with: `local`, with more of everything. */
export function baseSite(site: EditableJson): void {
  site.cluster = { ...site.cluster, capacity: { cpu: "16", memory: "32Gi" } };
  site.kafka.brokers = [0, 1, 2].map((id) => ({ id, nodePort: 31090 + id }));
  site.kafka.controllerIds = [3];
  site.kafka.retention = "24h";
  site.kafka.topics = [{ name: "lsst.sal.Test.logevent_heartbeat", partitions: 3 }, { name: "lsst.sal.ESS.airFlow" }];
  site.kafka.clients.push({
    name: "reader",
    description: "reads",
    prefixes: ["lsst.sal"],
    access: "mirror",
    consumes: true,
  });
  site.influxdb.retention = "30d";
  site.registry.replicas = 2;
  const [test] = site.telegraf.consumers;
  site.telegraf.consumers = [test, { ...test, name: "weather", topics: ["lsst.sal.ESS.*"] }];
}

const brokerVolume = (change: (volume: EditableJson) => void) =>
  object("kafka_kafka-pools", "KafkaNodePool", (pool) => change(pool.spec.storage.volumes[0]), /broker/);

/** The script of InfluxDB's setup without the lines that match. */
const setupWithout = (lines: RegExp) => (stack: EditableJson) => {
  const { data } = only(stack, "kubernetes_config_map_v1", /influxdb-setup/);
  data["setup.sh"] = data["setup.sh"].replace(lines, "");
};

/** Every case. */
export const CASES: readonly Case[] = [
  ...Object.values(others).flat(),
  ...casesOf("efd", {
    "pvc-deleted": {
      about: "the PVC of InfluxDB is removed from the program",
      stack: (stack) => {
        remove("kubernetes_persistent_volume_claim_v1", /^influxdb/)(stack);
        stack.resource.helm_release.influxdb_influxdb.depends_on = [];
      },
      told: [["loses data", "PVC", "influxdb", "deleted"]],
    },
    "pvc-replaced": {
      about: "the PVC of Chronograf gets another access mode",
      stack: (stack) =>
        (only(stack, "kubernetes_persistent_volume_claim_v1", /^chronograf/).spec.access_modes = ["ReadWriteMany"]),
      told: [["loses data", "PVC", "chronograf", "replaced"]],
    },
    "pvc-replaced-protected": {
      about: "the same where the PVC is protected: Terraform refuses its own plan",
      stack: (stack) => {
        const pvc = only(stack, "kubernetes_persistent_volume_claim_v1", /^influxdb/);
        pvc.spec.access_modes = ["ReadWriteMany"];
        pvc.lifecycle = { prevent_destroy: true };
      },
      told: [["loses data", "PVC", "influxdb", "replaced"]],
    },
    "pvc-renamed": {
      about: "the PVC of InfluxDB gets another name, and its chart follows",
      stack: (stack) => {
        only(stack, "kubernetes_persistent_volume_claim_v1", /^influxdb/).metadata.name = "influxdb-data";
        values("influxdb_influxdb", (all) => (all.persistence.existingClaim = "influxdb-data"))(stack);
      },
      told: [
        ["loses data", "PVC influxdb/influxdb", "replaced"],
        ["loses data", "influxdb/influxdb", "no longer uses its volume"],
      ],
    },
    "pvc-grows": {
      about: "the site asks for a larger volume of InfluxDB",
      site: (site) => (site.influxdb.disk = "4Gi"),
      told: [["interrupts", "apply fails", "influxdb/influxdb", "2Gi", "4Gi"]],
    },
    "chart-drops-pvc": {
      about: "the values of InfluxDB no longer name the PVC",
      stack: values("influxdb_influxdb", (all) => delete all.persistence.existingClaim),
      told: [["loses data", "influxdb/influxdb", "existingClaim"]],
    },
    "persistence-off": {
      about: "somebody turns persistence of InfluxDB off",
      stack: values("influxdb_influxdb", (all) => (all.persistence = { enabled: false })),
      told: [["loses data", "influxdb/influxdb", "no longer uses its volume"]],
    },
    "chronograf-volume-gone": {
      about: "the volume with Chronograf's database leaves its values",
      stack: values("chronograf_efd", (all) => (all.volumes = [])),
      told: [["loses data", "chronograf/efd", "no longer uses its volume"]],
    },
    "kafka-retention-shorter": {
      about: "Kafka keeps messages for 2 h instead of 24 h",
      site: (site) => (site.kafka.retention = "2h"),
      told: [["loses data", "Kafka", "2 h", "24 h"]],
    },
    "kafka-retention-longer": {
      about: "Kafka keeps messages for 48 h instead of 24 h",
      site: (site) => (site.kafka.retention = "48h"),
      worst: "restarts",
      told: [["harmless", "Kafka", "48 h", "24 h"]],
    },
    "kafka-renamed": {
      about: "the Kafka cluster gets another name",
      stack: object("kafka_kafka-cluster", "Kafka", (one) => (one.metadata.name = "sasquatch")),
      told: [["interrupts", "Kafka kafka/efd", "leaves the program"]],
    },
    "users-removed": {
      about: "every account of Kafka leaves the release",
      stack: values(
        "kafka_kafka-accounts",
        (all) => (all.resources = all.resources.filter((one: EditableJson) => one.kind !== "KafkaUser")),
      ),
      told: [["interrupts", "account", "ts-salkafka", "deleted"]],
    },
    "kafka-keep-gone": {
      about: "Kafka and its pools lose their mark keep",
      stack: values("kafka_kafka-cluster", (all) => {
        for (const one of all.resources) delete one.metadata.annotations?.["helm.sh/resource-policy"];
      }),
      told: [["harmless", "Kafka kafka/efd", "no longer kept"]],
    },
    "broker-removed": {
      about: "the site has two brokers instead of three",
      site: (site) => site.kafka.brokers.pop(),
      told: [
        ["loses data", "broker", "3 to 2"],
        ["interrupts", "listeners"],
      ],
    },
    "broker-ids-changed": {
      about: "brokers get other node ids",
      site: (site) => (site.kafka.brokers = [6, 7, 8].map((id, i) => ({ id, nodePort: 31090 + i }))),
      told: [["loses data", "broker", "[6,7,8]", "[0,1,2]"]],
    },
    "broker-disk-deleted-with-pvc": {
      about: "deleteClaim becomes true",
      stack: brokerVolume((volume) => (volume.deleteClaim = true)),
      told: [["loses data", "volume 0", "broker"]],
    },
    "broker-disk-other": {
      about: "brokers get a second class of disk",
      stack: brokerVolume((volume) => (volume.class = "fast")),
      told: [["interrupts", "volume 0", "another storage class"]],
    },
    "broker-volume-swapped": {
      about: "the broker's volume 0 becomes volume 1",
      stack: brokerVolume((volume) => (volume.id = 1)),
      told: [["loses data", "volume 0", "broker", "removed"]],
    },
    "listener-port": {
      about: "a broker's NodePort changes",
      site: (site) => (site.kafka.brokers[0].nodePort = 31099),
      told: [["interrupts", "listeners"]],
    },
    "kafka-upgrade": {
      about: "Kafka goes from 4.3.1 to 4.3.2",
      stack: object("kafka_kafka-cluster", "Kafka", (one) => (one.spec.kafka.version = "4.3.2")),
      told: [["restarts", "Kafka", "4.3.1", "4.3.2"]],
    },
    "kafka-downgrade": {
      about: "Kafka goes down to 4.2.0",
      stack: object("kafka_kafka-cluster", "Kafka", (one) => (one.spec.kafka.version = "4.2.0")),
      told: [["loses data", "Kafka", "4.2.0"]],
    },
    "kafka-memory": {
      about: "brokers get more memory",
      site: (site) => (site.kafka.brokerResources = { requests: { memory: "1Gi" }, limits: { memory: "2Gi" } }),
      told: [["restarts", "broker"]],
    },
    "topic-removed": {
      about: "a topic leaves the site's file",
      site: (site) => site.kafka.topics.pop(),
      told: [["harmless", "topic lsst.sal.ESS.airFlow", "stays in Kafka"]],
    },
    "topic-retention": {
      about: "a topic keeps messages for a minute",
      stack: object(
        "kafka_kafka-accounts",
        "KafkaTopic",
        (one) => (one.spec.config = { "retention.ms": 60000 }),
        /airflow/i,
      ),
      told: [["loses data", "topic lsst.sal.ESS.airFlow"]],
    },
    "schemas-not-compacted": {
      about: "_schemas is no longer compacted",
      stack: object(
        "kafka_kafka-accounts",
        "KafkaTopic",
        (one) => (one.spec.config["cleanup.policy"] = "delete"),
        /schemas/,
      ),
      told: [["loses data", "_schemas"]],
    },
    "partitions-fewer": {
      about: "a topic has one partition instead of three",
      site: (site) => (site.kafka.topics[0].partitions = 1),
      told: [["interrupts", "heartbeat", "3 to 1 partitions"]],
    },
    "user-removed": {
      about: "an account of Kafka leaves the site's file",
      site: (site) => (site.kafka.clients = site.kafka.clients.filter((one: EditableJson) => one.name !== "reader")),
      told: [["interrupts", "account reader", "deleted"]],
    },
    "user-rights": {
      about: "an account may read only",
      site: (site) => (site.kafka.clients[0].access = "read"),
      told: [["changes access", "ts-salkafka", "loses"]],
    },
    "user-whole-topic": {
      about: "an account that had every topic with a prefix has the one topic of that name",
      // No site's file can say this: it takes names of topics only.
      stack: object(
        "kafka_kafka-accounts",
        "KafkaUser",
        (one) => {
          for (const { resource } of one.spec.authorization.acls)
            if (resource.name === "lsst.sal") resource.patternType = "literal";
        },
        /reader/,
      ),
      told: [["changes access", "account reader", "loses Read on topic lsst.sal*", "gets Read on topic lsst.sal,"]],
    },
    "user-certificate": {
      about: "an account logs in with a certificate instead of its password",
      site: (site) => (site.kafka.clients.find(({ name }: EditableJson) => name === "reader").login = "tls"),
      told: [["interrupts", "account reader", "logs in with a certificate", "inside the cluster only"]],
    },
    "influxdb-retention-shorter": {
      about: "InfluxDB keeps the EFD for a week instead of 30 days",
      site: (site) => (site.influxdb.retention = "7d"),
      told: [["loses data", "database efd", "168 h", "720 h"]],
    },
    "influxdb-retention-longer": {
      about: "InfluxDB keeps the EFD for a year",
      site: (site) => (site.influxdb.retention = "52w"),
      told: [["harmless", "database efd"]],
    },
    "influxdb-grant-gone": {
      about: "the reader loses its grant",
      stack: setupWithout(/^.*GRANT READ.*\n/m),
      told: [["changes access", "READ on efd", "leaves the program"]],
    },
    "influxdb-database-gone": {
      about: "a database leaves the setup",
      stack: setupWithout(/^run .*"telegraf".*\n/gm),
      worst: "changes access",
      told: [["harmless", "database telegraf", "stays"]],
    },
    "consumer-removed": {
      about: "a consumer leaves the site's file",
      site: (site) => site.telegraf.consumers.pop(),
      told: [
        ["interrupts", "telegraf-weather", "deleted"],
        ["interrupts", "nobody writes", "ESS"],
      ],
    },
    "consumer-topics-moved": {
      about: "topics move from one consumer to the other",
      site: (site) => {
        site.telegraf.consumers[0].topics = ["lsst.sal.Test.*", "lsst.sal.ESS.*"];
        site.telegraf.consumers[1].topics = ["lsst.sal.DIMM.*"];
      },
      told: [["restarts", "telegraf-test", "instead of", "telegraf-weather"]],
    },
    "consumer-repair": {
      about: "a consumer repairs what it missed",
      site: (site) => (site.telegraf.consumers[0].repair = 1),
      told: [["restarts", "telegraf-test"]],
    },
    "registry-one-replica": {
      about: "the registry restarts with one replica",
      site: (site) => (site.registry.replicas = 1),
      told: [["interrupts", "schema registry", "one replica"]],
    },
    "influxdb-downgrade": {
      about: "InfluxDB goes down to 1.8",
      stack: values("influxdb_influxdb", (all) => (all.image.tag = "1.8.10")),
      told: [["loses data", "influxdb", "1.12.4", "1.8.10"]],
    },
    "external-secret-gone": {
      about: "the Secret of the web server's login leaves the program",
      stack: values("external-secrets_efd-secrets", (all) => {
        all.resources = all.resources.filter(
          (one: EditableJson) => !(one.kind === "ExternalSecret" && one.metadata.namespace === "telegraf"),
        );
      }),
      told: [["interrupts", "Secret telegraf/", "ExternalSecret"]],
    },
    "host-renamed": {
      about: "InfluxDB's route gets another host name",
      stack: (stack) => {
        const route = only(stack, "kubernetes_ingress_v1", /influxdb/);
        route.spec = JSON.parse(JSON.stringify(route.spec).replaceAll("influxdb-local", "influx-local"));
      },
      told: [["interrupts", "influxdb-local-efd.localhost"]],
    },
    "network-policy-gone": {
      about: "InfluxDB's network policy is removed",
      stack: (stack) => {
        const id = Object.keys(stack.resource.kubernetes_network_policy_v1).find((one) => one.startsWith("influxdb_"));
        drop(stack, `kubernetes_network_policy_v1.${id}`);
      },
      told: [["changes access", "network policy", "influxdb", "deleted"]],
    },
    "release-moved": {
      about: "a release gets another address, with Terraform's moved entry",
      stack: (stack) => {
        readdress(stack);
        stack.moved = [
          {
            from: "kubernetes_persistent_volume_claim_v1.influxdb_influxdb",
            to: "kubernetes_persistent_volume_claim_v1.influxdb_data",
          },
        ];
      },
      told: [["harmless", "influxdb/influxdb", "moved"]],
    },
    "pvc-forgotten": {
      about: "the PVC of Kapacitor is forgotten with Terraform's removed entry",
      stack: (stack) => {
        remove("kubernetes_persistent_volume_claim_v1", /^kapacitor/)(stack);
        stack.resource.helm_release.kapacitor_efd.depends_on = [];
        stack.removed = [
          { from: "kubernetes_persistent_volume_claim_v1.kapacitor_kapacitor", lifecycle: [{ destroy: false }] },
        ];
      },
      told: [["harmless", "kapacitor", "forgotten"]],
    },
    "values-unknown": {
      about: "the values of Kapacitor follow something that is not made yet",
      stack: (stack) => {
        stack.resource.kubernetes_config_map_v1.toy = { metadata: { name: "toy", namespace: "kapacitor" } };
        stack.resource.helm_release.kapacitor_efd.values[0] += "\ntoy: ${kubernetes_config_map_v1.toy.id}\n";
      },
      told: [["loses data", "Helm release kapacitor/efd", "could not be judged"]],
    },
    "release-renamed": {
      about: "the release of Kapacitor gets another name",
      stack: (stack) => (stack.resource.helm_release.kapacitor_efd.name = "kapacitor"),
      told: [["interrupts", "kapacitor/efd", "replaced"]],
    },
    "registry-stopped-by-hand": {
      about: "somebody stops the registry by hand",
      byHand: ["kubectl -n kafka scale deployment/schema-registry --replicas=0"],
      putBack: ["kubectl -n kafka scale deployment/schema-registry --replicas=2"],
      told: [["interrupts", "schema registry"]],
    },
  }),
  ...casesOf("platform", {
    "provisioner-gone": {
      about: "the provisioner of volumes leaves the program",
      stack: (stack) => {
        const [id = ""] = Object.keys(stack.resource.kubernetes_deployment_v1);
        drop(stack, `kubernetes_deployment_v1.${id}`);
      },
      told: [["interrupts", "deployment local-path-storage/local-path-provisioner", "deleted"]],
    },
    "namespace-deleted": {
      about: "the namespace kafka leaves the program",
      stack: (stack) => drop(stack, "kubernetes_namespace_v1.kafka"),
      told: [["loses data", "namespace kafka", "deleted"]],
    },
    "namespace-renamed": {
      about: "the namespace influxdb gets another name",
      stack: (stack) => (only(stack, "kubernetes_namespace_v1", /^influxdb$/).metadata.name = "influx"),
      told: [["loses data", "namespace influxdb", "replaced"]],
    },
    "namespace-labels": {
      about: "pods of a namespace are held to another level",
      stack: (stack) =>
        (only(stack, "kubernetes_namespace_v1", /^influxdb$/).metadata.labels["pod-security.kubernetes.io/enforce"] =
          "privileged"),
      told: [["changes access", "namespace influxdb", "labels"]],
    },
    "class-deletes-volumes": {
      about: "the storage class no longer retains volumes",
      stack: (stack) => (only(stack, "kubernetes_storage_class_v1", /./).reclaim_policy = "Delete"),
      told: [["loses data", "storage class", "retains"]],
    },
    "class-other-folders": {
      about: "the class places volumes by another pattern",
      stack: (stack) =>
        (only(stack, "kubernetes_storage_class_v1", /./).parameters = { pathPattern: "{{ .PVC.name }}" }),
      told: [["interrupts", "storage class", "replaced"]],
    },
    "host-path-changed": {
      about: "volumes are made below another folder of the host",
      stack: (stack) => {
        const map = only(stack, "kubernetes_config_map_v1", /local-path/);
        map.data["config.json"] = map.data["config.json"].replace(/\/opt\/[a-z-]+|\/data/, "/scratch");
      },
      told: [["interrupts", "local-path", "folders"]],
    },
    "operator-values": {
      about: "Strimzi's operator gets more memory",
      stack: values("strimzi_strimzi", (all) => (all.resources.limits.memory = "1Gi")),
      told: [["restarts", "strimzi"]],
    },
    "operator-removed": {
      about: "external-secrets leaves the program with its CRDs",
      first: { stack: values("external-secrets_external-secrets", (all) => delete all.crds) },
      stack: (stack) => drop(stack, "helm_release.external-secrets_external-secrets"),
      told: [["loses data", "external-secrets", "CRDs"]],
    },
    "issuer-changed": {
      about: "the site's own authority is made for another name",
      stack: object("cert-manager_issuers", "Certificate", (one) => (one.spec.commonName = "another")),
      told: [["interrupts", "Certificate"]],
    },
  }),
  ...casesOf("cluster", {
    "authority-replaced": {
      about: "the authority of the cluster's API is for another name",
      stack: (stack) => (stack.resource.tls_self_signed_cert["server-ca"].subject = { common_name: "another" }),
      told: [["loses data", "authority", "server-ca", "replaced"]],
    },
    "token-replaced": {
      about: "the join token gets another length",
      stack: (stack) => (stack.resource.random_password.token.length = 64),
      told: [["loses data", "token", "replaced"]],
    },
    "admin-certificate": {
      about: "the administrator's certificate is valid for another time",
      stack: (stack) => (stack.resource.tls_locally_signed_cert.admin.validity_period_hours = 1000),
      told: [["changes access", "administrator"]],
    },
  }),
];
