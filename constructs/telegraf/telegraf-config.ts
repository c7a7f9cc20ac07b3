import { stringify } from "smol-toml";
import type { TelegrafSite } from "../../environments/systems/telegraf";
import { BUFFERED_POINTS } from "../../environments/systems/telegraf/defaults";
import { repairerOf } from "../../environments/systems/telegraf/rules";
import { topicRegExp } from "../../environments/systems/kafka/topics";
import type { Database } from "../influxdb/influxdb";
import type { Brokers } from "../kafka/kafka-cluster";
import type { Registry } from "../registry/schema-registry";
import { consumerGroup, OWN_DATABASE, TELEGRAF } from "./access";

/** A consumer of a site. */
export type Consumer = TelegrafSite["telegraf"]["consumers"][number];

/** What a consumer reads from and writes to. */
export interface ConsumerData {
  readonly kafka: Brokers;
  readonly registry: Registry;
  readonly influxdb: Database;
}

/** Environment variables that the configuration reads. */
export const PASSWORD_VARIABLES = { kafka: "KAFKA_PASSWORD", influxdb: "INFLUXDB_PASSWORD" } as const;

/**
 * Status codes with which InfluxDB refuses points for good: they cannot be parsed, have another type, are too old or
 * too large.
 */
const NEVER_TAKEN = [400, 413];

/**
 * Settings of the output that writes into a database of InfluxDB; its password comes from the environment.
 *
 * Telegraf's own output for InfluxDB would drop points that are refused because of a password or a missing database,
 * and would commit their offsets. This output keeps them and tries again.
 */
export function influxdbOutput(influxdb: Database, database: string) {
  return {
    url: `${influxdb.url}/write?db=${encodeURIComponent(database)}`,
    username: TELEGRAF,
    password: `\${${PASSWORD_VARIABLES.influxdb}}`,
    data_format: "influx",
    content_encoding: "gzip",
    non_retryable_statuscodes: NEVER_TAKEN,
    timeout: "15s",
  };
}

/** Regular expressions of the topics of a consumer. */
export function topicPatternsOf({ topics }: Consumer): string[] {
  return topics.map(topicRegExp);
}

/** What a record's own bytes are called while Telegraf reads carefully; no field and no tag of SAL is called so. */
const RECORD = "efd_record";
const TOPIC = "efd_topic";
/** Measurement, in Telegraf's own database, of the records that could not be read. */
export const UNREADABLE = "telegraf_unreadable";

/**
 * Whether a record in base64 has at least the five bytes before Avro (a zero, and the schema's number in four):
 * four bytes are eight characters with two signs of padding, five have one.
 */
const LONG_ENOUGH = `size(fields.${RECORD}) > 8 || (size(fields.${RECORD}) == 8 && !fields.${RECORD}.endsWith("=="))`;

/** The inputs that read Kafka, one for each consumer group, and how what they read is decoded. */
function kafkaInputs(spec: Consumer, kafka: Brokers, decoder: Readonly<Record<string, unknown>>) {
  const input = (group: string) => ({
    brokers: [kafka.bootstrap],
    kafka_version: kafka.version,
    topic_regexps: topicPatternsOf(spec),
    consumer_group: group,
    offset: "oldest",
    sasl_mechanism: "SCRAM-SHA-512",
    sasl_username: TELEGRAF,
    sasl_password: `\${${PASSWORD_VARIABLES.kafka}}`,
    ...decoder,
    precision: "1us",
    max_processing_time: "1s",
    consumer_fetch_default: "1MB",
    max_message_len: kafka.maxMessageBytes,
    max_undelivered_messages: spec.maxUndelivered,
    compression_codec: 3,
  });
  const { name, repair } = spec;
  return [name, ...(repair === undefined ? [] : [repairerOf(name, repair)])].map((one) => input(consumerGroup(one)));
}

function avro(spec: Consumer, registry: Registry) {
  return {
    data_format: "avro",
    avro_format: "binary",
    avro_schema_registry: registry.url,
    avro_timestamp: spec.timestampField,
    avro_timestamp_format: spec.timestampFormat,
    avro_union_mode: "nullable",
    avro_field_separator: "",
    ...(spec.tags.length > 0 ? { avro_tags: [...spec.tags] } : {}),
  };
}

function configuration(spec: Consumer, influxdb: Database, kafkaConsumers: unknown, processors: object) {
  const output = (database: string) => influxdbOutput(influxdb, database);
  return stringify({
    agent: {
      interval: "10s",
      round_interval: true,
      metric_batch_size: spec.batchSize,
      metric_buffer_limit: BUFFERED_POINTS,
      collection_jitter: "0s",
      flush_interval: spec.flushInterval,
      flush_jitter: "0s",
      omit_hostname: true,
      skip_processors_after_aggregators: false,
      logformat: "structured",
    },
    inputs: {
      kafka_consumer: kafkaConsumers,
      internal: [{ name_prefix: "telegraf_", collect_memstats: true, tags: { instance: spec.name } }],
    },
    ...processors,
    outputs: {
      http: [
        { ...output(spec.database), namedrop: ["telegraf_*"] },
        { ...output(OWN_DATABASE), namepass: ["telegraf_*"] },
      ],
    },
  });
}

/** Telegraf's TOML: Avro from Kafka by the schema registry into InfluxDB, one measurement for each topic. */
export function telegrafConfig(spec: Consumer, { kafka, registry, influxdb }: ConsumerData): string {
  return configuration(spec, influxdb, kafkaInputs(spec, kafka, avro(spec, registry)), {});
}

/**
 * Telegraf's TOML that gives the same points and takes records that are no Avro. Its decoder for Avro panics on a
 * record of fewer than five bytes, and the next start reads the same record. Here the input keeps bytes as they are,
 * the decoder gets those that are long enough, and of the others remains a point of {@link UNREADABLE} and a line in
 * the log. It costs up to half as much CPU again, and one core decodes for all topics: it is for the record, not for
 * every day.
 */
export function carefulConfig(spec: Consumer, { kafka, registry, influxdb }: ConsumerData): string {
  const asItIs = {
    name_override: UNREADABLE,
    topic_tag: TOPIC,
    data_format: "value",
    data_type: "base64",
    value_field_name: RECORD,
  };
  return configuration(spec, influxdb, kafkaInputs(spec, kafka, asItIs), {
    processors: {
      parser: [
        {
          order: 1,
          namepass: [UNREADABLE],
          metricpass: LONG_ENOUGH,
          parse_fields_base64: [RECORD],
          // The point that Kafka's offset hangs on stays, and takes name, fields, tags and time of what was decoded.
          merge: "override-with-timestamp",
          ...avro(spec, registry),
        },
      ],
      starlark: [{ order: 2, namedrop: ["telegraf_internal*"], source: afterDecoding(spec.name) }],
    },
  });
}

/** Takes the record's bytes away, rounds the time as the input would have, and counts what was not decoded. */
function afterDecoding(consumer: string): string {
  return `load("logging.star", "log")

def apply(metric):
    size = len(metric.fields.pop("${RECORD}"))
    topic = metric.tags.pop("${TOPIC}")
    if metric.name == "${UNREADABLE}":
        log.error("a record of topic %s is no Avro and was left out (%d characters in base64)" % (topic, size))
        metric.tags["topic"] = topic
        metric.tags["instance"] = "${consumer}"
        metric.fields["records"] = 1
    else:
        metric.time = (metric.time + 500) // 1000 * 1000
    return metric
`;
}
