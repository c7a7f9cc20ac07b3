import type { Construct } from "constructs";
import { type ClusterAccess, addClusterProviders } from "../../constructs/cluster/cluster-access";
import { CONNECT_PODS } from "../../constructs/connect/kafka-connect";
import { HostNames } from "../../constructs/kubernetes/hosts";
import { INPUTS, input } from "../../constructs/core/inputs";
import { publish } from "../../constructs/core/outputs";
import type { ChartSource } from "../../constructs/kubernetes/chart";
import { Chronograf, chronografSecrets } from "../../constructs/chronograf/chronograf";
import { Influxdb, INFLUXDB_SERVICE, InfluxdbAccess, influxdbUrl } from "../../constructs/influxdb/influxdb";
import { InfluxdbSetup } from "../../constructs/influxdb/influxdb-setup";
import { Kapacitor, kapacitorUrl } from "../../constructs/kapacitor/kapacitor";
import {
  type KafkaAccount,
  KafkaAccounts,
  MAY_DESCRIBE_CLUSTER,
  MAY_READ_ALL,
  mayJoin,
  mayRead,
  mayUse,
  passwordSecret,
} from "../../constructs/kafka/kafka-accounts";
import { externalAccess } from "../../constructs/kafka/external-access";
import { internalBootstrap, KafkaCluster } from "../../constructs/kafka/kafka-cluster";
import {
  REGISTRY_ACCOUNT,
  REGISTRY_TOPIC,
  registryRouteSecret,
  registryUrl,
  SchemaRegistry,
} from "../../constructs/registry/schema-registry";
import type { DnsTarget } from "../../constructs/kubernetes/dns";
import { Rollouts } from "../../constructs/restarts/restarts";
import { type SecretTarget, secretValue } from "../../constructs/secrets/secret-source";
import {
  GIVEN_TLS,
  INFLUXDB_ADMIN,
  INFLUXDB_READER,
  INFLUXDB_SETUP,
  INFLUXDB_TELEGRAF,
  kafkaUser,
} from "../../constructs/secrets/secret-spec";
import { Secrets } from "../../constructs/secrets/secrets";
import { NodeMetrics } from "../../constructs/telegraf/node-metrics";
import { consumerGroup } from "../../constructs/telegraf/telegraf-config";
import { TelegrafConsumer } from "../../constructs/telegraf/telegraf-consumer";
import { provisionerOf } from "../../environments/platform";
import type { Environment } from "../../environments/schema";
import { topicRegExp } from "../../environments/systems/kafka/topics";
import { bytes, hours } from "../../ground/units";
import { BaseStack, type BaseStackProps } from "../base/base-stack";
import { addConnect, connectAccounts, connectDatabases, connectSecrets, connectUsers } from "./connect";
import { EXTERNAL_DNS } from "../platform/stack";

/** What the EFD layer is made of. */
export interface EfdStackProps extends BaseStackProps {
  readonly environment: Environment;
  readonly access: ClusterAccess;
  readonly charts: ChartSource;
}

/** Account of Telegraf, in Kafka and in InfluxDB. */
const TELEGRAF = "telegraf";
/** Account of InfluxDB with which people and Chronograf read. */
const READER = "efdreader";
/** Database of what Telegraf says of itself. */
const OWN_DATABASE = "telegraf";

