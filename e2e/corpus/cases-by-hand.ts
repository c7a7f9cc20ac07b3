/** Cases in which somebody changes by hand what a rule looks at: a case for each rule that a drift can show. */
import { type Case, casesOf, type Command, type EditableJson } from "./case";
import { persisted, withConnect } from "./cases-points";
import { upgrade } from "./cases-steps";
import { proxy } from "./cases-rest-proxy";
import { values } from "./edit";

const HEARTBEAT = "lsst.sal.test.logevent-heartbeat-09760ba4";

/** The site as it is: an apply afterwards makes again what somebody deleted. */
const AS_IT_IS = { first: {} } as const;

/** JSON without a space, as a command takes it. */
const json = (value: unknown): string => JSON.stringify(value).replaceAll(" ", "\\u0020");

const patch = (namespace: string, object: string, change: object): Command =>
  `kubectl -n ${namespace} patch ${object} --type=merge -p ${json(change)}`;
const patchAt = (namespace: string, object: string, path: string, value?: unknown): Command =>
  `kubectl -n ${namespace} patch ${object} --type=json -p ${json([value === undefined ? { op: "remove", path } : { op: "replace", path, value }])}`;

/** What a consumer's configuration says at least. */
const consumer = (topics: string, time: string): string =>
  [
    "[[inputs.kafka_consumer]]",
    `topic_regexps = ['^${topics.replaceAll(".", "\\.")}\\..*$']`,
    'consumer_group = "telegraf-weather"',
    `avro_timestamp = "${time}"`,
    "[[outputs.http]]",
    'url = "http://influxdb.influxdb:8086/write?db=efd"',
    "",
  ].join("\n");
const configured = (topics: string, time: string): Command =>
  patch("telegraf", "configmap/telegraf-weather", { data: { "telegraf.conf": consumer(topics, time) } });

/** A setup that keeps the EFD for a day, and has lost a database and a user. */
const SETUP =
  'run \'CREATE DATABASE "efd"\'\nrun \'ALTER RETENTION POLICY "autogen" ON "efd" DURATION 24h REPLICATION 1 DEFAULT\'\n';

/** An annotation or a label goes. */
const FINALIZERS = { metadata: { finalizers: null } };

