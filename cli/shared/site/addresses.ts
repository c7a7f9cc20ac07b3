/** What operators and CSCs need to reach a site. It says where passwords are, never what they are. */
import { isIP } from "node:net";
import { OWN_CA_SECRET } from "../../../constructs/certificates/certificates";
import { INPUTS } from "../../../constructs/core/inputs";
import { INFLUXDB_ADMIN } from "../../../constructs/influxdb/secrets";
import { KAFKA_PORTS } from "../../../constructs/kafka/listeners";
import { kafkaUser } from "../../../constructs/kafka/secrets";
import { loveUsers } from "../../../constructs/love/access";
import { GIVEN_TLS, type SecretSpec } from "../../../constructs/secrets/secret-spec";
import type { Environment } from "../../../environments/schema";
import { efdAccess } from "../../../stacks/efd/access";
import { givenInput, type Variables } from "./inputs";
import { routesOf } from "./stack-facts";
import { NAMESPACE } from "../../../ground/namespaces";
import { inside, type StackView } from "../../../synthesized/stack";

/** An account and where its password is. */
export interface SiteAccount {
  readonly of: string;
  readonly name: string;
  readonly description: string;
  /** Command that prints the password, or the key of the certificate; it runs on the machine of whoever may see it. */
  readonly password: string;
  /** Command that prints the certificate with which the account logs in. @default - it has a password */
  readonly certificate?: string;
}

/** Kubeconfig, addresses and accounts of a site. */
export type Access = ReturnType<typeof accessOf>;

/** Reads addresses and accounts of a site from its environment and its synthesized stacks. */
export function accessOf(environment: Environment, stacks: readonly StackView[], kubeconfig: string, env: Variables) {
  const { cluster, name, domain, dns, kafka } = environment;
  const routes = stacks.flatMap(routesOf);
  const bootstrap = outputsOf(stacks, "kafka_bootstrap");
  const brokers = outputsOf(stacks, "kafka_brokers");
  const server = cluster.kind === "k3s" ? (cluster.address ?? addressInput(env)) : addressOf(cluster);
  const names = [...new Set([...routes.map(({ host }) => host), ...[...bootstrap, ...brokers].map(hostOf)])];
  return {
    site: name,
    kubeconfig,
    ...(cluster.kind === "k3s" ? { api: `https://${server}:${cluster.apiPort}` } : {}),
    addresses: [
      ...routes.map(({ name, host, path }) => ({ name, address: `https://${host}${path}` })),
      ...bootstrap.map((address) => ({ name: "Kafka bootstrap (SASL_SSL, SCRAM-SHA-512)", address })),
      ...brokers.map((address, position) => ({ name: `Kafka broker ${position}`, address })),
    ],
    accounts: [...kafkaAccounts(environment, stacks, kubeconfig), ...otherAccounts(environment, kubeconfig)],
    // Where to find the authority that signed the certificates.
    authority: authorityOf(environment, kubeconfig),
    ...(dns.kind === "none" && domain !== "localhost"
      ? { names: resolution(kafka.access.kind === "loadbalancer" ? undefined : server, names) }
      : {}),
  };
}

/** Where clients reach a cluster that is not ours; undefined where load balancers have addresses of their own. */
function addressOf(cluster: Environment["cluster"]): string | undefined {
  return cluster.kind === "existing" ? cluster.address : undefined;
}

/** What to do so that names resolve where nobody makes records: a line of /etc/hosts takes an IP address only. */
function resolution(server: string | undefined, names: readonly string[]): string {
  const all = names.join(" ");
  if (server === undefined)
    return `the site has no DNS: give each name the address of its load balancer (kubectl get services -A): ${all}`;
  return isIP(server) > 0
    ? `the site has no DNS: write into /etc/hosts: ${server} ${all}`
    : `the site has no DNS: lead these names to ${server}, by CNAME records, or in /etc/hosts by its IP address: ${all}`;
}

/** An output of the stacks that is an address, or several. */
function outputsOf(stacks: readonly StackView[], name: string): string[] {
  return stacks.flatMap(({ json }) => (json.output?.[name]?.["value"] ?? []) as string | string[]);
}

function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(":"));
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
    : secretCommand(kubeconfig, NAMESPACE.externalSecrets, spec.name, key);
}

function kafkaAccounts(environment: Environment, stacks: readonly StackView[], kubeconfig: string): SiteAccount[] {
  const ofStrimzi = (secret: string, key: string) => secretCommand(kubeconfig, NAMESPACE.kafka, secret, key);
  return stacks
    .flatMap((stack) => stack.customResources("KafkaUser"))
    .map((user) => {
      const { name } = user.metadata;
      const client = environment.kafka.clients.find((one) => one.name === name);
      const byCertificate = inside(user, "spec", "authentication", "type") === "tls";
      return {
        of: "Kafka",
        name,
        description: byCertificate
          ? `${client?.description ?? "everything"}, with a client certificate at port ${KAFKA_PORTS.tls} inside the cluster`
          : (client?.description ?? "part of the site"),
        ...(byCertificate
          ? { password: ofStrimzi(name, "user.key"), certificate: ofStrimzi(name, "user.crt") }
          : { password: passwordCommand(environment, kubeconfig, kafkaUser(name), "password") }),
      };
    });
}

function otherAccounts(environment: Environment, kubeconfig: string): SiteAccount[] {
  const { influxdb, logins } = efdAccess(environment);
  const account = (of: string, name: string, spec: SecretSpec, key = "password"): SiteAccount => ({
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
    ...influxdb.users.map(({ name, secret }) => account("InfluxDB", name, secret)),
    ...logins.map(({ of, secret }) => account(of, nameIn(secret, "username"), secret)),
    ...loveUsers(environment).map(({ name, secret, key }) => account("LOVE", name, secret, key)),
  ];
}

function authorityOf({ certificates, name }: Environment, kubeconfig: string): string {
  switch (certificates.kind) {
    case "own-ca":
      return `${secretCommand(kubeconfig, NAMESPACE.certManager, OWN_CA_SECRET, "tls.crt")} > ${name}-ca.crt`;
    case "acme":
      return `every system knows it: certificates come from ${new URL(certificates.server).host}`;
    case "given":
      return `the one of the certificate that was given: ${secretCommand(kubeconfig, NAMESPACE.externalSecrets, GIVEN_TLS.name, "tls.crt")}`;
  }
}
