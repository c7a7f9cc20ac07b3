/**
 * What a site's synthesized stacks say of its data path: accounts and rights, configurations, scripts. Only hosts and
 * ports are replaced.
 */
import { parse } from "smol-toml";
import { synthesize } from "../../cli/shared/site/synthesis";
import type { Environment } from "../../environments/schema";
import { inside, isObject, type Json, type StackView, unescaped } from "../../synthesized/stack";

/** The consumer of the site to which everything happens. */
export const CONSUMER = "test";

/** An account of Kafka, with the rules that Strimzi's user operator would write. */
export interface KafkaAccount {
  readonly name: string;
  /** Whether it logs in by password, and not by certificate. */
  readonly hasPassword: boolean;
  readonly acls: readonly Json[];
}

/** A consumer's files, and what it reads and writes. */
export interface ConsumerFiles {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly group: string;
}

/** Addresses that are written in place of those inside the cluster. */
export interface Addresses {
  /** Host and port of Kafka. */
  readonly kafka: string;
  /** URL of the registry. */
  readonly registry: string;
  /** URL of InfluxDB. */
  readonly influxdb: string;
}

/** The password of an account whose Secret has this name: with every character that some language could trip over. */
export function passwordIn(secret: string): string {
  return `${secret} "q" 'a' \\b $c #d`;
}

/** The data path of one site. */
export class DataPath {
  private readonly efd: StackView;

  constructor(site: Environment, folder: string) {
    const efd = synthesize([site], folder).find(({ layer }) => layer === "efd");
    if (!efd) throw new Error(`${site.name} has no EFD`);
    this.efd = efd;
  }

  /** All accounts of Kafka. */
  kafkaAccounts(): KafkaAccount[] {
    return this.efd.customResources("KafkaUser").map(({ metadata, spec }) => ({
      name: metadata.name,
      hasPassword: inside(spec, "authentication", "type") === "scram-sha-512",
      acls: listOf(inside(spec, "authorization", "acls")),
    }));
  }

  /** Configuration of InfluxDB, from its chart's values. */
  influxdbConfiguration(): Json {
    return this.efd.values("influxdb")["config"] as Json;
  }

  /** The setup of InfluxDB: its script, and the variables of its Job that are no addresses. */
  influxdbSetup(): { script: string; env: Record<string, string> } {
    const job = this.container("kubernetes_job_v1", "influxdb-setup-");
    return { script: this.configMap("influxdb", "influxdb-setup")["setup.sh"] ?? "", env: variablesOf(job) };
  }

  /** Consumers of these names. */
  consumers(names: readonly string[], to: Addresses): ConsumerFiles[] {
    return names.map((name) => {
      const data = this.configMap("telegraf", `telegraf-${name}`);
      const config = parse(data["telegraf.conf"] ?? "") as Json;
      const input = inside(config, "inputs", "kafka_consumer");
      const from = {
        kafka: String(inside(input, "brokers")),
        registry: String(inside(input, "avro_schema_registry")),
        influxdb: String(inside(config, "outputs", "http", "url")).replace(/\/write.*/, ""),
      };
      const moved = (text: string) =>
        Object.entries(from).reduce(
          (all, [part, address]) => all.replaceAll(address, to[part as keyof Addresses]),
          text,
        );
      return {
        name,
        files: Object.fromEntries(Object.entries(data).map(([file, text]) => [file, moved(text)])),
        group: String(inside(input, "consumer_group")),
      };
    });
  }

  /** Variables of a consumer's container. */
  consumerVariables(name: string): Record<string, string> {
    return variablesOf(this.container("kubernetes_deployment_v1", `telegraf-${name}`));
  }

  /** What restarts programs: its files, and the variables of its container. */
  restarts(): { files: Record<string, string>; env: Record<string, string> } {
    const job = this.container("kubernetes_cron_job_v1", "rollouts");
    return { files: this.configMap("telegraf", "rollouts"), env: variablesOf(job) };
  }

  /** What measures how far consumers are: its files, and the variables of its container. */
  progress(): { files: Record<string, string>; env: Record<string, string> } {
    const job = this.container("kubernetes_cron_job_v1", "progress");
    return { files: this.configMap("telegraf", "progress"), env: variablesOf(job) };
  }

  private configMap(namespace: string, name: string): Record<string, string> {
    const found = this.efd
      .resources("kubernetes_config_map_v1")
      .find(
        ({ body }) => inside(body, "metadata", "name") === name && inside(body, "metadata", "namespace") === namespace,
      );
    if (!found) throw new Error(`${this.efd.name} has no ConfigMap ${namespace}/${name}`);
    const data = Object.entries(found.body["data"] as Record<string, string>);
    return Object.fromEntries(data.map(([file, text]) => [file, unescaped(text)]));
  }

  private container(type: string, name: string): unknown {
    const found = this.efd
      .resources(type)
      .find(({ body }) => String(inside(body, "metadata", "name")).startsWith(name));
    const template =
      inside(found?.body, "spec", "template") ?? inside(found?.body, "spec", "job_template", "spec", "template");
    return inside(template, "spec", "container");
  }
}

function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Variables of a container; those from a Secret get that Secret's password, an administrator's name stays a name. */
function variablesOf(container: unknown): Record<string, string> {
  return Object.fromEntries(
    listOf(inside(container, "env")).map((variable) => {
      const secret = inside(variable, "value_from", "secret_key_ref");
      const key = String(inside(secret, "key"));
      const given = key.endsWith("user") ? "admin" : passwordIn(String(inside(secret, "name")));
      return [String(variable["name"]), secret === undefined ? String(variable["value"]) : given];
    }),
  );
}