/** Every one of them. */
export const BY_HAND_CASES: readonly Case[] = [
  ...casesOf("efd", {
    "consumer-stopped-by-hand": {
      about: "somebody stops a consumer",
      byHand: ["kubectl -n telegraf scale deployment/telegraf-weather --replicas=0"],
      putBack: ["kubectl -n telegraf scale deployment/telegraf-weather --replicas=1"],
      told: [["interrupts", "consumer telegraf-weather", "stopped"]],
    },
    "consumer-time-by-hand": {
      ...AS_IT_IS,
      about: "somebody rewrites a consumer's configuration, with another field as the time",
      byHand: [configured("lsst.sal.ESS", "private_rcvStamp")],
      told: [
        ["loses data", "telegraf-weather"],
        ["loses data", "telegraf-weather", "private_rcvStamp"],
      ],
    },
    "consumer-topics-by-hand": {
      ...AS_IT_IS,
      about: "somebody gives a consumer other topics",
      byHand: [configured("lsst.sal.DIMM", "private_efdStamp")],
      told: [["interrupts", "nobody writes lsst.sal.ESS.* into efd"]],
    },
    "influxdb-setup-by-hand": {
      ...AS_IT_IS,
      about: "somebody shortens the setup of InfluxDB: a day for the EFD, one database and no reader",
      byHand: [patch("influxdb", "configmap/influxdb-setup", { data: { "setup.sh": SETUP } })],
      told: [
        ["loses data", "database efd", "24 h", "720 h"],
        ["harmless", "database telegraf", "stays"],
        ["changes access", "READ on efd", "leaves the program"],
      ],
    },
    "schedule-deleted-by-hand": {
      ...AS_IT_IS,
      about: "somebody deletes the schedule of InfluxDB's setup",
      byHand: ["kubectl -n influxdb delete cronjob/influxdb-setup"],
      told: [["changes access", "cron job", "influxdb", "deleted"]],
    },
    "policy-deleted-by-hand": {
      ...AS_IT_IS,
      about: "somebody deletes the network policy of InfluxDB",
      byHand: ["kubectl -n influxdb delete networkpolicy/influxdb"],
      told: [["changes access", "network policy", "influxdb", "deleted"]],
    },
    "pvc-deleted-by-hand": {
      ...AS_IT_IS,
      about: "somebody deletes the PVC of Chronograf",
      byHand: [
        "kubectl -n chronograf delete pvc/chronograf --wait=false",
        patch("chronograf", "pvc/chronograf", FINALIZERS),
      ],
      told: [["loses data", "PVC chronograf/chronograf", "deleted"]],
    },
    "volume-swapped-by-hand": {
      about: "somebody gives Kapacitor another PVC",
      byHand: [
        patchAt(
          "kapacitor",
          "deployment/efd-kapacitor",
          "/spec/template/spec/volumes/0/persistentVolumeClaim/claimName",
          "other",
        ),
      ],
      putBack: ["helm rollback efd -n kapacitor 1"],
      told: [["loses data", "efd-kapacitor", "no longer uses its volume"]],
    },
    "route-deleted-by-hand": {
      ...AS_IT_IS,
      about: "somebody deletes the route of InfluxDB",
      byHand: ["kubectl -n influxdb delete ingress/influxdb"],
      told: [["interrupts", "nothing answers at influxdb-local-efd.localhost"]],
    },
    "rest-proxy-stopped-by-hand": {
      first: { site: proxy },
      site: proxy,
      about: "somebody stops the REST proxy",
      byHand: ["kubectl -n kafka scale deployment/rest-proxy --replicas=0"],
      told: [["interrupts", "the REST proxy is stopped"]],
    },
    "brokers-fewer-by-hand": {
      about: "somebody takes a broker away",
      byHand: [patch("kafka", "kafkanodepool/broker", { spec: { replicas: 2 } })],
      putBack: [patch("kafka", "kafkanodepool/broker", { spec: { replicas: 3 } })],
      told: [["loses data", "broker", "3 to 2"]],
    },
    "broker-disk-by-hand": {
      about: "somebody lets the brokers' volumes go with their PVCs",
      byHand: [patchAt("kafka", "kafkanodepool/broker", "/spec/storage/volumes/0/deleteClaim", true)],
      putBack: [patchAt("kafka", "kafkanodepool/broker", "/spec/storage/volumes/0/deleteClaim", false)],
      told: [["loses data", "volume 0", "broker"]],
    },
    "broker-memory-by-hand": {
      about: "somebody gives the brokers more memory",
      byHand: [patch("kafka", "kafkanodepool/broker", { spec: { resources: { limits: { memory: "3Gi" } } } })],
      putBack: ["kubectl -n kafka delete kafkanodepool/broker", "helm rollback kafka-pools -n kafka 1"],
      told: [["restarts", "broker", "changes"]],
    },
    "listener-by-hand": {
      about: "somebody takes the outer listener away",
      byHand: [patchAt("kafka", "kafka/efd", "/spec/kafka/listeners/2")],
      putBack: ["kubectl -n kafka delete kafka/efd", "helm rollback kafka-cluster -n kafka 1"],
      told: [["interrupts", "listeners", "external is removed"]],
    },
    "kafka-version-by-hand": {
      about: "somebody takes Kafka back to an older version",
      byHand: [patch("kafka", "kafka/efd", { spec: { kafka: { version: "4.2.0" } } })],
      putBack: [patch("kafka", "kafka/efd", { spec: { kafka: { version: "4.3.1" } } })],
      told: [["loses data", "Kafka", "4.3.1 to 4.2.0"]],
    },
    "kafka-keep-by-hand": {
      about: "somebody takes the mark keep from Kafka",
      byHand: ["kubectl -n kafka annotate kafka/efd helm.sh/resource-policy-"],
      putBack: ["kubectl -n kafka annotate kafka/efd helm.sh/resource-policy=keep"],
      told: [["harmless", "Kafka kafka/efd", "no longer kept"]],
    },
    "kafka-deleted-by-hand": {
      about: "somebody deletes the node pool of the brokers",
      byHand: ["kubectl -n kafka delete kafkanodepool/broker"],
      putBack: ["helm rollback kafka-pools -n kafka 1"],
      told: [["loses data", "node pool kafka/broker", "deleted"]],
    },
    "user-deleted-by-hand": {
      about: "somebody deletes an account of Kafka",
      byHand: ["kubectl -n kafka delete kafkauser/reader"],
      putBack: ["helm rollback kafka-accounts -n kafka 1"],
      told: [["interrupts", "account reader", "deleted"]],
    },
    "topic-partitions-by-hand": {
      about: "somebody asks for fewer partitions of a topic, and for larger messages",
      byHand: [
        `kubectl -n kafka patch kafkatopic/${HEARTBEAT} --type=merge -p ${json({ spec: { partitions: 1, config: { "max.message.bytes": 10485760 } } })}`,
      ],
      putBack: [
        `kubectl -n kafka patch kafkatopic/${HEARTBEAT} --type=merge -p ${json({ spec: { partitions: 3, config: null } })}`,
      ],
      told: [
        ["interrupts", "heartbeat", "3 to 1 partitions"],
        ["harmless", "heartbeat", "max.message.bytes"],
      ],
    },
    "secret-deleted-by-hand": {
      about: "somebody deletes an ExternalSecret, and lets another one make its password again",
      byHand: [
        "kubectl -n telegraf delete externalsecret/telegraf-secret",
        patch("influxdb", "externalsecret/influxdb-setup", { spec: { refreshPolicy: "Periodic" } }),
      ],
      putBack: [
        "kubectl -n influxdb delete externalsecret/influxdb-setup",
        "helm rollback efd-secrets -n external-secrets 1",
      ],
      told: [
        ["interrupts", "Secret telegraf/", "ExternalSecret"],
        ["interrupts", "generated Secret influxdb-setup", "generated again"],
      ],
    },
    "sink-deleted-by-hand": {
      first: { site: withConnect },
      site: withConnect,
      about: "somebody deletes a sink of Kafka Connect",
      byHand: ["kubectl -n kafka delete kafkaconnector/influxdb-mount"],
      told: [["interrupts", "influxdb-mount", "deleted"]],
    },
    "program-down-by-hand": {
      first: { stack: values("kapacitor_efd", (all: EditableJson) => (all.image = { ...all.image, tag: "1.9.9" })) },
      about: "somebody rolls Kapacitor's release back to an older version of the program",
      byHand: ["helm rollback efd -n kapacitor"],
      told: [["loses data", "kapacitor goes down from 1.9.9"]],
    },
    "chart-down-by-hand": {
      ...upgrade("kapacitor_efd", "kapacitor", "1.4.7", "1.5.0"),
      first: { stack: upgrade("kapacitor_efd", "kapacitor", "1.4.7", "1.5.0").stack },
      about: "somebody rolls a release back to a lower version of its chart",
      byHand: ["helm rollback efd -n kapacitor"],
      told: [["interrupts", "kapacitor/efd", "1.5.0", "1.4.7"]],
    },
    "chart-with-pvc-uninstalled-by-hand": {
      first: { stack: persisted("1Gi") },
      stack: persisted("1Gi"),
      about: "somebody uninstalls Kapacitor, on a PVC that its chart made",
      byHand: ["helm uninstall efd -n kapacitor"],
      told: [
        ["loses data", "PVC that the chart of", "kapacitor"],
        ["interrupts", "Helm release kapacitor/efd", "deleted"],
      ],
    },
  }),
  ...casesOf("platform", {
    "namespace-deleted-by-hand": {
      first: { stack: withNamespace },
      stack: withNamespace,
      about: "somebody deletes a namespace",
      byHand: ["kubectl delete namespace/toy"],
      told: [["loses data", "namespace toy", "deleted"]],
    },
    "namespace-label-by-hand": {
      ...AS_IT_IS,
      about: "somebody holds the pods of a namespace to a looser level",
      byHand: ["kubectl label namespace/influxdb pod-security.kubernetes.io/enforce=privileged --overwrite"],
      told: [["changes access", "namespace influxdb", "labels"]],
    },
    "secret-of-terraform-deleted-by-hand": {
      first: { stack: withSecret },
      stack: withSecret,
      about: "somebody deletes the Secret with the token of Vault",
      byHand: ["kubectl -n external-secrets delete secret/vault-token"],
      told: [["interrupts", "Secret external-secrets/vault-token", "deleted"]],
    },
    "folders-by-hand": {
      ...AS_IT_IS,
      about: "somebody lets volumes be made in another folder",
      byHand: [patch("local-path-storage", "configmap/local-path-config", { data: { "config.json": "{}" } })],
      told: [["interrupts", "local-path", "folders"]],
    },
    "class-deleted-by-hand": {
      ...AS_IT_IS,
      about: "somebody deletes the storage class",
      byHand: ["kubectl delete storageclass/local-path"],
      told: [["interrupts", "storage class", "deleted"]],
    },
    "certificate-by-hand": {
      about: "somebody makes the site's authority for another name",
      byHand: [patch("cert-manager", "certificate/efd-ca", { spec: { commonName: "another" } })],
      putBack: ["kubectl -n cert-manager delete certificate/efd-ca", "helm rollback issuers -n cert-manager 1"],
      told: [["interrupts", "Certificate"]],
    },
    "class-and-provisioner-by-hand": {
      ...AS_IT_IS,
      about: "somebody deletes the provisioner of volumes",
      byHand: ["kubectl -n local-path-storage delete deployment/local-path-provisioner"],
      told: [["interrupts", "local-path-provisioner", "deleted"]],
    },
  }),
];

function withNamespace(stack: EditableJson): void {
  stack.resource.kubernetes_namespace_v1.toy = { metadata: { name: "toy" } };
}

function withSecret(stack: EditableJson): void {
  (stack.resource.kubernetes_secret_v1 ??= {})["secret-stores_token"] = {
    metadata: { name: "vault-token", namespace: "external-secrets" },
    data_wo: { token: "canary-1" },
    data_wo_revision: 1,
    depends_on: ["kubernetes_namespace_v1.external-secrets"],
  };
}