/** Kafka, schema registry, consumers, InfluxDB, Chronograf, Kapacitor: the data path from brokers to dashboards. */
export class EfdStack extends BaseStack {
  constructor(scope: Construct, props: EfdStackProps) {
    super(scope, props);
    const { environment, charts } = props;
    const { kafka, influxdb, chronograf, kapacitor, registry, telegraf, cluster } = environment;
    addClusterProviders(this, props.access);

    const hosts = new HostNames(environment);
    const address = this.addressOf(cluster);
    const dns = dnsTarget(environment.dns.kind, address);
    const external = externalAccess(kafka);
    const volumesBelongToRoot = provisionerOf(environment) === "gce-pd";
    const storageClass = environment.storage.className;
    const certificate = environment.certificates.kind === "given" ? "given" : "issued";
    const hasConsumers = telegraf.consumers.length > 0;
    const accounts = [
      REGISTRY_ACCOUNT,
      ...(hasConsumers ? [telegrafAccount()] : []),
      ...connectAccounts(environment),
      ...kafka.clients.map(clientAccount),
    ];

    const secrets = new Secrets(this, "secrets", {
      name: "efd-secrets",
      source: environment.secrets,
      targets: [
        ...accounts.map(({ name }) => passwordSecret(name, "kafka")),
        registryRouteSecret("kafka"),
        ...(hasConsumers ? [passwordSecret(TELEGRAF, "telegraf")] : []),
        ...[...(hasConsumers ? ["telegraf"] : []), ...(telegraf.measuresNodes ? ["telegraf-ds"] : [])].map(
          (namespace) => influxdbPassword(INFLUXDB_TELEGRAF, namespace),
        ),
        ...connectSecrets(environment),
        ...["influxdb", "kapacitor"].map(influxdbAdmin),
        influxdbPassword(INFLUXDB_TELEGRAF, "influxdb"),
        influxdbPassword(INFLUXDB_READER, "influxdb"),
        ...chronografSecrets("chronograf", environment.login),
      ],
      inner: [{ spec: INFLUXDB_SETUP, namespace: "influxdb" }],
    }).ready;

    const certificates =
      certificate === "given"
        ? [
            new Secrets(this, "certificates", {
              name: "efd-certificates",
              source: { kind: "given" },
              targets: ["kafka", "influxdb", "chronograf"].map(givenCertificate),
            }).ready,
          ]
        : [];

    const brokers = new KafkaCluster(this, "kafka", {
      namespace: "kafka",
      version: kafka.version,
      metadataVersion: kafka.metadataVersion,
      controllerIds: kafka.controllerIds,
      controllerDisk: kafka.controllerDisk,
      controllerResources: kafka.controllerResources,
      brokers: kafka.brokers,
      brokerDisk: kafka.brokerDisk,
      brokerResources: kafka.brokerResources,
      brokerClass: kafka.brokerClass ?? storageClass,
      brokerNodeSelector: kafka.brokerNodeSelector,
      storageClass,
      entityOperatorResources: kafka.entityOperatorResources,
      external,
      replication: kafka.replication,
      minInSyncReplicas: kafka.minInSyncReplicas,
      retentionHours: hours(kafka.retention),
      retentionBytes: kafka.retentionBytes === undefined ? undefined : bytes(kafka.retentionBytes),
      maxMessageBytes: kafka.maxMessageBytes,
      hosts,
      dns,
      certificate,
      ...(certificates.length > 0 ? { dependsOn: certificates } : {}),
    });
    const kafkaAccounts = new KafkaAccounts(this, "kafka-accounts", {
      namespace: "kafka",
      accounts,
      topics: [REGISTRY_TOPIC, ...kafka.topics],
      replication: kafka.replication,
      dependsOn: [brokers.ready, secrets],
    });
    const schemas = new SchemaRegistry(this, "schema-registry", {
      namespace: "kafka",
      replicas: registry.replicas,
      resources: registry.resources,
      modeIsMutable: registry.modeIsMutable,
      clients: hasConsumers ? ["telegraf"] : [],
      ...(environment.connect ? { neighbours: CONNECT_PODS } : {}),
      hosts,
      dns,
      certificate,
      dependsOn: [kafkaAccounts.ready],
    });

    const database = new Influxdb(this, "influxdb", {
      namespace: "influxdb",
      storageClass,
      disk: influxdb.disk,
      resources: influxdb.resources,
      source: charts,
    });
    const telegrafDatabases = [...new Set(telegraf.consumers.map((consumer) => consumer.database))].sort();
    const efdDatabases = [...new Set([...telegrafDatabases, ...connectDatabases(environment)])].sort();
    const setup = new InfluxdbSetup(this, "influxdb-setup", {
      namespace: "influxdb",
      ...INFLUXDB_SERVICE,
      adminSecret: INFLUXDB_ADMIN.name,
      ownSecret: INFLUXDB_SETUP.name,
      databases: [
        ...efdDatabases.map((name) => ({ name, retentionHours: hours(influxdb.retention) })),
        { name: OWN_DATABASE, retentionHours: hours(influxdb.telegrafRetention) },
      ],
      users: [
        {
          name: TELEGRAF,
          password: { secret: INFLUXDB_TELEGRAF.name, key: "password" },
          grants: [
            { database: OWN_DATABASE, privilege: "ALL" },
            ...telegrafDatabases.map((name) => ({ database: name, privilege: "WRITE" as const })),
          ],
        },
        ...connectUsers(environment),
        {
          name: READER,
          password: { secret: INFLUXDB_READER.name, key: "password" },
          grants: [...efdDatabases, OWN_DATABASE].map((name) => ({ database: name, privilege: "READ" as const })),
        },
      ],
      dependsOn: [database.ready, secrets],
    });
    new InfluxdbAccess(this, "influxdb-access", {
      namespace: "influxdb",
      hosts,
      dns,
      certificate,
      dependsOn: [setup.ready],
    });

    const otherSinks = addConnect(this, environment, {
      kafka: [kafkaAccounts.ready],
      data: [schemas.ready, setup.ready],
    });
    const consumers = telegraf.consumers.map(
      (consumer) =>
        new TelegrafConsumer(this, `telegraf-${consumer.name}`, {
          namespace: "telegraf",
          config: {
            ...consumer,
            topics: consumer.topics.map(topicRegExp),
            brokers: internalBootstrap("kafka"),
            kafkaVersion: kafka.version,
            kafkaUser: TELEGRAF,
            registry: registryUrl("kafka"),
            influxdb: influxdbUrl("influxdb"),
            influxdbUser: TELEGRAF,
            ownDatabase: OWN_DATABASE,
            maxMessageBytes: kafka.maxMessageBytes,
          },
          kafkaPassword: { secret: kafkaUser(TELEGRAF).name, key: "password" },
          influxdbPassword: { secret: INFLUXDB_TELEGRAF.name, key: "password" },
          resources: consumer.resources,
          dependsOn: [schemas.ready, setup.ready, ...otherSinks],
        }),
    );

    const nodes = telegraf.measuresNodes
      ? [
          new NodeMetrics(this, "node-metrics", {
            namespace: "telegraf-ds",
            influxdb: influxdbUrl("influxdb"),
            influxdbUser: TELEGRAF,
            database: OWN_DATABASE,
            influxdbPassword: { secret: INFLUXDB_TELEGRAF.name, key: "password" },
            dependsOn: [setup.ready],
          }),
        ]
      : [];

    const tasks = new Kapacitor(this, "kapacitor", {
      namespace: "kapacitor",
      storageClass,
      disk: kapacitor.disk,
      resources: kapacitor.resources,
      source: charts,
      influxdb: influxdbUrl("influxdb"),
      adminSecret: INFLUXDB_ADMIN.name,
      clients: ["chronograf", "influxdb"],
      volumesBelongToRoot,
      dependsOn: [setup.ready],
    });
    const dashboards = new Chronograf(this, "chronograf", {
      namespace: "chronograf",
      storageClass,
      disk: chronograf.disk,
      resources: chronograf.resources,
      source: charts,
      influxdb: influxdbUrl("influxdb"),
      influxdbUser: READER,
      kapacitor: kapacitorUrl("kapacitor"),
      volumesBelongToRoot,
      hosts,
      dns,
      certificate,
      dependsOn: [setup.ready],
    });

    new Rollouts(this, "rollouts", {
      namespace: hasConsumers ? "telegraf" : "kafka",
      rollouts: [
        ...[schemas, ...consumers, ...nodes, tasks, dashboards].map(({ rollout }) => rollout),
        ...(environment.dns.kind === "external-dns" ? [EXTERNAL_DNS] : []),
      ],
      kafkaVersion: kafka.version,
      topics: hasConsumers
        ? {
            brokers: internalBootstrap("kafka"),
            user: TELEGRAF,
            secret: kafkaUser(TELEGRAF).name,
            knownTopic: REGISTRY_TOPIC.name,
            registry: registryUrl("kafka"),
          }
        : undefined,
    });

    if (address !== undefined)
      publish(this, "ingress_ip", address, "Address of the web pages and of the schema registry's route");
    publish(this, "influxdb_host", hosts.of("influxdb"), "Host of InfluxDB");
    publish(this, "chronograf_host", hosts.of("chronograf"), "Host of Chronograf");
    publish(this, "schema_registry_host", hosts.of("schema-registry"), "Host of the schema registry");
    publish(
      this,
      "kafka_brokers",
      external.brokers.map((port, position) => `${hosts.broker(position)}:${port}`),
      "Brokers as clients outside the cluster name them",
    );
    publish(
      this,
      "kafka_bootstrap",
      `${hosts.bootstrap}:${external.bootstrap}`,
      "Where clients outside the cluster find the brokers at first",
    );
  }

