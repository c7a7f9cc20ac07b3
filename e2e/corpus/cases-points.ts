/** Cases of what points are: their time, tags, names and database, at a consumer and at a sink of Kafka Connect. */
import { type Case, casesOf, type EditableJson } from "./case";
import { object, only, values } from "./edit";

/** A consumer's configuration with another text. */
const configured =
  (from: RegExp | string, to: string) =>
  (stack: EditableJson): void => {
    const { data } = only(stack, "kubernetes_config_map_v1", /^telegraf-test/);
    const changed = data["telegraf.conf"].replace(from, to);
    if (changed === data["telegraf.conf"]) throw new Error(`the configuration has no ${String(from)}`);
    data["telegraf.conf"] = changed;
  };

/** A site with a sink of Kafka Connect. */
export const withConnect = (site: EditableJson): void => {
  site.connect = {
    image: "registry.example.org/connect:1.0.0",
    sinks: [{ name: "influxdb-mount", topics: ["lsst.sal.MTMount.logevent_heartbeat"], database: "connect" }],
  };
};

/** Connect's sink with another statement. */
const stated = (from: RegExp, to: string) =>
  object("kafka_kafka-connectors", "KafkaConnector", ({ spec: { config } }) => {
    const changed = config["connect.influx.kcql"].replace(from, to);
    if (changed === config["connect.influx.kcql"]) throw new Error(`the statement has no ${String(from)}`);
    config["connect.influx.kcql"] = changed;
  });

/** A site whose consumers write into eight databases. */
const manyDatabases = (site: EditableJson): void => {
  const [test] = site.telegraf.consumers;
  site.telegraf.consumers = ["efd", "obs", "cp", "love", "dm", "aux", "mt", "eas"].map((database) => ({
    ...test,
    name: database,
    database,
    topics: [`lsst.${database}.*`],
  }));
};

