import { stringify } from "smol-toml";

/** One consumer's configuration. */
export interface TelegrafConfigProps {
  readonly name: string;
  /** Host and port of the brokers. */
  readonly brokers: string;
  /** Version of the brokers: Telegraf's own default cannot talk to Kafka 4. */
  readonly kafkaVersion: string;
  /** Kafka account; its password comes from the environment. */
  readonly kafkaUser: string;
  /** Regular expressions of topics. */
  readonly topics: readonly string[];
  readonly registry: string;
  readonly influxdb: string;
  /** Account of InfluxDB; its password comes from the environment. */
  readonly influxdbUser: string;
  /** Database of the topics. */
  readonly database: string;
  /** Database of what Telegraf says of itself. */
  readonly ownDatabase: string;
  readonly timestampField: string;
  readonly timestampFormat: string;
  readonly tags: readonly string[];
  readonly batchSize: number;
  readonly flushInterval: string;
  readonly maxUndelivered: number;
  /** Largest message, in bytes. */
  readonly maxMessageBytes: number;
  /** Whether a second consumer group reads all that Kafka still has. */
  readonly repair: boolean;
}

/** Consumer groups of this consumer: the name is where Kafka remembers what was read. */
export function consumerGroup(name: string): string {
  return `telegraf-kafka-consumer-${name}`;
}

/** Environment variables that the configuration reads. */
export const PASSWORD_VARIABLES = { kafka: "KAFKA_PASSWORD", influxdb: "INFLUXDB_PASSWORD" } as const;

/** What InfluxDB answers to points that it will never take: not to be parsed, of another type, too old, too large. */
const NEVER_TAKEN = [400, 413];

/**
 * Settings of the output that writes into a database of InfluxDB; its password comes from the environment.
 *
 * Not Telegraf's own output for InfluxDB: that one drops, and lets Kafka forget, whatever is refused for its password or
 * for a database that is not there yet. This one keeps it and tries again.
 */
export function influxdbOutput(url: string, username: string, database: string) {
  return {
    url: `${url}/write?db=${encodeURIComponent(database)}`,
    username,
    password: `\${${PASSWORD_VARIABLES.influxdb}}`,
    data_format: "influx",
    content_encoding: "gzip",
    non_retryable_statuscodes: NEVER_TAKEN,
    timeout: "15s",
  };
}

/** Telegraf's TOML: Avro from Kafka by the schema registry into InfluxDB, one measurement for each topic. */
export function telegrafConfig(props: TelegrafConfigProps): string {
  const input = (group: string) => ({
    brokers: [props.brokers],
    kafka_version: props.kafkaVersion,
    topic_regexps: [...props.topics],
    consumer_group: group,
    offset: "oldest",
    sasl_mechanism: "SCRAM-SHA-512",
    sasl_username: props.kafkaUser,
    sasl_password: `\${${PASSWORD_VARIABLES.kafka}}`,
    data_format: "avro",
    avro_format: "binary",
    avro_schema_registry: props.registry,
    avro_timestamp: props.timestampField,
    avro_timestamp_format: props.timestampFormat,
    avro_union_mode: "nullable",
    avro_field_separator: "",
    ...(props.tags.length > 0 ? { avro_tags: [...props.tags] } : {}),
    precision: "1us",
    max_processing_time: "1s",
    consumer_fetch_default: "1MB",
    max_message_len: props.maxMessageBytes,
    max_undelivered_messages: props.maxUndelivered,
    compression_codec: 3,
  });
  const output = (database: string) => influxdbOutput(props.influxdb, props.influxdbUser, database);
  return stringify({
    agent: {
      interval: "10s",
      round_interval: true,
      metric_batch_size: props.batchSize,
      metric_buffer_limit: 100000,
      collection_jitter: "0s",
      flush_interval: props.flushInterval,
      flush_jitter: "0s",
      omit_hostname: true,
      skip_processors_after_aggregators: false,
      logformat: "structured",
    },
    inputs: {
      kafka_consumer: [
        input(consumerGroup(props.name)),
        ...(props.repair ? [input(`${consumerGroup(props.name)}-repairer`)] : []),
      ],
      internal: [{ name_prefix: "telegraf_", collect_memstats: true, tags: { instance: props.name } }],
    },
    outputs: {
      http: [
        { ...output(props.database), namedrop: ["telegraf_*"] },
        { ...output(props.ownDatabase), namepass: ["telegraf_*"] },
      ],
    },
  });
}