  /** Where NodePorts and names lead; undefined where load balancers have addresses of their own. */
  private addressOf(cluster: Environment["cluster"]): string | undefined {
    if (cluster.kind === "gke") return undefined;
    return cluster.address ?? (cluster.kind === "k3s" ? input(this, INPUTS.serverAddress) : undefined);
  }
}

function givenCertificate(namespace: string): SecretTarget {
  return {
    name: GIVEN_TLS.name,
    namespace,
    type: "kubernetes.io/tls",
    values: { "tls.crt": secretValue(GIVEN_TLS, "tls.crt"), "tls.key": secretValue(GIVEN_TLS, "tls.key") },
  };
}

function dnsTarget(kind: Environment["dns"]["kind"], address: string | undefined): DnsTarget {
  if (kind === "none") return { kind };
  return address === undefined ? { kind: "load-balancer" } : { kind: "address", address };
}

function influxdbAdmin(namespace: string): SecretTarget {
  return {
    name: INFLUXDB_ADMIN.name,
    namespace,
    values: {
      "influxdb-user": secretValue(INFLUXDB_ADMIN, "influxdb-user"),
      "influxdb-password": secretValue(INFLUXDB_ADMIN, "influxdb-password"),
    },
  };
}

function influxdbPassword(spec: typeof INFLUXDB_TELEGRAF | typeof INFLUXDB_READER, namespace: string): SecretTarget {
  return { name: spec.name, namespace, values: { password: secretValue(spec, "password") } };
}

function telegrafAccount(): KafkaAccount {
  return { name: TELEGRAF, acls: [MAY_READ_ALL, mayJoin(consumerGroup(""))] };
}

function clientAccount({
  name,
  prefixes,
  access,
  consumes,
  cluster,
}: Environment["kafka"]["clients"][number]): KafkaAccount {
  return {
    name,
    acls: [
      ...(access === "all" ? mayUse(...prefixes) : mayRead(...prefixes)),
      ...(consumes ? [mayJoin("*")] : []),
      ...(cluster ? [MAY_DESCRIBE_CLUSTER] : []),
    ],
  };
}
