import type { SecretSpec } from "../secrets/secret-spec";

/** GitHub login of Chronograf; name and keys as in argocd-efd. */
export const CHRONOGRAF_OAUTH = {
  name: "chronograf-oauth",
  description: "GitHub application of Chronograf's login",
  keys: {
    token_secret: { description: "key with which Chronograf signs sessions" },
    gh_client_id: { description: "client id of the GitHub application" },
    gh_client_secret: { description: "client secret of the GitHub application" },
    gh_orgs: { description: "GitHub organization whose members may log in" },
  },
} as const satisfies SecretSpec;
