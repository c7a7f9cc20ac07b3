/**
 * Points that Telegraf holds for each output (`metric_buffer_limit`, Sasquatch, 2026-08). It drops the oldest of a full
 * buffer and commits their offsets.
 */
export const BUFFERED_POINTS = 100_000;

/** What a consumer of Telegraf gets when a site says nothing. */
export const TELEGRAF_DEFAULTS = {
  /** Sasquatch, 2026-08. */
  database: "efd",
  timestampField: "private_efdStamp",
  timestampFormat: "unix",
  batchSize: 1000,
  flushInterval: "10s",
  maxUndelivered: 10000,
  /** Limits of Sasquatch. Requests are ours: one host cannot reserve the limit for each of twenty consumers. */
  resources: { requests: { cpu: "100m", memory: "512Mi" }, limits: { cpu: "4", memory: "8Gi" } },
} as const;
