import type { SecretSpec } from "../secrets/secret-spec";

/** Basic auth of the schema registry's route. */
export const REGISTRY_ROUTE = {
  name: "schema-registry-auth",
  description: "login of the schema registry's route",
  keys: {
    username: { description: "name of the account", generated: "efd" },
    password: { description: "its password" },
  },
} as const satisfies SecretSpec;
