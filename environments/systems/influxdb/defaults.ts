/** What InfluxDB gets when a site says nothing. */
export const INFLUXDB_DEFAULTS = {
  resources: { requests: { cpu: "1", memory: "4Gi" }, limits: { cpu: "8", memory: "16Gi" } },
  /** terraform-efd: what Telegraf says of itself. */
  telegrafRetention: "4w",
} as const;
