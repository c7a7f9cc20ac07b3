/** What a site runs in Kafka Connect, wired from its environment. */
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { Connectors, influxdbSink, s3Sink } from "../../constructs/connect/connectors";
import { CONNECT, CONNECT_ACCOUNT, KafkaConnect, secretReference } from "../../constructs/connect/kafka-connect";
import { Mirror, mirrorAccount } from "../../constructs/mirror/mirror";
import type { KafkaConnector } from "../../constructs/connect/resources";
import { INPUTS, input } from "../../constructs/core/inputs";
import type { SetupUser } from "../../constructs/influxdb/influxdb-setup";
import { influxdbUrl } from "../../constructs/influxdb/influxdb";
import type { KafkaAccount } from "../../constructs/kafka/kafka-accounts";
import { registryUrl } from "../../constructs/registry/schema-registry";
import { INFLUXDB_CONNECT, MIRROR_SOURCE, S3_ACCOUNT, type SecretSpec } from "../../constructs/secrets/secret-spec";
import type { SecretTarget } from "../../constructs/secrets/secret-source";
import type { Environment } from "../../environments/schema";
import { topicRegExp } from "../../environments/systems/kafka/topics";

const NAMESPACE = "kafka";

/** Accounts of Kafka that Connect and the mirror log in with. */
export function connectAccounts({ connect, mirror }: Environment): KafkaAccount[] {
  return [...(connect ? [CONNECT_ACCOUNT] : []), ...(mirror ? [mirrorAccount(mirror.topics)] : [])];
}

function wholeSecret(spec: SecretSpec, namespace: string): SecretTarget {
  const values = Object.fromEntries(Object.keys(spec.keys).map((key) => [key, { spec, key }]));
  return { name: spec.name, namespace, values };
}

/** Secrets of Connect, of its connectors and of the mirror, but for the passwords of their own accounts of Kafka. */
export function connectSecrets({ connect, mirror }: Environment): SecretTarget[] {
  return [
    ...(connect ? [NAMESPACE, "influxdb"].map((namespace) => wholeSecret(INFLUXDB_CONNECT, namespace)) : []),
    ...(connect?.s3 ? [wholeSecret(S3_ACCOUNT, NAMESPACE)] : []),
    ...(mirror ? [wholeSecret(MIRROR_SOURCE, NAMESPACE)] : []),
  ];
}

/** Databases that the sinks write to. */
export function connectDatabases({ connect }: Environment): string[] {
  return [...new Set((connect?.sinks ?? []).map(({ database }) => database))].sort();
}

/** The sinks' account of InfluxDB. */
export function connectUsers(environment: Environment): SetupUser[] {
  return environment.connect
    ? [
        {
          name: CONNECT,
          password: { secret: INFLUXDB_CONNECT.name, key: "password" },
          grants: connectDatabases(environment).map((database) => ({ database, privilege: "WRITE" })),
        },
      ]
    : [];
}

function connectorsOf(connect: NonNullable<Environment["connect"]>): KafkaConnector[] {
  const secret = (spec: SecretSpec, key: string) => secretReference(NAMESPACE, spec.name, key);
  return [
    ...connect.sinks.map((sink) =>
      influxdbSink({
        ...sink,
        url: influxdbUrl("influxdb"),
        username: CONNECT,
        password: secret(INFLUXDB_CONNECT, "password"),
      }),
    ),
    ...(connect.s3
      ? [
          s3Sink({
            ...connect.s3,
            topics: connect.s3.topics.map(topicRegExp),
            accessKeyId: secret(S3_ACCOUNT, "aws_access_key_id"),
            secretAccessKey: secret(S3_ACCOUNT, "aws_secret_access_key"),
          }),
        ]
      : []),
  ];
}

/** What Connect waits for. */
export interface ConnectDependencies {
  /** Brokers, accounts and secrets: all that workers and the mirror need. */
  readonly kafka: ITerraformDependable[];
  /** Registry and databases: connectors use them, workers without connectors do not. */
  readonly data: ITerraformDependable[];
}

/**
 * Connect, its connectors and the mirror, as far as the site has them.
 *
 * @returns what consumers of the same topics wait for: a topic that moves from one sink to another is let go first.
 */
export function addConnect(
  scope: Construct,
  environment: Environment,
  after: ConnectDependencies,
): ITerraformDependable[] {
  const { connect, mirror, kafka } = environment;
  if (mirror)
    new Mirror(scope, "mirror", {
      ...mirror,
      namespace: NAMESPACE,
      version: kafka.version,
      topics: mirror.topics.map(topicRegExp),
      maxMessageBytes: kafka.maxMessageBytes,
      dependsOn: after.kafka,
    });
  if (!connect) return [];
  const workers = new KafkaConnect(scope, "kafka-connect", {
    ...connect,
    namespace: NAMESPACE,
    image: connect.image ?? input(scope, INPUTS.connectImage),
    version: kafka.version,
    registry: registryUrl(NAMESPACE),
    secrets: [INFLUXDB_CONNECT.name, ...(connect.s3 ? [S3_ACCOUNT.name] : [])],
    dependsOn: after.kafka,
  });
  return [
    new Connectors(scope, "connectors", {
      namespace: NAMESPACE,
      connectors: connectorsOf(connect),
      dependsOn: [workers.ready, ...after.data],
    }).ready,
  ];
}
