/** What the database of Telegraf's own tells of the data path, by which names. */

/**
 * What consumers have not read and how old their newest point is. The CronJob `progress` writes it: Telegraf
 * itself knows neither.
 */
export const PROGRESS = {
  measurement: "efd_progress",
  /** Name of the consumer. */
  consumer: "consumer",
  /** Beside lag only, the consumer group: a consumer that is repaired has two. */
  group: "consumer_group",
  /** Records of its topics that the group has not read. */
  lag: "lag",
  /** Seconds since the newest point of its topics; 3600 stands for all that is older, and for none. */
  age: "age",
} as const;

/** What each consumer counts of itself (Telegraf's input `internal`, 1.39.3); counters begin at 0 when it starts. */
export const OWN_COUNTERS = {
  /** Name of the consumer. */
  consumer: "instance",
  /** By input: points made of Kafka's records, and records that could not be decoded. */
  read: { measurement: "telegraf_internal_gather", where: `"input" = 'kafka_consumer'`, points: "metrics_gathered" },
  /** By output: points given up, since InfluxDB refused them for good or the buffer was full, and failed requests. */
  written: { measurement: "telegraf_internal_write", lost: ["metrics_rejected", "metrics_dropped"] },
  errors: "errors",
} as const;
