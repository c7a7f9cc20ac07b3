import { parse } from "smol-toml";
import { notesOn } from "../../../environments/derived/notes";
import { parseEnvironment } from "../../../environments/parse";
import { topicsOf } from "../../../environments/sites/cscs";
import type { StackView } from "../../../synthesized/stack";
import { environmentOf, SITE_NAMES, stack, stacksOf } from "../../support/sites";
import { sixthSite } from "../../support/sixth-site";
import {
  addressOf,
  at,
  before,
  consumerConfigurations,
  customResource,
  hostOf,
  readyJob,
  TABLE,
  texts,
  valuesUnder,
  unescaped,
  WITH_CONNECT,
} from "../support";

/** Kinds of Kafka Connect. */
const KINDS = ["KafkaConnect", "KafkaConnector", "KafkaMirrorMaker2"];
const efd = (site: string) => stack(site, "efd");
const connector = (view: StackView, name: string) => customResource(view, "KafkaConnector", name).spec;
const config = (view: StackView, name: string) => at(connector(view, name), "config") as Record<string, unknown>;

const WITHOUT = TABLE.filter((site) => !WITH_CONNECT.includes(site));

test.each(WITHOUT)("EFD-57, EFD-60, EFD-61: %s has no Connect, no mirror and no sink into a bucket", (site) => {
  expect(
    efd(site)
      .customResources()
      .filter(({ kind }) => KINDS.includes(kind)),
  ).toEqual([]);
  expect(texts(efd(site).json).filter((text) => /influxdb-connect|aws-secret|mirror-source/.test(text))).toEqual([]);
});

/** A made-up site that has what argocd-efd 2021-09 had at ncsa-int: no site of ours writes InfluxDB by Connect. */
describe("a site with Connect's sink into InfluxDB", () => {
  const CSCS = ["ATAOS", "MTMount", "Script"];
  const input = {
    ...sixthSite,
    connect: {
      image: "registry.example.org/kafka-connect:1.0.0",
      sinks: [
        { name: "influxdb-main", topics: CSCS.flatMap((csc) => topicsOf(csc, "logevent_heartbeat")) },
        {
          name: "influxdb-weather-station",
          topics: topicsOf("WeatherStation", "windSpeed", "airTemperature", "logevent_heartbeat"),
          tags: ["salIndex"],
        },
      ],
    },
    telegraf: { consumers: [{ name: "m1m3", topics: ["lsst.sal.MTM1M3.*"] }] },
  };
  const site = stacksOf(input).find(({ layer }) => layer === "efd");
  if (!site) throw new Error("it has no EFD");
  const topicsOfSink = (name: string) => String(config(site, name)["topics"]).split(",");
  const NAMES = ["influxdb-main", "influxdb-weather-station"];

  test("EFD-57: connectors of argocd-efd 2021-09, by their names", () => {
    const connectors = site.customResources("KafkaConnector");
    expect(connectors.map(({ metadata }) => metadata.name)).toEqual(NAMES);
    for (const { metadata } of connectors)
      expect(metadata).toMatchObject({ namespace: "kafka", labels: { "strimzi.io/cluster": "efd" } });
  });

  test.each(NAMES)("EFD-57: %s has the settings of argocd-efd 2021-09", (name) => {
    expect(connector(site, name)).toMatchObject({
      class: "io.lenses.streamreactor.connect.influx.InfluxSinkConnector",
      tasksMax: 1,
    });
    expect(config(site, name)).toMatchObject({
      "connect.influx.url": "http://influxdb.influxdb:8086",
      "connect.influx.db": "efd",
      "connect.influx.username": "connect",
      "connect.influx.password": "${secrets:kafka/influxdb-connect:password}",
      // docs/acceptance/efd.md#parts: RETRY, for with NOOP a message that cannot be converted is never seen.
      "connect.influx.error.policy": "RETRY",
      "connect.influx.max.retries": 10,
      "connect.influx.retry.interval": 60000,
      "connect.progress.enabled": false,
    });
    expect(config(site, name)).not.toHaveProperty("topics.regex");
  });

  test.each(NAMES)("EFD-57: %s has one statement for each of its topics, in whole milliseconds", (name) => {
    const topics = topicsOfSink(name);
    expect(topics).toEqual([...new Set(topics)].sort());
    const tags = name === "influxdb-weather-station" ? " WITHTAG (salIndex)" : "";
    expect(String(config(site, name)["connect.influx.kcql"]).split("; ")).toEqual(
      topics.map(
        (topic) =>
          `INSERT INTO ${topic} SELECT * FROM ${topic} WITHTIMESTAMP private_efdStamp TIMESTAMPUNIT=MILLISECONDS${tags}`,
      ),
    );
  });

  test("EFD-58: none takes what another takes", () => {
    expect(topicsOfSink("influxdb-main")).toEqual(CSCS.map((csc) => `lsst.sal.${csc}.logevent_heartbeat`));
    const all = NAMES.flatMap(topicsOfSink);
    expect(new Set(all).size).toBe(all.length);
  });

  test("EFD-54: its workers may read the one Secret that the connectors name", () => {
    const role = site.resource(addressOf(site, "kubernetes_role_v1", "connect-secrets"));
    expect(at(role, "rule.0.resource_names")).toEqual(["influxdb-connect"]);
  });

  test("its tasks restart once the password is another one: none of them would fail", () => {
    const found = site.resource(addressOf(site, "kubernetes_config_map_v1", "rollouts"));
    const targets = unescaped((found["data"] as Record<string, string>)["targets"] ?? "").split("\n");
    expect(targets.filter((line) => line.includes("kafkaconnectors"))).toEqual(
      NAMES.map((name) => `kafka kafkaconnectors ${name} influxdb-connect -`),
    );
    const rules = site
      .resources("kubernetes_role_v1")
      .filter(({ body }) => at(body, "metadata.name") === "rollouts" && at(body, "metadata.namespace") === "kafka")
      .flatMap(({ body }) => body["rule"] as { resources: string[] }[]);
    expect(rules.filter(({ resources }) => resources.includes("kafkaconnectors"))).toEqual([
      {
        api_groups: ["kafka.strimzi.io"],
        resources: ["kafkaconnectors"],
        resource_names: NAMES,
        verbs: ["get", "patch"],
      },
    ]);
  });

  test("its synthesis says in one line what may be lost", () => {
    expect(notesOn(parseEnvironment(input)).filter((line) => line.includes("connect.sinks"))).toEqual([
      expect.stringMatching(/^sixth\.connect\.sinks: .*is lost/),
    ]);
    for (const name of SITE_NAMES)
      expect(notesOn(environmentOf(name)).filter((line) => line.includes("connect.sinks"))).toEqual([]);
  });

  test("workers without connectors may read no Secret: a role without names would let them read all", () => {
    const without = stacksOf({ ...input, connect: { ...input.connect, sinks: [] } }).find(
      ({ layer }) => layer === "efd",
    );
    expect(without?.resources("kubernetes_role_v1").map(({ body }) => at(body, "metadata.name"))).not.toContain(
      "connect-secrets",
    );
  });
});

