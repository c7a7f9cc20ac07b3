import { parse } from "smol-toml";
import { consumerGroup } from "../../../constructs/telegraf/access";
import {
  carefulConfig,
  type Consumer,
  type ConsumerData,
  PASSWORD_VARIABLES,
  telegrafConfig,
} from "../../../constructs/telegraf/telegraf-config";
import { at, INFLUXDB, KAFKA, REGISTRY, RESOURCES } from "../support";

const SPEC: Consumer = {
  name: "m1m3",
  topics: ["lsst.sal.MTM1M3.*", "lsst.sal.Test"],
  database: "efd",
  timestampField: "private_efdStamp",
  timestampFormat: "unix",
  tags: [],
  batchSize: 1500,
  flushInterval: "20s",
  maxUndelivered: 4000,
  resources: RESOURCES,
};
const DATA: ConsumerData = { kafka: KAFKA, registry: REGISTRY, influxdb: INFLUXDB };

const config = (spec: Partial<Consumer> = {}, data: Partial<ConsumerData> = {}) =>
  parse(telegrafConfig({ ...SPEC, ...spec }, { ...DATA, ...data }));
const inputs = (spec: Partial<Consumer> = {}, data: Partial<ConsumerData> = {}) =>
  at(config(spec, data), "inputs.kafka_consumer") as Record<string, unknown>[];
const outputs = (spec: Partial<Consumer> = {}) => at(config(spec), "outputs.http") as Record<string, unknown>[];

test("reads Avro from the brokers' topics, from the oldest message on", () => {
  expect(inputs()).toEqual([
    {
      brokers: ["kafka:9092"],
      kafka_version: "4.3.1",
      topic_regexps: ["^lsst\\.sal\\.MTM1M3\\..*$", "^lsst\\.sal\\.Test$"],
      consumer_group: "telegraf-kafka-consumer-m1m3",
      offset: "oldest",
      sasl_mechanism: "SCRAM-SHA-512",
      sasl_username: "telegraf",
      sasl_password: "${KAFKA_PASSWORD}",
      data_format: "avro",
      avro_format: "binary",
      avro_schema_registry: "http://registry:8081",
      avro_timestamp: "private_efdStamp",
      avro_timestamp_format: "unix",
      avro_union_mode: "nullable",
      avro_field_separator: "",
      precision: "1us",
      max_processing_time: "1s",
      consumer_fetch_default: "1MB",
      max_message_len: 1234567,
      max_undelivered_messages: 4000,
      compression_codec: 3,
    },
  ]);
});

test("patterns reach Telegraf with their backslashes", () => {
  const [pattern = ""] = inputs()[0]?.["topic_regexps"] as string[];
  expect(new RegExp(pattern).test("lsst.sal.MTM1M3.ackcmd")).toBe(true);
  expect(new RegExp(pattern).test("lsst.sal.MTM1M3TS.ackcmd")).toBe(false);
});

test("repair reads all that Kafka still has once more, in a group of its own", () => {
  const [normal, repairer, ...others] = inputs({ repair: 1 });
  expect(others).toEqual([]);
  expect(repairer?.["consumer_group"]).toBe("telegraf-kafka-consumer-m1m3-repairer-1");
  expect(repairer?.["offset"]).toBe("oldest");
  expect({ ...repairer, consumer_group: normal?.["consumer_group"] }).toEqual(normal);
  expect(inputs()).toHaveLength(1);
  // A group reads once: the next repair is another one.
  expect(inputs({ repair: 2 })[1]?.["consumer_group"]).toBe("telegraf-kafka-consumer-m1m3-repairer-2");
});

test("the group is where Kafka remembers what was read: it is made of the name alone", () => {
  expect(consumerGroup("m1m3")).toBe("telegraf-kafka-consumer-m1m3");
  expect(inputs({ topics: ["x"], batchSize: 1 })[0]?.["consumer_group"]).toBe(consumerGroup("m1m3"));
});

test("passwords are variables, never literals", () => {
  expect(PASSWORD_VARIABLES).toEqual({ kafka: "KAFKA_PASSWORD", influxdb: "INFLUXDB_PASSWORD" });
  for (const one of inputs({ repair: 1 })) expect(one["sasl_password"]).toBe("${KAFKA_PASSWORD}");
  for (const one of outputs()) expect(one["password"]).toBe("${INFLUXDB_PASSWORD}");
});

