import type { SecretSpec } from "../secrets/secret-spec";

/** Account of InfluxDB with which Kafka Connect writes; it may do nothing else. */
export const INFLUXDB_CONNECT = {
  name: "influxdb-connect",
  description: "account connect of InfluxDB, with which Kafka Connect's sinks write",
  keys: { password: { description: "its password" } },
} as const satisfies SecretSpec;

/** Account of the store that the S3 sink writes to; name and keys as in argocd-efd. */
export const S3_ACCOUNT = {
  name: "aws-secret",
  description: "account that may write to the bucket of the S3 sink",
  keys: {
    aws_access_key_id: { description: "id of the access key" },
    aws_secret_access_key: { description: "the access key" },
  },
} as const satisfies SecretSpec;
