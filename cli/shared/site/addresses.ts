/** What operators and CSCs need to reach a site. It says where passwords are, never what they are. */
import { HostNames } from "../../../constructs/kubernetes/hosts";
import { CONNECT } from "../../../constructs/connect/kafka-connect";
import { INPUTS } from "../../../constructs/core/inputs";
import { externalAccess } from "../../../constructs/kafka/external-access";
import { OWN_CA_SECRET } from "../../../constructs/certificates/certificates";
import { SECRETS_NAMESPACE } from "../../../constructs/secrets/secret-source";
import {
  GIVEN_TLS,
  INFLUXDB_ADMIN,
  INFLUXDB_CONNECT,
  INFLUXDB_READER,
  INFLUXDB_TELEGRAF,
  kafkaUser,
  REGISTRY_ROUTE,
  type SecretSpec,
} from "../../../constructs/secrets/secret-spec";
import type { Environment } from "../../../environments/schema";
import { givenInput, type Variables } from "./inputs";
import { routesOf } from "./stack-facts";
import { inside, type StackView } from "../../../synthesized/stack";

/** Where Strimzi puts the certificates of its users: beside the cluster. */
const KAFKA_NAMESPACE = "kafka";

/** An address and what answers there. */
export interface Address {
  readonly name: string;
  readonly address: string;
}

/** An account and where its password is. */
export interface Account {
  readonly of: string;
  readonly name: string;
  readonly description: string;
  /** Command that prints the password; it runs on the machine of whoever may see it. */
  readonly password: string;
}

/** All that leads to a site. */
export interface Access {
  readonly site: string;
  /** Path of the kubeconfig. */
  readonly kubeconfig: string;
  readonly api?: string;
  readonly addresses: readonly Address[];
  readonly accounts: readonly Account[];
  /** Where the authority is that signed the certificates. */
  readonly authority: string;
  /** What to do for names to lead to the site; undefined where DNS does. */
  readonly names?: string;
}

/** Reads the ways to a site from its environment and its synthesized stacks. */
export function accessOf(
  environment: Environment,
  stacks: readonly StackView[],
  kubeconfig: string,
  env: Variables,
): Access {
  const { cluster, name, domain, kafka, dns } = environment;
  const hosts = new HostNames(environment);
  const routes = stacks.flatMap(routesOf);
  const external = externalAccess(kafka);
  const brokers = external.brokers.map((port, i) => ({
    name: `Kafka broker ${i}`,
    address: `${hosts.broker(i)}:${port}`,
  }));
  const server = cluster.kind === "gke" ? undefined : (cluster.address ?? addressInput(env));
  const names = [...routes.map(({ host }) => host), hosts.bootstrap, ...brokers.map((_, i) => hosts.broker(i))];
  return {
    site: name,
    kubeconfig,
    ...(cluster.kind === "k3s" ? { api: `https://${server}:${cluster.apiPort}` } : {}),
    addresses: [
      ...routes.map(({ name, host }) => ({ name, address: `https://${host}` })),
      { name: "Kafka bootstrap (SASL_SSL, SCRAM-SHA-512)", address: `${hosts.bootstrap}:${external.bootstrap}` },
      ...brokers,
    ],
    accounts: [...kafkaAccounts(environment, stacks, kubeconfig), ...otherAccounts(environment, kubeconfig)],
    authority: authorityOf(environment, kubeconfig),
    // Without DNS there is an address, as the site's rules say.
    ...(dns.kind === "none" && domain !== "localhost" && cluster.kind !== "gke"
      ? { names: `the site has no DNS: write into /etc/hosts: ${server} ${[...new Set(names)].join(" ")}` }
      : {}),
  };
}

/** The server's address where it is an input; its name where it is not given. */
function addressInput(env: Variables): string {
  const { name } = INPUTS.serverAddress;
  return givenInput(name, env) ?? `<${name}>`;
}

function secretCommand(kubeconfig: string, namespace: string, secret: string, key: string): string {
  return `kubectl --kubeconfig ${kubeconfig} -n ${namespace} get secret ${secret} -o go-template='{{index .data "${key}" | base64decode}}'`;
}

/** Command that prints one key of a secret of the site. */
function passwordCommand({ secrets }: Environment, kubeconfig: string, spec: SecretSpec, key: string): string {
  return secrets.kind === "vault"
    ? `vault kv get -address=${secrets.server} -mount=${secrets.mount} -field=${key} ${secrets.path}/${spec.name}`
    : secretCommand(kubeconfig, SECRETS_NAMESPACE, spec.name, key);
}

function kafkaAccounts(environment: Environment, stacks: readonly StackView[], kubeconfig: string): Account[] {
  return stacks
    .flatMap((stack) => stack.customResources("KafkaUser"))
    .map((user) => {
      const { name } = user.metadata;
      const client = environment.kafka.clients.find((one) => one.name === name);
      const byCertificate = inside(user, "spec", "authentication", "type") === "tls";
      return {
        of: "Kafka",
        name,
        description:
          client?.description ?? (byCertificate ? "everything, with a client certificate" : "part of the site"),
        password: byCertificate
          ? secretCommand(kubeconfig, KAFKA_NAMESPACE, name, "user.key")
          : passwordCommand(environment, kubeconfig, kafkaUser(name), "password"),
      };
    });
}

function otherAccounts(environment: Environment, kubeconfig: string): Account[] {
  const account = (of: string, name: string, spec: SecretSpec, key: string): Account => ({
    of,
    name,
    description: spec.description,
    password: passwordCommand(environment, kubeconfig, spec, key),
  });
  // Where Vault decides the name of an account, only Vault knows it.
  const nameIn = (spec: SecretSpec, key: string): string =>
    (environment.secrets.kind === "generated" && spec.keys[key]?.generated) || `key ${key} of ${spec.name}`;
  return [
    account("InfluxDB", nameIn(INFLUXDB_ADMIN, "influxdb-user"), INFLUXDB_ADMIN, "influxdb-password"),
    account("InfluxDB", "telegraf", INFLUXDB_TELEGRAF, "password"),
    ...(environment.connect ? [account("InfluxDB", CONNECT, INFLUXDB_CONNECT, "password")] : []),
    account("InfluxDB", "efdreader", INFLUXDB_READER, "password"),
    account("schema registry", nameIn(REGISTRY_ROUTE, "username"), REGISTRY_ROUTE, "password"),
  ];
}

function authorityOf({ certificates, name }: Environment, kubeconfig: string): string {
  switch (certificates.kind) {
    case "own-ca":
      return `${secretCommand(kubeconfig, "cert-manager", OWN_CA_SECRET, "tls.crt")} > ${name}-ca.crt`;
    case "acme":
      return `every system knows it: certificates come from ${new URL(certificates.server).host}`;
    case "given":
      return `the one of the certificate that was given: ${secretCommand(kubeconfig, SECRETS_NAMESPACE, GIVEN_TLS.name, "tls.crt")}`;
  }
}