test("writes what it read into its database, and its own metrics into the other one", () => {
  const account = { username: "telegraf", password: "${INFLUXDB_PASSWORD}", data_format: "influx", timeout: "15s" };
  const write = "http://influxdb:8086/write?db=";
  const [data, own, ...others] = outputs();
  expect(others).toEqual([]);
  expect(data).toMatchObject({ ...account, url: `${write}efd`, namedrop: ["telegraf_*"] });
  expect(data).not.toHaveProperty("namepass");
  expect(own).toMatchObject({ ...account, url: `${write}telegraf`, namepass: ["telegraf_*"] });
  expect(own).not.toHaveProperty("namedrop");
  expect(outputs({ database: "a&b c" })[0]?.["url"]).toBe(`${write}a%26b%20c`);
});

test("what InfluxDB refuses for a password or a missing database is kept, and what it never takes is not", () => {
  for (const output of outputs()) {
    const given = output["non_retryable_statuscodes"] as number[];
    for (const kept of [401, 403, 404, 429, 500, 503]) expect(given).not.toContain(kept);
    expect(given).toContain(400);
  }
});

test("says of itself how it does, under its name", () => {
  expect(at(config(), "inputs.internal")).toEqual([
    { name_prefix: "telegraf_", collect_memstats: true, tags: { instance: "m1m3" } },
  ]);
});

test("the agent writes as many points at once, and as often, as it is told", () => {
  expect(config()["agent"]).toMatchObject({
    metric_batch_size: 1500,
    flush_interval: "20s",
    metric_buffer_limit: 100000,
    omit_hostname: true,
    // 1.40 flips the default.
    skip_processors_after_aggregators: false,
    logformat: "structured",
  });
});

test("tags are named, or left out", () => {
  expect(inputs({ tags: ["Agent", "Raft"] })[0]?.["avro_tags"]).toEqual(["Agent", "Raft"]);
  expect(inputs()[0]).not.toHaveProperty("avro_tags");
});

test.each([
  ["timestampField", "timestamp", "avro_timestamp"],
  ["timestampFormat", "unix_ms", "avro_timestamp_format"],
  ["maxUndelivered", 77, "max_undelivered_messages"],
] as const)("%s reaches the input", (prop, value, key) => {
  expect(inputs({ [prop]: value })[0]?.[key]).toBe(value);
});

test("brokers and registry reach the input", () => {
  const kafka = { bootstrap: "else:1", version: "9.9.9", maxMessageBytes: 99 };
  expect(inputs({}, { kafka, registry: { url: "http://else:2" } })[0]).toMatchObject({
    brokers: ["else:1"],
    kafka_version: "9.9.9",
    max_message_len: 99,
    avro_schema_registry: "http://else:2",
  });
});

test("there is no input but Kafka and Telegraf itself, and no output but InfluxDB", () => {
  expect(Object.keys(config()).sort()).toEqual(["agent", "inputs", "outputs"]);
  expect(Object.keys(config()["inputs"] as object).sort()).toEqual(["internal", "kafka_consumer"]);
  // Its own output for InfluxDB takes every refusal for final.
  expect(Object.keys(config()["outputs"] as object)).toEqual(["http"]);
});

describe("after a panic", () => {
  const careful = (spec: Partial<Consumer> = {}) => parse(carefulConfig({ ...SPEC, ...spec }, DATA));
  const without = (one: Record<string, unknown>, keys: string[]) =>
    Object.fromEntries(Object.entries(one).filter(([key]) => !keys.includes(key)));

  test("the same agent, inputs and outputs; only what decodes a record stands elsewhere", () => {
    for (const spec of [{}, { repair: 1, tags: ["Agent"], timestampFormat: "unix_ms" as const }]) {
      const [usual, now] = [config(spec), careful(spec)];
      expect(now["agent"]).toEqual(usual["agent"]);
      expect(now["outputs"]).toEqual(usual["outputs"]);
      expect(at(now, "inputs.internal")).toEqual(at(usual, "inputs.internal"));
      const decoder = at(now, "processors.parser.0") as Record<string, unknown>;
      const raw = ["name_override", "topic_tag", "data_type", "value_field_name"];
      const inputsNow = at(now, "inputs.kafka_consumer") as Record<string, unknown>[];
      const decoded = Object.fromEntries(
        Object.entries(decoder).filter(([key]) => key === "data_format" || key.startsWith("avro_")),
      );
      expect(inputsNow.map((one) => ({ ...without(one, raw), ...decoded }))).toEqual(inputs(spec));
    }
  });

  test("what is not decoded goes into Telegraf's own database, and what is decoded does not", () => {
    const name = at(careful(), "inputs.kafka_consumer.0.name_override") as string;
    const [data, own] = at(careful(), "outputs.http") as { namedrop?: string[]; namepass?: string[] }[];
    expect(name).toBe("telegraf_unreadable");
    expect(data?.namedrop).toEqual(["telegraf_*"]);
    expect(own?.namepass).toEqual(["telegraf_*"]);
    expect(at(careful(), "processors.parser.0.merge")).toBe("override-with-timestamp");
  });
});
