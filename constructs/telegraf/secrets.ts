import type { SecretSpec } from "../secrets/secret-spec";

/** Writer of InfluxDB; name and key as argocd-efd has them. */
export const INFLUXDB_TELEGRAF = {
  name: "telegraf-secret",
  description: "account telegraf of InfluxDB, with which the consumers write",
  keys: { password: { description: "its password" } },
} as const satisfies SecretSpec;
