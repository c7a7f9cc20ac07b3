import type { SecretSpec } from "../secrets/secret-spec";

/** Account of another site's Kafka. */
export const MIRROR_SOURCE = {
  name: "mirror-source",
  description: "account with which the mirror reads the other site's Kafka",
  keys: { password: { description: "its password" } },
} as const satisfies SecretSpec;
