import type { SecretSpec } from "../secrets/secret-spec";

/** Basic auth of the REST proxy's route. */
export const REST_PROXY_ROUTE = {
  name: "rest-proxy-auth",
  description: "login of the REST proxy's route",
  keys: {
    username: { description: "name of the account", generated: "efd" },
    password: { description: "its password" },
  },
} as const satisfies SecretSpec;
