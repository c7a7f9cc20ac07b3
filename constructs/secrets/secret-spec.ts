/**
 * What a secret is, and the secrets that several systems read. Every other secret is in `secrets.ts` of its system's
 * folder.
 */

/** One entry of a secret. */
export interface SecretKey {
  /** What it is, for the person who puts it into Vault. */
  readonly description: string;
  /**
   * Value where secrets are generated in the cluster, such as the name of an account. @default - a generated password
   */
  readonly generated?: string;
}

/** A secret of a site: where its source keeps it, and what it holds. */
export interface SecretSpec {
  /** Name below the site's path in Vault, and in the namespace `external-secrets` where it is generated. */
  readonly name: string;
  readonly description: string;
  readonly keys: Readonly<Record<string, SecretKey>>;
}

/** The certificate of a site that does not issue its own; name and keys as in argocd-efd. Its values are inputs. */
export const GIVEN_TLS = {
  name: "tls-certs",
  description: "certificate of all host names",
  keys: {
    "tls.crt": { description: "chain, the site's own certificate first" },
    "tls.key": { description: "private key" },
  },
} as const satisfies SecretSpec;

/** AWS account that may write the site's records in Route53, for DNS and for ACME. */
export const ROUTE53 = {
  name: "route53",
  description: "AWS account that may write records of the site's zone",
  keys: {
    aws_access_key_id: { description: "id of the access key" },
    aws_secret_access_key: { description: "the access key" },
  },
} as const satisfies SecretSpec;