/** Every one of them. */
export const POINT_CASES: readonly Case[] = [
  ...casesOf("efd", {
    "points-time-field": {
      about: "a consumer takes the time of its points from another field",
      stack: configured(/avro_timestamp = "\w+"/, 'avro_timestamp = "private_rcvStamp"'),
      told: [["loses data", "telegraf-test", "private_rcvStamp", "lsst.sal.Test"]],
    },
    "points-time-unit": {
      about: "a consumer reads the time of its points in another unit",
      stack: configured(/avro_timestamp_format = "unix"/, 'avro_timestamp_format = "unix_ms"'),
      told: [["loses data", "telegraf-test", "unix_ms", "instead of unix"]],
    },
    "points-rounded": {
      about: "a consumer rounds times to seconds",
      stack: configured(/precision = "1us"/, 'precision = "1s"'),
      told: [["loses data", "telegraf-test", "rounds", "1s"]],
    },
    "points-tag-comes": {
      about: "a consumer makes a tag of a field",
      site: (site) => (site.telegraf.consumers[0].tags = ["salIndex"]),
      told: [["interrupts", "telegraf-test", "makes a tag of salIndex"]],
    },
    "points-tag-goes": {
      about: "a consumer no longer makes a tag of a field",
      first: { site: (site) => (site.telegraf.consumers[0].tags = ["salIndex"]) },
      site: () => undefined,
      told: [["loses data", "telegraf-test", "no longer makes a tag of salIndex"]],
    },
    "points-field-names": {
      about: "a consumer names fields of unions and records in another way",
      stack: (stack) => {
        configured(/avro_union_mode = "nullable"/, 'avro_union_mode = "flatten"')(stack);
        configured(/avro_field_separator = ""/, 'avro_field_separator = "_"')(stack);
      },
      told: [
        ["interrupts", "telegraf-test", "flatten"],
        ["interrupts", "telegraf-test", "joins the names of fields"],
      ],
    },
    "points-measurement": {
      about: "all topics of a consumer go into one measurement",
      stack: configured(/avro_format = "binary"/, 'avro_format = "binary"\navro_measurement = "everything"'),
      told: [["loses data", "telegraf-test", "measurement", "everything"]],
    },
    "points-unknown-setting": {
      about: "a consumer gets a setting of Avro that the review does not know",
      stack: configured(/avro_format = "binary"/, 'avro_format = "binary"\navro_tomorrow = true'),
      told: [["loses data", "telegraf-test", "avro_tomorrow"]],
    },
    "points-other-database": {
      about: "a consumer writes into another database",
      site: (site) => (site.telegraf.consumers[0].database = "test"),
      told: [["interrupts", "telegraf-test", "into test instead of efd"]],
    },
    "consumer-unreadable": {
      about: "a consumer's configuration is no TOML",
      stack: configured(/\[agent\]/, "[agent"),
      told: [["loses data", "telegraf-test", "could not be judged"]],
    },
    "consumer-taken-over": {
      about: "a consumer leaves the site's file, and another one has its topics",
      site: (site) => {
        site.telegraf.consumers.pop();
        site.telegraf.consumers[0].topics = ["lsst.sal.Test.*", "lsst.sal.ESS.*"];
      },
      told: [
        ["restarts", "telegraf-weather", "deleted", "telegraf-test has its topics"],
        ["restarts", "telegraf-test", "instead of", "telegraf-weather"],
      ],
    },
    "sink-topic-gone": {
      about: "Kafka Connect's sink no longer writes one of its topics",
      first: {
        site: (site) => {
          withConnect(site);
          site.connect.sinks[0].topics.push("lsst.sal.MTMount.command_track");
        },
      },
      site: withConnect,
      told: [["interrupts", "nobody writes lsst.sal.MTMount.command_track into connect"]],
    },
    "sink-time-unit": {
      about: "Kafka Connect's sink takes times in seconds",
      first: { site: withConnect },
      site: withConnect,
      stack: stated(/TIMESTAMPUNIT=\w+/, "TIMESTAMPUNIT=SECONDS"),
      told: [["loses data", "influxdb-mount", "SECONDS"]],
    },
    "sink-tag-comes": {
      about: "Kafka Connect's sink makes a tag of a field",
      first: { site: withConnect },
      site: withConnect,
      stack: stated(/TIMESTAMPUNIT=MILLISECONDS/, "TIMESTAMPUNIT=MILLISECONDS WITHTAG (salIndex)"),
      told: [["interrupts", "influxdb-mount", "tag of salIndex"]],
    },
    "sink-target": {
      about: "Kafka Connect's sink writes into another measurement",
      first: { site: withConnect },
      site: withConnect,
      stack: stated(/INSERT INTO \S+/, "INSERT INTO mount"),
      told: [["interrupts", "influxdb-mount", "measurement mount instead of"]],
    },
    "databases-of-one-retention": {
      about: "nine databases keep points for a shorter time, by one value",
      first: { site: manyDatabases },
      site: (site) => {
        manyDatabases(site);
        site.influxdb.retention = "7d";
      },
      told: [["loses data", "168 h instead of 720 h", "the same for 8 more"]],
    },
  }),
];

/** Kapacitor on a volume that its chart makes. */
export const persisted = (size: string) =>
  values("kapacitor_efd", (all) => {
    all.persistence = { enabled: true, accessMode: "ReadWriteOnce", size, storageClass: "local-path" };
  });

/** Cases of sizes of volumes. */
export const SIZE_CASES: readonly Case[] = casesOf("efd", {
  "pvc-shrinks": {
    about: "the site asks for a smaller volume of InfluxDB",
    site: (site) => (site.influxdb.disk = "1Gi"),
    // The provider plans no shrinking, but another PVC.
    told: [["loses data", "PVC influxdb/influxdb", "replaced", "2Gi to 1Gi"]],
  },
  "broker-disk-shrinks": {
    about: "the site asks for smaller volumes of the brokers",
    site: (site) => (site.kafka.brokerDisk = "1Gi"),
    told: [["interrupts", "volume 0", "cannot shrink", "2Gi to 1Gi"]],
  },
  "chart-volume-shrinks": {
    about: "the volume that a chart makes itself shrinks",
    first: { stack: persisted("2Gi") },
    stack: persisted("1Gi"),
    told: [["interrupts", "the apply fails", "kapacitor", "2Gi to 1Gi"]],
  },
});
