/** The one typed list of secrets. Nothing else of the program names a password, a token or a key. */

/** One entry of a secret. */
export interface SecretKey {
  /** What it is, for those who put it into Vault. */
  readonly description: string;
  /** What stands there where secrets are generated in the cluster, such as an account's name. @default - a generated password */
  readonly generated?: string;
}

/** A secret of a site: where its source keeps it, and what it holds. */
export interface SecretSpec {
  /** Name below the site's path in Vault, and in the namespace `external-secrets` where it is generated. */
  readonly name: string;
  readonly description: string;
  readonly keys: Readonly<Record<string, SecretKey>>;
}

/** Administrator of InfluxDB; name and keys as argocd-efd has them. */
export const INFLUXDB_ADMIN = {
  name: "influxdb-auth",
  description: "administrator of InfluxDB",
  keys: {
    "influxdb-user": { description: "name of the account", generated: "admin" },
    "influxdb-password": { description: "its password" },
  },
} as const satisfies SecretSpec;

/** Second administrator of InfluxDB, which only its setup uses: generated beside it at every site. */
export const INFLUXDB_SETUP = {
  name: "influxdb-setup",
  description: "account efd-setup of InfluxDB, with which its setup gives the administrator a new password",
  keys: { password: { description: "its password" } },
} as const satisfies SecretSpec;

/** Writer of InfluxDB; name and key as argocd-efd has them. */
export const INFLUXDB_TELEGRAF = {
  name: "telegraf-secret",
  description: "account telegraf of InfluxDB, with which the consumers write",
  keys: { password: { description: "its password" } },
} as const satisfies SecretSpec;

/** Reader of InfluxDB: the account of the EFD's clients. */
export const INFLUXDB_READER = {
  name: "efdreader",
  description: "account efdreader of InfluxDB, with which people and Chronograf read",
  keys: { password: { description: "its password" } },
} as const satisfies SecretSpec;

/** Writer of InfluxDB for Kafka Connect, which may write and do nothing else. */
export const INFLUXDB_CONNECT = {
  name: "influxdb-connect",
  description: "account connect of InfluxDB, with which Kafka Connect's sinks write",
  keys: { password: { description: "its password" } },
} as const satisfies SecretSpec;

/** Account of the store that the S3 sink writes to; name and keys as argocd-efd has them. */
export const S3_ACCOUNT = {
  name: "aws-secret",
  description: "account that may write to the bucket of the S3 sink",
  keys: {
    aws_access_key_id: { description: "id of the access key" },
    aws_secret_access_key: { description: "the access key" },
  },
} as const satisfies SecretSpec;

/** Account of another site's Kafka. */
export const MIRROR_SOURCE = {
  name: "mirror-source",
  description: "account with which the mirror reads the other site's Kafka",
  keys: { password: { description: "its password" } },
} as const satisfies SecretSpec;

/** The one certificate of a site that is given one; name and keys as argocd-efd has them. Its values are inputs. */
export const GIVEN_TLS = {
  name: "tls-certs",
  description: "certificate of all host names",
  keys: {
    "tls.crt": { description: "chain, the site's own certificate first" },
    "tls.key": { description: "private key" },
  },
} as const satisfies SecretSpec;

/** Basic auth of the schema registry's route. */
export const REGISTRY_ROUTE = {
  name: "schema-registry-auth",
  description: "login of the schema registry's route",
  keys: {
    username: { description: "name of the account", generated: "efd" },
    password: { description: "its password" },
  },
} as const satisfies SecretSpec;

/** GitHub login of Chronograf; name and keys as argocd-efd has them. */
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

/** Account that may write the site's records in Route53, for DNS and for ACME. */
export const ROUTE53 = {
  name: "route53",
  description: "AWS account that may write records of the site's zone",
  keys: {
    aws_access_key_id: { description: "id of the access key" },
    aws_secret_access_key: { description: "the access key" },
  },
} as const satisfies SecretSpec;

/** Password of a Kafka user that logs in with SCRAM: a secret each, so that a new user takes none of the others' away. */
export function kafkaUser(user: string) {
  return {
    name: `kafka-${user}`,
    description: `Kafka user ${user}`,
    keys: { password: { description: "its password" } },
  } as const satisfies SecretSpec;
}
