/** The Services and Secrets of a site: those that are declared, and those that operators make from other objects. */
import { brokerServices } from "../../constructs/kafka/resources";
import { inside, type Json, type ObjectJson } from "../../synthesized/stack";
import type { OwnedObject } from "./objects";

/** A Service or a Secret. */
export interface Provided {
  readonly namespace: string;
  readonly name: string;
  /** Numbers and names of a Service's ports, keys of a Secret; undefined where nobody can tell. */
  readonly parts?: ReadonlySet<string>;
}

/** What is made of one object. */
type Maker = (object: ObjectJson, all: readonly OwnedObject[]) => Provided[];

const texts = (...values: unknown[]): Set<string> =>
  new Set(values.flatMap((value) => (value === undefined || value === null ? [] : [String(value)])));
const list = (value: unknown): Json[] => (Array.isArray(value) ? value : value ? [value] : []) as Json[];
const named = ({ metadata }: ObjectJson, name: unknown = metadata.name) => ({
  namespace: metadata.namespace ?? "",
  name: String(name),
});

/** Strimzi's Services of a cluster: one to find it by, one with the addresses of its brokers; 9091 is among brokers. */
const kafkaServices: Maker = (object) => {
  const listeners = list(inside(object.spec, "kafka", "listeners"));
  const internal = listeners.filter(({ type }) => type === "internal" || type === "cluster-ip");
  const { namespace, name } = named(object);
  const { bootstrap, brokers } = brokerServices(name);
  return [
    { namespace, name: bootstrap, parts: texts(...internal.map(({ port }) => port)) },
    { namespace, name: brokers, parts: texts("9090", "9091", ...internal.map(({ port }) => port)) },
    ...listeners
      .filter((one) => !internal.includes(one))
      .map(({ name: listener, port }) => ({
        namespace,
        name: `${name}-kafka-${String(listener)}-bootstrap`,
        parts: texts(port),
      })),
  ];
};

const SERVICES: Readonly<Record<string, Maker>> = {
  Service: (object) => [
    {
      ...named(object),
      parts: texts(...list(object.spec?.["ports"] ?? object.spec?.["port"]).flatMap(({ port, name }) => [port, name])),
    },
  ],
  Kafka: kafkaServices,
  KafkaConnect: (object) => [{ ...named(object, `${object.metadata.name}-connect-api`), parts: texts("8083") }],
  KafkaMirrorMaker2: (object) => [
    { ...named(object, `${object.metadata.name}-mirrormaker2-api`), parts: texts("8083") },
  ],
};

const AUTHORITY = texts("ca.crt", "ca.p12", "ca.password");
const USER: Readonly<Record<string, ReadonlySet<string>>> = {
  "scram-sha-512": texts("password", "sasl.jaas.config"),
  tls: texts("ca.crt", "user.crt", "user.key", "user.p12", "user.password"),
};
const CERTIFICATE = texts("tls.crt", "tls.key", "ca.crt");

/** Keys of a Secret that external-secrets makes: those that are listed, generated or written by the template. */
function externalKeys(object: ObjectJson, all: readonly OwnedObject[]): ReadonlySet<string> | undefined {
  const template = inside(object.spec, "target", "template") as Json | undefined;
  const written = Object.keys(template?.["data"] ?? {});
  if (written.length > 0 && template?.["mergePolicy"] !== "Merge") return texts(...written);
  const listed = list(object.spec?.["data"]).map(({ secretKey }) => secretKey);
  const generated = list(object.spec?.["dataFrom"]).map((from) => generatedKeys(from, object, all));
  if (generated.includes(undefined)) return undefined;
  return texts(...written, ...listed, ...generated.flatMap((keys) => keys ?? []));
}

function generatedKeys(from: Json, { metadata }: ObjectJson, all: readonly OwnedObject[]): string[] | undefined {
  const reference = inside(from, "sourceRef", "generatorRef") as Json | undefined;
  const generator = all.find(
    ({ object }) =>
      object.kind === reference?.["kind"] &&
      object.metadata.name === reference["name"] &&
      object.metadata.namespace === metadata.namespace,
  );
  if (generator?.object.kind !== "Password") return undefined;
  return (generator.object.spec?.["secretKeys"] as string[] | undefined) ?? ["password"];
}

const SECRETS: Readonly<Record<string, Maker>> = {
  Secret: (object) => {
    const holders = ["data", "stringData", "dataWo"].map((key) => object[key] as Json | undefined);
    const keys = holders.flatMap((holder) => Object.keys(holder ?? {}));
    // An empty Secret is filled by the program that it belongs to.
    return [{ ...named(object), ...(keys.length > 0 ? { parts: texts(...keys) } : {}) }];
  },
  ExternalSecret: (object, all) => {
    const keys = externalKeys(object, all);
    const name = inside(object.spec, "target", "name") ?? object.metadata.name;
    return [{ ...named(object, name), ...(keys ? { parts: keys } : {}) }];
  },
  Certificate: (object) => [{ ...named(object, object.spec?.["secretName"]), parts: CERTIFICATE }],
  Ingress: (object) =>
    Object.keys(object.metadata.annotations ?? {}).some((key) => /^cert-manager\.io\/(cluster-)?issuer$/.test(key))
      ? list(object.spec?.["tls"]).map(({ secretName }) => ({ ...named(object, secretName), parts: CERTIFICATE }))
      : [],
  Kafka: (object) =>
    ["cluster-ca-cert", "clients-ca-cert"].map((what) => ({
      ...named(object, `${object.metadata.name}-${what}`),
      parts: AUTHORITY,
    })),
  KafkaUser: (object) => {
    const keys = USER[String(inside(object.spec, "authentication", "type"))];
    return keys ? [{ ...named(object), parts: keys }] : [];
  },
};

/** Every Service or every Secret of a site. */
export function provided(what: "Service" | "Secret", all: readonly OwnedObject[]): Provided[] {
  const makers = what === "Service" ? SERVICES : SECRETS;
  return all.flatMap(({ object }) => makers[object.kind]?.(object, all) ?? []);
}