describe.each(WITH_CONNECT)("%s", (site) => {
  const workers = customResource(efd(site), "KafkaConnect", "efd");

  test("EFD-34: one worker with a heap of 2048 MiB", () => {
    // argocd-efd 2021-09, "Connect replicas" and "Connect heap", ncsa-int.
    expect(workers.spec).toMatchObject({ replicas: 1, jvmOptions: { "-Xms": "2048m", "-Xmx": "2048m" } });
  });

  test("EFD-24: the plugins come with the image, which is an input, for the brokers' version of Kafka", () => {
    expect(workers.spec?.["image"]).toBe("${var.connect_image}");
    expect(workers.spec?.["version"]).toBe(at(customResource(efd(site), "Kafka", "efd").spec, "kafka.version"));
    // Strimzi refuses the workers' own keys for these.
    for (const key of Object.keys(workers.spec?.["config"] as object))
      expect(key).not.toMatch(/^(plugin\.path|group\.id|(ssl|sasl|security|listeners|rest|bootstrap)\.?)/);
  });

  test("no connector writes into InfluxDB: that one loses points in silence", () => {
    expect(
      efd(site)
        .customResources("KafkaConnector")
        .map(({ metadata }) => metadata.name),
    ).toEqual(["s3-sink"]);
    expect(workers.metadata.annotations).toMatchObject({ "strimzi.io/use-connector-resources": "true" });
    expect(texts(efd(site).json).filter((text) => text.includes("influxdb-connect"))).toEqual([]);
  });

  test("EFD-54: passwords are references to Secrets that the workers may read, and no others", () => {
    const references = efd(site)
      .customResources("KafkaConnector")
      .flatMap(({ spec }) => texts(at(spec, "config")))
      .filter((text) => text.includes("${"));
    expect(new Set(references)).toEqual(
      new Set(["${secrets:kafka/aws-secret:aws_access_key_id}", "${secrets:kafka/aws-secret:aws_secret_access_key}"]),
    );
    expect(workers.spec?.["config"]).toMatchObject({
      "config.providers": "secrets",
      "config.providers.secrets.class": "io.strimzi.kafka.KubernetesSecretConfigProvider",
    });
    const role = efd(site).resource(addressOf(efd(site), "kubernetes_role_v1", "connect-secrets"));
    expect(role["rule"]).toEqual([
      {
        api_groups: [""],
        resources: ["secrets"],
        resource_names: ["aws-secret"],
        verbs: ["get"],
      },
    ]);
    const binding = efd(site).resource(addressOf(efd(site), "kubernetes_role_binding_v1", "connect-secrets"));
    // Strimzi: <cluster>-connect.
    expect(binding["subject"]).toMatchObject([{ name: "efd-connect", namespace: "kafka" }]);
    for (const { spec } of efd(site).customResources("KafkaConnector"))
      expect(spec).toMatchObject({ autoRestart: { enabled: true } });
  });

  test("EFD-54: the sink's logger does not print its settings", () => {
    expect(at(workers.spec, "logging.loggers")).toMatchObject({
      "logger.sink.name": "io.lenses.streamreactor",
      "logger.sink.level": "WARN",
    });
  });

  test("EFD-66: Connect logs in with SCRAM and may read, join its groups and keep its own topics", () => {
    expect(at(workers.spec, "authentication")).toEqual({
      type: "scram-sha-512",
      username: "connect",
      passwordSecret: { secretName: "kafka-connect", password: "password" },
    });
    const acls = at(customResource(efd(site), "KafkaUser", "connect").spec, "authorization.acls");
    expect(acls).toEqual([
      { resource: { type: "topic", name: "*", patternType: "literal" }, operations: ["Read", "Describe"] },
      { resource: { type: "group", name: "connect-", patternType: "prefix" }, operations: ["Read", "Describe"] },
      { resource: { type: "topic", name: "connect-", patternType: "prefix" }, operations: ["All"] },
    ]);
    for (const key of ["groupId", "configStorageTopic", "offsetStorageTopic", "statusStorageTopic"])
      expect([key, String(workers.spec?.[key])]).toEqual([key, expect.stringMatching(/^connect-/)]);
  });

  test("EFD-43: workers after registry and databases, connectors after workers", () => {
    const all = before(efd(site), addressOf(efd(site), "helm_release", "kafka-connectors"));
    expect([...all]).toEqual(
      expect.arrayContaining([
        readyJob(efd(site), "kafka-connect"),
        addressOf(efd(site), "kubernetes_deployment_v1", "schema-registry"),
        addressOf(efd(site), "helm_release", "influxdb"),
        addressOf(efd(site), "kubernetes_role_binding_v1", "connect-secrets"),
        readyJob(efd(site), "kafka-accounts"),
      ]),
    );
  });

  test("EFD-35: the registry's mode may change", () => {
    const deployment = efd(site).resource(addressOf(efd(site), "kubernetes_deployment_v1", "schema-registry"));
    expect(at(deployment, "spec.template.spec.container.0.env")).toContainEqual({
      name: "SCHEMA_REGISTRY_MODE_MUTABILITY",
      value: "true",
    });
  });

  test("EFD-60: the mirror copies the Summit's topics, schemas included, under their own names", () => {
    const { spec } = customResource(efd(site), "KafkaMirrorMaker2", "replicator");
    const [mirror, ...others] = at(spec, "mirrors") as Record<string, unknown>[];
    expect(others).toEqual([]);
    const brokers = at(customResource(efd(site), "Kafka", "efd").spec, "kafka.config") as Record<string, unknown>;
    expect(brokers["message.max.bytes"]).toBe(10485760);
    expect(at(mirror, "source.bootstrapServers")).toBe("kafka-summit-efd.lsst.codes:31089");
    expect(at(spec, "target.alias")).toBe("int");
    expect(at(mirror, "sourceConnector.tasksMax")).toBe(1);
    expect(at(mirror, "sourceConnector.config")).toMatchObject({
      "replication.policy.class": "org.apache.kafka.connect.mirror.IdentityReplicationPolicy",
      "sync.topic.acls.enabled": false,
      "offset-syncs.topic.location": "target",
      // As large as the brokers take: Kafka's producers send 1 MiB and no more unless told.
      "producer.override.max.request.size": brokers["message.max.bytes"],
      "key.converter": "org.apache.kafka.connect.converters.ByteArrayConverter",
      "value.converter": "org.apache.kafka.connect.converters.ByteArrayConverter",
    });
    const pattern = new RegExp(String(mirror?.["topicsPattern"]));
    for (const topic of [
      "_schemas",
      "lsst.sal.MTM1M3.logevent_heartbeat",
      "lsst.sal.WeatherStation.windSpeed",
      "lsst.sal.WeatherStation.logevent_heartbeat",
    ])
      expect([topic, pattern.test(topic)]).toEqual([topic, true]);
    for (const topic of ["__consumer_offsets", "lsst.sal.MTM1M3.hardpointActuatorData", "x_schemas", "_schemas2"])
      expect([topic, pattern.test(topic)]).toEqual([topic, false]);
  });

  test("EFD-60: what the consumers take is mirrored, and only they write it", () => {
    const { spec } = customResource(efd(site), "KafkaMirrorMaker2", "replicator");
    const pattern = new RegExp(String(at(spec, "mirrors.0.topicsPattern")));
    const names = consumerConfigurations(site).flatMap(({ text }) =>
      (at(parse(text), "inputs.kafka_consumer.0.topic_regexps") as string[]).map((one) =>
        one.replace(/^\^|\$$/g, "").replaceAll("\\.", "."),
      ),
    );
    expect(names.length).toBeGreaterThan(70);
    // Under the names of the Summit: each pattern is the whole name of one topic.
    for (const name of names) expect([name, /^[\w.]+$/.test(name), pattern.test(name)]).toEqual([name, true, true]);
    expect(new Set(names).size).toBe(names.length);
  });

  test("EFD-60: the source is where all brokers of the Summit are found, and the account one that may only read there", () => {
    const { spec } = customResource(efd(site), "KafkaMirrorMaker2", "replicator");
    const source = at(spec, "mirrors.0.source");
    expect(at(source, "bootstrapServers")).toBe(`${hostOf("summit", "kafka")}:31089`);
    expect(at(source, "authentication.passwordSecret")).toEqual({ secretName: "mirror-source", password: "password" });
    // TLS, trusted as every system trusts.
    expect(at(source, "tls")).toEqual({ trustedCertificates: [] });
    const account = customResource(efd("summit"), "KafkaUser", String(at(source, "authentication.username")));
    const operations = valuesUnder(account.spec, "operations").flat();
    expect([...new Set(operations)].sort()).toEqual(["Describe", "DescribeConfigs", "Read"]);
  });

  test("EFD-60: the mirror may fill what it copies, and nothing else", () => {
    const acls = at(customResource(efd(site), "KafkaUser", "mirror").spec, "authorization.acls") as {
      resource: { type: string; name: string; patternType: string };
      operations: string[];
    }[];
    const data = ["Create", "Write", "Describe", "DescribeConfigs", "Alter"];
    expect(
      acls.map(({ resource: { type, name, patternType }, operations }) => [type, patternType, name, operations]),
    ).toEqual([
      ["group", "prefix", "mirror-", ["Read", "Describe"]],
      ["topic", "prefix", "mirror-", ["All"]],
      ["topic", "prefix", "mm2-offset-syncs.", ["All"]],
      ["topic", "literal", "_schemas", data],
      ["topic", "prefix", "lsst.sal.", data],
      ["topic", "prefix", "lsst.sal.WeatherStation.", data],
    ]);
  });

  test("EFD-61: the sink into the bucket has the settings of argocd-efd 2021-09", () => {
    expect(connector(efd(site), "s3-sink")).toMatchObject({
      class: "io.confluent.connect.s3.S3SinkConnector",
      tasksMax: 1,
    });
    expect(config(efd(site), "s3-sink")).toMatchObject({
      "s3.bucket.name": "efd-int",
      "s3.region": "us-east-1",
      "store.url": "http://lsst-nfs.ncsa.illinois.edu:9003",
      "flush.size": 1000,
      "rotate.interval.ms": 600000,
      "partition.duration.ms": 3600000,
      "path.format": "'year'=YYYY/'month'=MM/'day'=dd/'hour'=HH",
      timezone: "UTC",
      locale: "en-US",
      "s3.part.size": 5242880,
      "s3.part.retries": 3,
      "s3.retry.backoff.ms": 200,
      "schemas.cache.config": 5000,
      "behavior.on.null.values": "fail",
      "timestamp.extractor": "Record",
      "parquet.codec": "snappy",
    });
    const pattern = new RegExp(String(config(efd(site), "s3-sink")["topics.regex"]));
    expect(["lsst.sal.Test.logevent_heartbeat", "lsst.obsenv.summary"].map((one) => pattern.test(one))).toEqual([
      true,
      false,
    ]);
    // argocd-efd 2021-09: the two keys of aws-secret.
    expect(at(customResource(efd(site), "ExternalSecret", "aws-secret").spec, "data")).toEqual(
      ["aws_access_key_id", "aws_secret_access_key"].map((key) => ({
        secretKey: key,
        remoteRef: { key: "k8s_operator/lsst-lsp-int.ncsa.illinois.edu/efd/aws-secret", property: key },
      })),
    );
  });
});

test.each(WITHOUT)("EFD-35: %s has no registry whose mode can change", (site) => {
  const deployment = efd(site).resource(addressOf(efd(site), "kubernetes_deployment_v1", "schema-registry"));
  expect(at(deployment, "spec.template.spec.container.0.env")).toContainEqual({
    name: "SCHEMA_REGISTRY_MODE_MUTABILITY",
    value: "false",
  });
});
