import type { SecretSpec } from "../secrets/secret-spec";

/** Secret with the password of a Kafka user that logs in with SCRAM. Each user has one of its own, so that a new user does not change the others'. */
export function kafkaUser(user: string) {
  return {
    name: `kafka-${user}`,
    description: `Kafka user ${user}`,
    keys: { password: { description: "its password" } },
  } as const satisfies SecretSpec;
}
