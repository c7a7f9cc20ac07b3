import { type SecretTarget, secretValue } from "../secrets/secret-source";
import type { SecretSpec } from "../secrets/secret-spec";

/** Password of a Kafka user that logs in with SCRAM: a secret each, so that a new user takes none of the others' away. */
export function kafkaUser(user: string) {
  return {
    name: `kafka-${user}`,
    description: `Kafka user ${user}`,
    keys: { password: { description: "its password" } },
  } as const satisfies SecretSpec;
}

/** Secret with the password of an account, in a namespace in which it is read. */
export function passwordSecret(user: string, namespace: string): SecretTarget {
  const spec = kafkaUser(user);
  return { name: spec.name, namespace, values: { password: secretValue(spec, "password") } };
}
