import type { SecretSpec } from "../secrets/secret-spec";

/** Account of InfluxDB with which Telegraf writes; name and key as in argocd-efd. */
export const INFLUXDB_TELEGRAF = {
  name: "telegraf-secret",
  description: "account telegraf of InfluxDB, with which the consumers write",
  keys: { password: { description: "its password" } },
} as const satisfies SecretSpec;
