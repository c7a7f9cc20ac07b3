import type { SecretSpec } from "../secrets/secret-spec";

/** Secret with the password of a Kafka user that logs in with SCRAM; each user has a Secret of its own. */
export function kafkaUser(user: string) {
  return {
    name: `kafka-${user}`,
    description: `Kafka user ${user}`,
    keys: { password: { description: "its password" } },
  } as const satisfies SecretSpec;
}
