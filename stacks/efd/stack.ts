import type { Construct } from "constructs";
import { addClusterProviders, type ClusterAccess } from "../../constructs/cluster/cluster-access";
import { Influxdb, InfluxdbAccess } from "../../constructs/influxdb/influxdb";
import { InfluxdbSetup } from "../../constructs/influxdb/influxdb-setup";
import { KafkaAccounts } from "../../constructs/kafka/kafka-accounts";
import { KafkaCluster } from "../../constructs/kafka/kafka-cluster";
import type { ChartSource } from "../../constructs/kubernetes/chart";
import { SchemaRegistry } from "../../constructs/registry/schema-registry";
import { Restarts } from "../../constructs/restarts/restarts";
import { Secrets } from "../../constructs/secrets/secrets";
import type { Environment } from "../../environments/schema";
import { NAMESPACE } from "../../ground/namespaces";
import { BaseStack, type BaseStackProps } from "../base/base-stack";
import { volumesOf } from "../base/volumes";
import { efdAccess } from "./access";
import { addBackups } from "./backups";
import { addConnect } from "./connect";
import { addDashboards } from "./dashboards";
import { addOutputs } from "./outputs";
import { restartsOf } from "./restarts";
import { KAFKA_SYSTEMS } from "./systems";
import { addTelegraf } from "./telegraf";
import { addressOf, givenCertificates, webOf } from "./web";

/** What the EFD layer is made of. */
export interface EfdStackProps extends BaseStackProps {
  readonly environment: Environment;
  readonly access: ClusterAccess;
  readonly charts: ChartSource;
}

/** Kafka, schema registry, consumers, InfluxDB, Chronograf, Kapacitor: the data path from brokers to dashboards. */
export class EfdStack extends BaseStack {
  constructor(scope: Construct, props: EfdStackProps) {
    super(scope, props);
    const { environment: site, charts: source } = props;
    addClusterProviders(this, props.access);

    const address = addressOf(this, site);
    const web = webOf(site, address);
    const access = efdAccess(site);
    const volumes = volumesOf(site);

    const secrets = new Secrets(this, "secrets", { name: "efd-secrets", source: site.secrets, ...access.secrets });
    const certificates = givenCertificates(this, site, "efd-certificates", [
      NAMESPACE.kafka,
      NAMESPACE.influxdb,
      NAMESPACE.chronograf,
    ]);
    const kafka = new KafkaCluster(this, "kafka", {
      spec: site.kafka,
      storageClass: volumes.className,
      observing: site.observing,
      web,
      dependsOn: certificates,
    });
    const accounts = new KafkaAccounts(this, "kafka-accounts", {
      ...access.kafka,
      dependsOn: [kafka.ready, secrets.ready],
    });
    const registry = new SchemaRegistry(this, "schema-registry", {
      spec: site.registry,
      kafka,
      web,
      clients: access.registryClients,
      dependsOn: [accounts.ready],
    });
    const influxdb = new Influxdb(this, "influxdb", { spec: site.influxdb, volumes, source });
    const setup = new InfluxdbSetup(this, "influxdb-setup", {
      influxdb,
      ...access.influxdb,
      isRestored: site.backups !== undefined,
      dependsOn: [influxdb.ready, secrets.ready],
    });
    const opened = new InfluxdbAccess(this, "influxdb-access", { web, dependsOn: [setup.ready] });

    const { restProxyClients } = access;
    const data = { kafka, accounts, registry, restProxyClients, influxdb, setup, web, volumes, source };
    const others = KAFKA_SYSTEMS.flatMap((system) => system.add?.(this, site, data) ?? []);
    const { released, connectors } = addConnect(this, site, data);
    const telegraf = addTelegraf(this, site, data, released);
    const { kapacitor, chronograf } = addDashboards(this, site, data);
    addBackups(this, site, data, [kapacitor.ready, chronograf.ready]);

    const programs = [registry, ...telegraf, ...connectors, kapacitor, chronograf, ...others];
    new Restarts(this, "rollouts", restartsOf(site, data, programs));
    addOutputs(this, { address, influxdb: opened, chronograf, registry, kafka });
  }
}
