import { stringify } from "smol-toml";
import type { TelegrafSite } from "../../environments/systems/telegraf";
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

/** Telegraf's TOML: Avro from Kafka by the schema registry into InfluxDB, one measurement for each topic. */
export function telegrafConfig(spec: Consumer, { kafka, registry, influxdb }: ConsumerData): string {
  const input = (group: string) => ({
    brokers: [kafka.bootstrap],
    kafka_version: kafka.version,
    topic_regexps: topicPatternsOf(spec),
    consumer_group: group,
    offset: "oldest",
    sasl_mechanism: "SCRAM-SHA-512",
    sasl_username: TELEGRAF,
    sasl_password: `\${${PASSWORD_VARIABLES.kafka}}`,
    data_format: "avro",
    avro_format: "binary",
    avro_schema_registry: registry.url,
    avro_timestamp: spec.timestampField,
    avro_timestamp_format: spec.timestampFormat,
    avro_union_mode: "nullable",
    avro_field_separator: "",
    ...(spec.tags.length > 0 ? { avro_tags: [...spec.tags] } : {}),
    precision: "1us",
    max_processing_time: "1s",
    consumer_fetch_default: "1MB",
    max_message_len: kafka.maxMessageBytes,
    max_undelivered_messages: spec.maxUndelivered,
    compression_codec: 3,
  });
  const output = (database: string) => influxdbOutput(influxdb, database);
  return stringify({
    agent: {
      interval: "10s",
      round_interval: true,
      metric_batch_size: spec.batchSize,
      metric_buffer_limit: 100000,
      collection_jitter: "0s",
      flush_interval: spec.flushInterval,
      flush_jitter: "0s",
      omit_hostname: true,
      skip_processors_after_aggregators: false,
      logformat: "structured",
    },
    inputs: {
      kafka_consumer: [
        input(consumerGroup(spec.name)),
        ...(spec.repair ? [input(`${consumerGroup(spec.name)}-repairer`)] : []),
      ],
      internal: [{ name_prefix: "telegraf_", collect_memstats: true, tags: { instance: spec.name } }],
    },
    outputs: {
      http: [
        { ...output(spec.database), namedrop: ["telegraf_*"] },
        { ...output(OWN_DATABASE), namepass: ["telegraf_*"] },
      ],
    },
  });
}
