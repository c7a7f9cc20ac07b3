/** Accounts, rights, databases, topics and Secrets of the EFD, folded over what its systems ask for. */
import { type Account, secretsOf } from "../../constructs/accounts/account";
import { backupsAccess } from "../../constructs/backups/access";
import { ALERTS_DATABASE, chronografSecret } from "../../constructs/chronograf/chronograf";
import type { SetupUser } from "../../constructs/influxdb/influxdb-setup";
import { INFLUXDB_ADMIN, INFLUXDB_READER, INFLUXDB_SETUP, READER } from "../../constructs/influxdb/secrets";
import type { DatabaseSpec } from "../../constructs/influxdb/setup-script";
import type { KafkaAccount } from "../../constructs/kafka/kafka-accounts";
import { kafkaUser } from "../../constructs/kafka/secrets";
import { type SecretTarget, wholeSecret } from "../../constructs/secrets/secret-source";
import { OWN_DATABASE } from "../../constructs/telegraf/access";
import type { Environment } from "../../environments/schema";
import { NAMESPACE } from "../../ground/namespaces";
import { hours } from "../../ground/units";
import { KAFKA_SYSTEMS } from "./systems";

/** Who may do what at a site. It is known before any construct is made. */
export function efdAccess(site: Environment) {
  const systems = KAFKA_SYSTEMS.map((system) => system.access(site));
  const accounts = systems.flatMap((system) => system.accounts);
  const kafkaAccounts = accounts.flatMap(({ name, kafka }): KafkaAccount[] =>
    kafka ? [{ name, acls: kafka.acls, login: kafka.login ?? "scram" }] : [],
  );
  const influxdb = databasesAndUsers(site, accounts);
  return {
    kafka: {
      accounts: kafkaAccounts,
      topics: [...systems.flatMap(({ topics = [] }) => topics), ...site.kafka.topics],
      replication: site.kafka.replication,
    },
    influxdb,
    logins: systems.flatMap(({ logins = [] }) => logins),
    registryClients: systems.flatMap(({ registryClients = [] }) => registryClients),
    restProxyClients: systems.flatMap(({ restProxyClients = [] }) => restProxyClients),
    secrets: {
      targets: eachOnce([
        ...kafkaAccounts
          .filter(({ login }) => login === "scram")
          .map(({ name }) => wholeSecret(kafkaUser(name), NAMESPACE.kafka)),
        ...systems.flatMap(secretsOf),
        ...[NAMESPACE.influxdb, NAMESPACE.kapacitor].map((namespace) => wholeSecret(INFLUXDB_ADMIN, namespace)),
        ...influxdb.users.map(({ secret }) => wholeSecret(secret, NAMESPACE.influxdb)),
        chronografSecret(site.login),
        ...secretsOf(backupsAccess(site)),
      ]),
      inner: [{ spec: INFLUXDB_SETUP, namespace: NAMESPACE.influxdb }],
    },
  };
}

/**
 * Users, the databases that they write, and that of alerts, which are kept as long as what they tell of. The reader may
 * read all of them.
 */
function databasesAndUsers({ influxdb }: Environment, accounts: readonly Account[]) {
  const users = accounts.flatMap(({ name, influxdb: user }): SetupUser[] =>
    user ? [{ name, secret: user.secret, grants: user.grants }] : [],
  );
  const written = users.flatMap(({ grants }) => grants).filter(({ privilege }) => privilege === "WRITE");
  const names = [...new Set(written.map(({ database }) => database))].sort();
  const databases: DatabaseSpec[] = [
    ...names.map((name) => ({ name, retentionHours: hours(influxdb.retention) })),
    { name: OWN_DATABASE, retentionHours: hours(influxdb.telegrafRetention) },
    { name: ALERTS_DATABASE, retentionHours: hours(influxdb.retention) },
  ];
  const reader: SetupUser = {
    name: READER,
    secret: INFLUXDB_READER,
    grants: databases.map(({ name }) => ({ database: name, privilege: "READ" })),
  };
  return { databases, users: [...users, reader] };
}

/** Two systems may read the same Secret. */
function eachOnce(targets: readonly SecretTarget[]): SecretTarget[] {
  return [...new Map(targets.map((one) => [`${one.namespace}/${one.name}`, one])).values()];
}
