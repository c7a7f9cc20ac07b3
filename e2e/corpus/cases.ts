/** The cases of the corpus. */
import type { Case, Data } from "./case";
import { DOCKER_CASES } from "./cases-docker";
import { DRIFT_CASES } from "./cases-drift";
import { STEP_CASES } from "./cases-steps";
import { GOOGLE_CASES } from "./cases-google";
import { drop, object, only, remove, rename, values } from "./edit";

/** The site that every case begins with: `local`, with more of everything. */
export function baseSite(site: Data): void {
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

/** Every case. */
export const CASES: readonly Case[] = [
  ...DOCKER_CASES,
  ...GOOGLE_CASES,
  {
    name: "pvc-deleted",
    about: "the PVC of InfluxDB is removed from the program",
    layer: "efd",
    stack: (stack) => {
      remove(stack, "kubernetes_persistent_volume_claim_v1", /^influxdb/);
      stack.resource.helm_release.influxdb_influxdb.depends_on = [];
    },
    expected: { worst: "loses data", told: [["loses data", "PVC", "influxdb", "deleted"]] },
  },
  {
    name: "pvc-replaced",
    about: "the PVC of Chronograf gets another access mode",
    layer: "efd",
    stack: (stack) => {
      only(stack, "kubernetes_persistent_volume_claim_v1", /^chronograf/).spec.access_modes = ["ReadWriteMany"];
    },
    expected: { worst: "loses data", told: [["loses data", "PVC", "chronograf", "replaced"]] },
  },
  {
    name: "pvc-replaced-protected",
    about: "the same where the PVC is protected: Terraform refuses its own plan",
    layer: "efd",
    stack: (stack) => {
      const pvc = only(stack, "kubernetes_persistent_volume_claim_v1", /^influxdb/);
      pvc.spec.access_modes = ["ReadWriteMany"];
      pvc.lifecycle = { prevent_destroy: true };
    },
    expected: { worst: "loses data", told: [["loses data", "PVC", "influxdb", "replaced"]] },
  },
  {
    name: "pvc-renamed",
    about: "the PVC of InfluxDB gets another name, and its chart follows",
    layer: "efd",
    stack: (stack) => {
      only(stack, "kubernetes_persistent_volume_claim_v1", /^influxdb/).metadata.name = "influxdb-data";
      values(stack, "influxdb_influxdb", (all) => (all.persistence.existingClaim = "influxdb-data"));
    },
    expected: {
      worst: "loses data",
      told: [
        ["loses data", "PVC influxdb/influxdb", "replaced"],
        ["loses data", "influxdb/influxdb", "no longer uses its volume"],
      ],
    },
  },
  {
    name: "pvc-grows",
    about: "the site asks for a larger volume of InfluxDB",
    layer: "efd",
    site: (site) => (site.influxdb.disk = "4Gi"),
    expected: { worst: "harmless", told: [["harmless", "influxdb/influxdb", "2Gi", "4Gi"]] },
  },
  {
    name: "chart-drops-pvc",
    about: "the values of InfluxDB no longer name the PVC",
    layer: "efd",
    stack: (stack) => values(stack, "influxdb_influxdb", (all) => delete all.persistence.existingClaim),
    expected: { worst: "loses data", told: [["loses data", "influxdb/influxdb", "existingClaim"]] },
  },
  {
    name: "persistence-off",
    about: "somebody turns persistence of InfluxDB off",
    layer: "efd",
    stack: (stack) => values(stack, "influxdb_influxdb", (all) => (all.persistence = { enabled: false })),
    expected: { worst: "loses data", told: [["loses data", "influxdb/influxdb", "no longer uses its volume"]] },
  },
  {
    name: "chronograf-volume-gone",
    about: "the volume with Chronograf's database leaves its values",
    layer: "efd",
    stack: (stack) => values(stack, "chronograf_efd", (all) => (all.volumes = [])),
    expected: { worst: "loses data", told: [["loses data", "chronograf/efd", "no longer uses its volume"]] },
  },
  {
    name: "kafka-retention-shorter",
    about: "Kafka keeps messages for 2 h instead of 24 h",
    layer: "efd",
    site: (site) => (site.kafka.retention = "2h"),
    expected: { worst: "loses data", told: [["loses data", "Kafka", "2 h", "24 h"]] },
  },
  {
    name: "kafka-retention-longer",
    about: "Kafka keeps messages for 48 h instead of 24 h",
    layer: "efd",
    site: (site) => (site.kafka.retention = "48h"),
    expected: { worst: "restarts", told: [["harmless", "Kafka", "48 h", "24 h"]] },
  },
  {
    name: "kafka-renamed",
    about: "the Kafka cluster gets another name",
    layer: "efd",
    stack: (stack) => values(stack, "kafka_kafka-cluster", (all) => (object(all, "Kafka").metadata.name = "sasquatch")),
    expected: { worst: "interrupts", told: [["interrupts", "Kafka kafka/efd", "leaves the program"]] },
  },
  {
    name: "users-removed",
    about: "every account of Kafka leaves the release",
    layer: "efd",
    stack: (stack) =>
      values(
        stack,
        "kafka_kafka-accounts",
        (all) => (all.resources = all.resources.filter((one: Data) => one.kind !== "KafkaUser")),
      ),
    expected: { worst: "interrupts", told: [["interrupts", "account", "ts-salkafka", "deleted"]] },
  },
  {
    name: "kafka-keep-gone",
    about: "Kafka and its pools lose their mark keep",
    layer: "efd",
    stack: (stack) =>
      values(stack, "kafka_kafka-cluster", (all) => {
        for (const one of all.resources) delete one.metadata.annotations?.["helm.sh/resource-policy"];
      }),
    expected: { worst: "harmless", told: [["harmless", "Kafka kafka/efd", "no longer kept"]] },
  },
  {
    name: "broker-removed",
    about: "the site has two brokers instead of three",
    layer: "efd",
    site: (site) => site.kafka.brokers.pop(),
    expected: {
      worst: "loses data",
      told: [
        ["loses data", "broker", "3 to 2"],
        ["interrupts", "listeners"],
      ],
    },
  },
  {
    name: "broker-ids-changed",
    about: "brokers get other node ids",
    layer: "efd",
    site: (site) => (site.kafka.brokers = [6, 7, 8].map((id, i) => ({ id, nodePort: 31090 + i }))),
    expected: { worst: "loses data", told: [["loses data", "broker", "[6,7,8]", "[0,1,2]"]] },
  },
  {
    name: "broker-disk-deleted-with-pvc",
    about: "deleteClaim becomes true",
    layer: "efd",
    stack: (stack) =>
      values(stack, "kafka_kafka-pools", (all) => {
        object(all, "KafkaNodePool", /broker/).spec.storage.volumes[0].deleteClaim = true;
      }),
    expected: { worst: "loses data", told: [["loses data", "volume 0", "broker"]] },
  },
  {
    name: "broker-disk-other",
    about: "brokers get a second class of disk",
    layer: "efd",
    stack: (stack) =>
      values(stack, "kafka_kafka-pools", (all) => {
        object(all, "KafkaNodePool", /broker/).spec.storage.volumes[0].class = "fast";
      }),
    expected: { worst: "interrupts", told: [["interrupts", "volume 0", "another storage class"]] },
  },
  {
    name: "broker-volume-swapped",
    about: "the broker's volume 0 becomes volume 1",
    layer: "efd",
    stack: (stack) =>
      values(stack, "kafka_kafka-pools", (all) => {
        object(all, "KafkaNodePool", /broker/).spec.storage.volumes[0].id = 1;
      }),
    expected: { worst: "loses data", told: [["loses data", "volume 0", "broker", "removed"]] },
  },
  {
    name: "listener-port",
    about: "a broker's NodePort changes",
    layer: "efd",
    site: (site) => (site.kafka.brokers[0].nodePort = 31099),
    expected: { worst: "interrupts", told: [["interrupts", "listeners"]] },
  },
  {
    name: "kafka-upgrade",
    about: "Kafka goes from 4.3.1 to 4.3.2",
    layer: "efd",
    stack: (stack) =>
      values(stack, "kafka_kafka-cluster", (all) => (object(all, "Kafka").spec.kafka.version = "4.3.2")),
    expected: { worst: "restarts", told: [["restarts", "Kafka", "4.3.1", "4.3.2"]] },
  },
  {
    name: "kafka-downgrade",
    about: "Kafka goes down to 4.2.0",
    layer: "efd",
    stack: (stack) =>
      values(stack, "kafka_kafka-cluster", (all) => (object(all, "Kafka").spec.kafka.version = "4.2.0")),
    expected: { worst: "loses data", told: [["loses data", "Kafka", "4.2.0"]] },
  },
  {
    name: "kafka-memory",
    about: "brokers get more memory",
    layer: "efd",
    site: (site) => (site.kafka.brokerResources = { requests: { memory: "1Gi" }, limits: { memory: "2Gi" } }),
    expected: { worst: "restarts", told: [["restarts", "broker"]] },
  },
  {
    name: "topic-removed",
    about: "a topic leaves the site's file",
    layer: "efd",
    site: (site) => site.kafka.topics.pop(),
    expected: { worst: "harmless", told: [["harmless", "topic lsst.sal.ESS.airFlow", "stays in Kafka"]] },
  },
  {
    name: "topic-retention",
    about: "a topic keeps messages for a minute",
    layer: "efd",
    stack: (stack) => {
      values(stack, "kafka_kafka-accounts", (all) => {
        object(all, "KafkaTopic", /airflow/i).spec.config = { "retention.ms": 60000 };
      });
    },
    expected: { worst: "loses data", told: [["loses data", "topic lsst.sal.ESS.airFlow"]] },
  },
  {
    name: "schemas-not-compacted",
    about: "_schemas is no longer compacted",
    layer: "efd",
    stack: (stack) =>
      values(stack, "kafka_kafka-accounts", (all) => {
        object(all, "KafkaTopic", /schemas/).spec.config["cleanup.policy"] = "delete";
      }),
    expected: { worst: "loses data", told: [["loses data", "_schemas"]] },
  },
  {
    name: "partitions-fewer",
    about: "a topic has one partition instead of three",
    layer: "efd",
    site: (site) => (site.kafka.topics[0].partitions = 1),
    expected: { worst: "interrupts", told: [["interrupts", "heartbeat", "3 to 1 partitions"]] },
  },
  {
    name: "user-removed",
    about: "an account of Kafka leaves the site's file",
    layer: "efd",
    site: (site) => (site.kafka.clients = site.kafka.clients.filter((one: Data) => one.name !== "reader")),
    expected: { worst: "interrupts", told: [["interrupts", "account reader", "deleted"]] },
  },
  {
    name: "user-rights",
    about: "an account may read only",
    layer: "efd",
    site: (site) => (site.kafka.clients[0].access = "read"),
    expected: { worst: "changes access", told: [["changes access", "ts-salkafka", "loses"]] },
  },
  {
    name: "user-whole-topic",
    about: "an account that had every topic with a prefix has the one topic of that name",
    layer: "efd",
    site: (site) => {
      const reader = site.kafka.clients.find(({ name }: Data) => name === "reader");
      Object.assign(reader, { prefixes: [], topics: ["lsst.sal"] });
    },
    expected: {
      worst: "changes access",
      told: [["changes access", "account reader", "loses Read on topic lsst.sal*", "gets Read on topic lsst.sal,"]],
    },
  },
  {
    name: "user-certificate",
    about: "an account logs in with a certificate instead of its password",
    layer: "efd",
    site: (site) => (site.kafka.clients.find(({ name }: Data) => name === "reader").login = "tls"),
    expected: {
      worst: "interrupts",
      told: [["interrupts", "account reader", "logs in with a certificate", "inside the cluster only"]],
    },
  },
  {
    name: "influxdb-retention-shorter",
    about: "InfluxDB keeps the EFD for a week instead of 30 days",
    layer: "efd",
    site: (site) => (site.influxdb.retention = "7d"),
    expected: { worst: "loses data", told: [["loses data", "database efd", "168 h", "720 h"]] },
  },
  {
    name: "influxdb-retention-longer",
    about: "InfluxDB keeps the EFD for a year",
    layer: "efd",
    site: (site) => (site.influxdb.retention = "52w"),
    expected: { worst: "harmless", told: [["harmless", "database efd"]] },
  },
  {
    name: "influxdb-grant-gone",
    about: "the reader loses its grant",
    layer: "efd",
    stack: (stack) => {
      const script = only(stack, "kubernetes_config_map_v1", /influxdb-setup/);
      script.data["setup.sh"] = script.data["setup.sh"].replace(/^.*GRANT READ.*\n/m, "");
    },
    expected: { worst: "changes access", told: [["changes access", "READ on efd", "leaves the program"]] },
  },
  {
    name: "influxdb-database-gone",
    about: "a database leaves the setup",
    layer: "efd",
    stack: (stack) => {
      const script = only(stack, "kubernetes_config_map_v1", /influxdb-setup/);
      script.data["setup.sh"] = script.data["setup.sh"].replace(/^run .*"telegraf".*\n/gm, "");
    },
    expected: { worst: "changes access", told: [["harmless", "database telegraf", "stays"]] },
  },
  {
    name: "consumer-removed",
    about: "a consumer leaves the site's file",
    layer: "efd",
    site: (site) => site.telegraf.consumers.pop(),
    expected: {
      worst: "interrupts",
      told: [
        ["interrupts", "telegraf-weather", "deleted"],
        ["interrupts", "nobody writes", "ESS"],
      ],
    },
  },
  {
    name: "consumer-topics-moved",
    about: "topics move from one consumer to the other",
    layer: "efd",
    site: (site) => {
      site.telegraf.consumers[0].topics = ["lsst.sal.Test.*", "lsst.sal.ESS.*"];
      site.telegraf.consumers[1].topics = ["lsst.sal.DIMM.*"];
    },
    expected: { worst: "restarts", told: [["restarts", "telegraf-test", "instead of telegraf-weather"]] },
  },
  {
    name: "consumer-repair",
    about: "a consumer repairs what it missed",
    layer: "efd",
    site: (site) => (site.telegraf.consumers[0].repair = true),
    expected: { worst: "restarts", told: [["restarts", "telegraf-test"]] },
  },
  {
    name: "registry-one-replica",
    about: "the registry restarts with one replica",
    layer: "efd",
    site: (site) => (site.registry.replicas = 1),
    expected: { worst: "interrupts", told: [["interrupts", "schema registry", "one replica"]] },
  },
  {
    name: "influxdb-downgrade",
    about: "InfluxDB goes down to 1.8",
    layer: "efd",
    stack: (stack) => values(stack, "influxdb_influxdb", (all) => (all.image.tag = "1.8.10")),
    expected: { worst: "loses data", told: [["loses data", "influxdb", "1.12.4", "1.8.10"]] },
  },
  {
    name: "external-secret-gone",
    about: "the Secret of the web server's login leaves the program",
    layer: "efd",
    stack: (stack) =>
      values(stack, "external-secrets_efd-secrets", (all) => {
        all.resources = all.resources.filter(
          (one: Data) => !(one.kind === "ExternalSecret" && one.metadata.namespace === "telegraf"),
        );
      }),
    expected: { worst: "interrupts", told: [["interrupts", "Secret telegraf/", "ExternalSecret"]] },
  },
  {
    name: "host-renamed",
    about: "InfluxDB's route gets another host name",
    layer: "efd",
    stack: (stack) => {
      const route = only(stack, "kubernetes_ingress_v1", /influxdb/);
      const text = JSON.stringify(route.spec).replaceAll("influxdb-local-efd.localhost", "influx-local-efd.localhost");
      route.spec = JSON.parse(text);
    },
    expected: { worst: "interrupts", told: [["interrupts", "influxdb-local-efd.localhost"]] },
  },
  {
    name: "network-policy-gone",
    about: "InfluxDB's network policy is removed",
    layer: "efd",
    stack: (stack) => {
      const id = Object.keys(stack.resource.kubernetes_network_policy_v1).find((one) => one.startsWith("influxdb_"));
      drop(stack, `kubernetes_network_policy_v1.${id}`);
    },
    expected: { worst: "changes access", told: [["changes access", "network policy", "influxdb", "deleted"]] },
  },
  {
    name: "release-moved",
    about: "a release gets another address, with Terraform's moved entry",
    layer: "efd",
    stack: (stack) => {
      rename(stack, "kubernetes_persistent_volume_claim_v1", "influxdb_influxdb", "influxdb_data");
      stack.resource.helm_release.influxdb_influxdb.depends_on = [];
      stack.moved = [
        {
          from: "kubernetes_persistent_volume_claim_v1.influxdb_influxdb",
          to: "kubernetes_persistent_volume_claim_v1.influxdb_data",
        },
      ];
    },
    expected: { worst: "harmless", told: [["harmless", "influxdb/influxdb", "moved"]] },
  },
  {
    name: "pvc-forgotten",
    about: "the PVC of Kapacitor is forgotten with Terraform's removed entry",
    layer: "efd",
    stack: (stack) => {
      remove(stack, "kubernetes_persistent_volume_claim_v1", /^kapacitor/);
      stack.resource.helm_release.kapacitor_efd.depends_on = [];
      stack.removed = [
        { from: "kubernetes_persistent_volume_claim_v1.kapacitor_kapacitor", lifecycle: [{ destroy: false }] },
      ];
    },
    expected: { worst: "harmless", told: [["harmless", "kapacitor", "forgotten"]] },
  },
  {
    name: "release-renamed",
    about: "the release of Kapacitor gets another name",
    layer: "efd",
    stack: (stack) => {
      stack.resource.helm_release.kapacitor_efd.name = "kapacitor";
    },
    expected: { worst: "interrupts", told: [["interrupts", "kapacitor/efd", "replaced"]] },
  },
  {
    name: "registry-stopped-by-hand",
    about: "somebody stops the registry by hand",
    layer: "efd",
    byHand: [["kubectl", "-n", "kafka", "scale", "deployment/schema-registry", "--replicas=0"]],
    putBack: [["kubectl", "-n", "kafka", "scale", "deployment/schema-registry", "--replicas=2"]],
    expected: { worst: "interrupts", told: [["interrupts", "schema registry"]] },
  },
  {
    name: "namespace-deleted",
    about: "the namespace kafka leaves the program",
    layer: "platform",
    stack: (stack) => {
      const text = JSON.stringify(stack)
        .replaceAll('"kubernetes_namespace_v1.kafka",', "")
        .replaceAll(',"kubernetes_namespace_v1.kafka"', "");
      Object.assign(stack, JSON.parse(text));
      remove(stack, "kubernetes_namespace_v1", /^kafka$/);
    },
    expected: { worst: "loses data", told: [["loses data", "namespace kafka", "deleted"]] },
  },
  {
    name: "namespace-renamed",
    about: "the namespace influxdb gets another name",
    layer: "platform",
    stack: (stack) => {
      only(stack, "kubernetes_namespace_v1", /^influxdb$/).metadata.name = "influx";
    },
    expected: { worst: "loses data", told: [["loses data", "namespace influxdb", "replaced"]] },
  },
  {
    name: "namespace-labels",
    about: "pods of a namespace are held to another level",
    layer: "platform",
    stack: (stack) => {
      only(stack, "kubernetes_namespace_v1", /^influxdb$/).metadata.labels["pod-security.kubernetes.io/enforce"] =
        "privileged";
    },
    expected: { worst: "changes access", told: [["changes access", "namespace influxdb", "labels"]] },
  },
  {
    name: "class-deletes-volumes",
    about: "the storage class no longer retains volumes",
    layer: "platform",
    stack: (stack) => {
      only(stack, "kubernetes_storage_class_v1", /./).reclaim_policy = "Delete";
    },
    expected: { worst: "loses data", told: [["loses data", "storage class", "retains"]] },
  },
  {
    name: "class-other-folders",
    about: "the class places volumes by another pattern",
    layer: "platform",
    stack: (stack) => {
      only(stack, "kubernetes_storage_class_v1", /./).parameters = { pathPattern: "{{ .PVC.name }}" };
    },
    expected: { worst: "interrupts", told: [["interrupts", "storage class", "replaced"]] },
  },
  {
    name: "host-path-changed",
    about: "volumes are made below another folder of the host",
    layer: "platform",
    stack: (stack) => {
      const map = only(stack, "kubernetes_config_map_v1", /local-path/);
      map.data["config.json"] = map.data["config.json"].replace(/\/opt\/[a-z-]+|\/data/, "/scratch");
    },
    expected: { worst: "interrupts", told: [["interrupts", "local-path", "folders"]] },
  },
  {
    name: "operator-values",
    about: "Strimzi's operator gets more memory",
    layer: "platform",
    stack: (stack) => values(stack, "strimzi_strimzi", (all) => (all.resources.limits.memory = "1Gi")),
    expected: { worst: "restarts", told: [["restarts", "strimzi"]] },
  },
  {
    name: "operator-removed",
    about: "external-secrets leaves the program with its CRDs",
    layer: "platform",
    stack: (stack) => drop(stack, "helm_release.external-secrets_external-secrets"),
    expected: { worst: "loses data", told: [["loses data", "external-secrets", "CRDs"]] },
  },
  {
    name: "issuer-changed",
    about: "the site's own authority is made for another name",
    layer: "platform",
    stack: (stack) =>
      values(stack, "cert-manager_issuers", (all) => {
        object(all, "Certificate").spec.commonName = "another";
      }),
    expected: { worst: "interrupts", told: [["interrupts", "Certificate"]] },
  },
  {
    name: "authority-replaced",
    about: "the authority of the cluster's API is for another name",
    layer: "cluster",
    stack: (stack) => {
      stack.resource.tls_self_signed_cert["server-ca"].subject = { common_name: "another" };
    },
    expected: { worst: "loses data", told: [["loses data", "authority", "server-ca", "replaced"]] },
  },
  {
    name: "token-replaced",
    about: "the join token gets another length",
    layer: "cluster",
    stack: (stack) => {
      stack.resource.random_password.token.length = 64;
    },
    expected: { worst: "loses data", told: [["loses data", "token", "replaced"]] },
  },
  {
    name: "admin-certificate",
    about: "the administrator's certificate is valid for another time",
    layer: "cluster",
    stack: (stack) => {
      stack.resource.tls_locally_signed_cert.admin.validity_period_hours = 1000;
    },
    expected: { worst: "changes access", told: [["changes access", "administrator"]] },
  },
  ...STEP_CASES,
  ...DRIFT_CASES,
];
