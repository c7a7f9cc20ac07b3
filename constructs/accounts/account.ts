import type { NamespaceName } from "../../ground/namespaces";
import type { DatabaseGrant } from "../influxdb/setup-script";
import type { KafkaLogin, KafkaTopicSpec } from "../kafka/kafka-accounts";
import type { Acl } from "../kafka/resources";
import { kafkaUser } from "../kafka/secrets";
import type { Peer } from "../kubernetes/network-policy";
import { type SecretTarget, wholeSecret } from "../secrets/secret-source";
import type { SecretSpec } from "../secrets/secret-spec";

/** An account: what it may do in Kafka and in InfluxDB, and where its passwords are read. */
export interface Account {
  /** Its name, in both. */
  readonly name: string;
  /** @default - Kafka does not know it */
  readonly kafka?: {
    readonly acls: readonly Acl[];
    /** @default "scram" */
    readonly login?: KafkaLogin;
    /** Namespaces in which programs read its password, beside that of Kafka. @default - none */
    readonly readIn?: readonly NamespaceName[];
  };
  /** @default - InfluxDB does not know it */
  readonly influxdb?: {
    /** Secret with its password. */
    readonly secret: SecretSpec;
    readonly grants: readonly DatabaseGrant[];
    /** Namespaces in which programs read its password, beside that of InfluxDB. @default - none */
    readonly readIn?: readonly NamespaceName[];
  };
}

/** Name and password that a route asks for. */
export interface Login {
  /** What is behind the route, for people. */
  readonly of: string;
  /** Secret with the keys `username` and `password`. */
  readonly secret: SecretSpec;
  /** Namespace of the route. */
  readonly namespace: NamespaceName;
}

/** What a system asks of the others before its programs start. */
export interface SystemAccess {
  readonly accounts: readonly Account[];
  /** Logins of its routes. @default - none */
  readonly logins?: readonly Login[];
  /** Secrets that are neither. @default - none */
  readonly secrets?: readonly SecretTarget[];
  /** Topics that the system needs. @default - none */
  readonly topics?: readonly KafkaTopicSpec[];
  /** Pods that ask the schema registry. @default - none */
  readonly registryClients?: readonly Peer[];
  /** Pods that ask the REST proxy. @default - none */
  readonly restProxyClients?: readonly Peer[];
}

/**
 * Secrets that a system reads in its own namespaces. The Secrets in which Kafka and InfluxDB read the passwords of its
 * accounts are not among them.
 */
export function secretsOf({ accounts, logins = [], secrets = [] }: SystemAccess): SecretTarget[] {
  return [
    ...accounts.flatMap(passwordsOf),
    ...logins.map(({ secret, namespace }) => wholeSecret(secret, namespace, "kubernetes.io/basic-auth")),
    ...secrets,
  ];
}

/** Secrets with the passwords of an account, where its programs read them. */
function passwordsOf({ name, kafka, influxdb }: Account): SecretTarget[] {
  return [
    ...(kafka?.readIn ?? []).map((namespace) => wholeSecret(kafkaUser(name), namespace)),
    ...(influxdb ? (influxdb.readIn ?? []).map((namespace) => wholeSecret(influxdb.secret, namespace)) : []),
  ];
}
