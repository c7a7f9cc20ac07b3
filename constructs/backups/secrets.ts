import type { SecretSpec } from "../secrets/secret-spec";

/** Account of the bucket that backups go to. It may list, read, write and delete there. */
export const BACKUPS_BUCKET = {
  name: "backups-bucket",
  description: "account of S3 that may list, read, write and delete in the bucket of backups",
  keys: {
    access_key_id: { description: "id of the access key" },
    secret_access_key: { description: "the access key" },
  },
} as const satisfies SecretSpec;
