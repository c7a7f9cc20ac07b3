import { SAL_ACCOUNT } from "../../environments/systems/kafka/sal";
import type { LoveSpec } from "../../environments/systems/love/schema";
import { NAMESPACE } from "../../ground/namespaces";
import { kafkaUser } from "../kafka/secrets";
import { fromSecret } from "../kubernetes/workload";
import { type SecretTarget, secretValue, wholeSecret } from "../secrets/secret-source";
import type { SecretSpec } from "../secrets/secret-spec";

/** Passwords that LOVE needs at every site; keys as in phalanx. */
const LOVE = {
  name: "love",
  description: "passwords of LOVE",
  keys: {
    "manager-secret-key": { description: "key with which Django signs" },
    // LOVE writes this one and that of Redis into URLs as they are.
    "process-connection-pass": {
      description: "password with which producers connect to managers: letters, digits, hyphens and underscores",
    },
    "admin-user-pass": { description: "password of the user admin" },
    "user-user-pass": { description: "password of the user user" },
    "cmd-user-pass": { description: "password of the user cmd_user" },
    "db-pass": { description: "password of the account in PostgreSQL" },
    "redis-pass": { description: "password of Redis: letters, digits, and . _ ~ -" },
  },
} as const satisfies SecretSpec;

/** Passwords of services outside, each for sites that use the service. */
const OUTSIDE = {
  ldap: { "auth-ldap-bind-password": { description: "password with which LDAP is asked" } },
  jira: { "jira-api-token": { description: "user:token of Jira, in base64" } },
  mail: { "smtp-email-password": { description: "password of the mail server's account" } },
  objectStore: {
    "aws-access-key-id": { description: "id of the Large File Annex's access key" },
    "aws-secret-access-key": { description: "the access key" },
  },
} as const;

type OutsideKey = { [Service in keyof typeof OUTSIDE]: keyof (typeof OUTSIDE)[Service] }[keyof typeof OUTSIDE];

/** A key of the Secret `love`. */
export type LoveKey = keyof (typeof LOVE)["keys"] | OutsideKey | "ts-salkafka-password" | `remote-${string}-user-pass`;

/** Name of the Secret that all of LOVE's programs read. */
export const LOVE_SECRET = LOVE.name;
/** Name of the Secret with the account of the images' registry. */
export const PULL_SECRET_NAME = "pull-secret";

/** Account of the registry of LOVE's images. */
const PULL_SECRET = {
  name: PULL_SECRET_NAME,
  description: "account of the registry of LOVE's images",
  keys: { ".dockerconfigjson": { description: "configuration of Docker with the account" } },
} as const satisfies SecretSpec;

/** A variable whose value is a key of the Secret `love`. */
export function fromLove(variable: string, key: LoveKey) {
  return fromSecret(variable, LOVE_SECRET, key);
}

/** LOVE's passwords at a site. */
export function loveSecret({ ldap, jira, mail, objectStore, remoteAccounts }: LoveSpec): SecretSpec {
  return {
    ...LOVE,
    keys: {
      ...LOVE.keys,
      ...(ldap.length > 0 ? OUTSIDE.ldap : {}),
      ...(jira ? OUTSIDE.jira : {}),
      ...(mail ? OUTSIDE.mail : {}),
      ...(objectStore ? OUTSIDE.objectStore : {}),
      ...Object.fromEntries(
        remoteAccounts.map((one) => [
          `remote-${one}-user-pass`,
          { description: `password of the user ${one}_control_room` },
        ]),
      ),
    },
  };
}

/** Secrets of the namespace `love`. */
export function loveSecrets(spec: LoveSpec): SecretTarget[] {
  const whole = wholeSecret(loveSecret(spec), NAMESPACE.love);
  return [
    { ...whole, values: { ...whole.values, "ts-salkafka-password": secretValue(kafkaUser(SAL_ACCOUNT), "password") } },
    ...(spec.images.pullSecret ? [wholeSecret(PULL_SECRET, NAMESPACE.love, "kubernetes.io/dockerconfigjson")] : []),
  ];
}
