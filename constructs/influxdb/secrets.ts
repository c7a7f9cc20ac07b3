/** Secrets of InfluxDB. */
import type { SecretSpec } from "../secrets/secret-spec";

/** Administrator of InfluxDB; name and keys as in argocd-efd. */
export const INFLUXDB_ADMIN = {
  name: "influxdb-auth",
  description: "administrator of InfluxDB",
  keys: {
    "influxdb-user": { description: "name of the account", generated: "admin" },
    "influxdb-password": { description: "its password" },
  },
} as const satisfies SecretSpec;

/** Second administrator of InfluxDB, which only its setup uses. Every site generates its password in the cluster. */
export const INFLUXDB_SETUP = {
  name: "influxdb-setup",
  description: "account efd-setup of InfluxDB, with which its setup gives the administrator a new password",
  keys: { password: { description: "its password" } },
} as const satisfies SecretSpec;

/** Account of InfluxDB with which people and Chronograf read. */
export const READER = "efdreader";

/** Password of the account {@link READER}. */
export const INFLUXDB_READER = {
  name: READER,
  description: "account efdreader of InfluxDB, with which people and Chronograf read",
  keys: { password: { description: "its password" } },
} as const satisfies SecretSpec;
