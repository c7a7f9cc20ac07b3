/** What a synthesized stack says of itself. */
import { parseAllDocuments } from "yaml";
import { bytes } from "../../environments/units";

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

/** A Terraform variable. */
export interface Variable {
  readonly description?: string;
  readonly default?: unknown;
  readonly sensitive?: boolean;
}

/** The parts of cdk.tf.json that we read. */
export interface StackFile {
  readonly terraform?: { readonly required_providers?: Readonly<Record<string, Json>>; readonly backend?: Json };
  readonly provider?: Readonly<Record<string, readonly Json[]>>;
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  readonly variable?: Readonly<Record<string, Variable>>;
  readonly output?: Readonly<Record<string, { readonly value?: unknown; readonly description?: string }>>;
}

/** Figures of one stack for the overview. */
export interface Figures {
  /** Number of resources. */
  readonly resources: number;
  /** Names of the providers. */
  readonly providers: string[];
  /** Charts of others; our own chart of custom resources does not count. */
  readonly charts: string[];
  /** Docker hosts of a cluster, names that the ingress answers to above it. */
  readonly hosts: string[];
  /** Bytes of all volumes that the stack claims. */
  readonly storage: number;
}

/** A resource with its address. */
export interface Resource {
  readonly address: string;
  readonly type: string;
  readonly body: Json;
}

/** Every resource of a stack, or those of one type. */
export function resourcesOf(file: StackFile, type?: string): Resource[] {
  return Object.entries(file.resource ?? {})
    .filter(([each]) => type === undefined || each === type)
    .flatMap(([each, byId]) =>
      Object.entries(byId).map(([id, body]) => ({ address: `${each}.${id}`, type: each, body })),
    );
}

/** Looks into a value by keys; blocks that Terraform writes as a list of one are seen through. */
export function inside(value: unknown, ...keys: string[]): unknown {
  return keys.reduce<unknown>((outer, key) => {
    const one: unknown = Array.isArray(outer) ? outer[0] : outer;
    return one && typeof one === "object" ? (one as Json)[key] : undefined;
  }, value);
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

/** Values of a release as objects; whatever is no YAML mapping is left out. */
function valuesOf(release: Json): unknown[] {
  return list(release["values"])
    .filter((text) => typeof text === "string")
    .flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as unknown));
}

/** Kubernetes objects that the stack applies through our own chart. */
export function customResources(file: StackFile): Json[] {
  return resourcesOf(file, "helm_release")
    .flatMap(({ body }) => valuesOf(body))
    .flatMap((values) => list(inside(values, "resources")) as Json[])
    .filter((one) => typeof one?.["kind"] === "string");
}

/** Whether a release is a chart of others: from a repository or a mirror, not from the stack's own assets. */
function isForeignChart({ body }: Resource): boolean {
  return body["repository"] !== undefined || !String(body["chart"]).startsWith("./");
}

/** A name that the ingress answers to. */
export interface RouteName {
  /** Name of the Ingress. */
  readonly name: string;
  readonly host: string;
}

/** Names that the ingress answers to, each with the name of what stands behind it. */
export function routesOf(file: StackFile): RouteName[] {
  const own = resourcesOf(file, "kubernetes_ingress_v1").map(({ body }) => ({
    name: inside(body, "metadata", "name"),
    hosts: list(inside(body, "spec", "rule")).map((rule) => inside(rule, "host")),
  }));
  const custom = customResources(file).map((one) => ({
    name: inside(one, "metadata", "name"),
    hosts: customHosts(one),
  }));
  return [...own, ...custom].flatMap(({ name, hosts }) =>
    hosts.filter((host) => typeof host === "string").map((host) => ({ name: String(name), host })),
  );
}

function customHosts(object: Json): unknown[] {
  switch (object["kind"]) {
    case "Ingress":
      return list(inside(object, "spec", "rules")).map((rule) => inside(rule, "host"));
    case "IngressRoute":
      return list(inside(object, "spec", "routes")).flatMap((route) =>
        [...String(inside(route, "match")).matchAll(/Host\(`([^`]+)`\)/g)].map((match) => match[1]),
      );
    default:
      return [];
  }
}

function poolBytes(pool: Json): number {
  const storage = inside(pool, "spec", "storage");
  const volumes = inside(storage, "volumes");
  const sizes = (volumes === undefined ? [storage] : list(volumes)).map((one) => bytes(String(inside(one, "size"))));
  return Number(inside(pool, "spec", "replicas") ?? 1) * sizes.reduce((sum, each) => sum + (each || 0), 0);
}

/** Reads the figures of a stack. */
export function figuresOf(file: StackFile): Figures {
  const claims = resourcesOf(file, "kubernetes_persistent_volume_claim_v1").map(
    ({ body }) => bytes(String(inside(body, "spec", "resources", "requests", "storage"))) || 0,
  );
  const pools = customResources(file)
    .filter((one) => one["kind"] === "KafkaNodePool")
    .map(poolBytes);
  const dockerHosts = (file.provider?.["docker"] ?? []).map((provider) => String(provider["host"]));
  return {
    resources: resourcesOf(file).length,
    providers: Object.keys(file.terraform?.required_providers ?? {}).sort(),
    charts: resourcesOf(file, "helm_release")
      .filter(isForeignChart)
      .map(({ body }) => String(body["name"]))
      .sort(),
    hosts: [...new Set([...dockerHosts, ...routesOf(file).map(({ host }) => host)])].sort(),
    storage: [...claims, ...pools].reduce((sum, each) => sum + each, 0),
  };
}

/** A variable that somebody must give. */
export interface RequiredInput {
  readonly name: string;
  readonly description: string;
}

/** Variables without default, each once. */
export function requiredInputs(files: readonly StackFile[]): RequiredInput[] {
  const found = new Map<string, RequiredInput>();
  for (const file of files)
    for (const [name, variable] of Object.entries(file.variable ?? {}))
      if (variable.default === undefined)
        found.set(name, { name, description: variable.description ?? "not described" });
  return [...found.values()];
}

/** Something of a cluster layer that will stand on a Docker host. */
export interface DockerThing {
  readonly address: string;
  readonly kind: "container" | "volume" | "image";
  readonly name: string;
  /** Docker host, as the provider names it. */
  readonly host: string;
}

/** Containers, volumes and images that a stack makes, with their Docker hosts. */
export function dockerThings(file: StackFile): DockerThing[] {
  const hosts = new Map(
    (file.provider?.["docker"] ?? []).map((provider) => [
      provider["alias"] === undefined ? "docker" : `docker.${String(provider["alias"])}`,
      String(provider["host"]),
    ]),
  );
  return (["container", "volume", "image"] as const).flatMap((kind) =>
    resourcesOf(file, `docker_${kind}`).flatMap(({ address, body }) => {
      const host = hosts.get(String(body["provider"] ?? "docker"));
      return host === undefined ? [] : [{ address, kind, name: String(body["name"]), host }];
    }),
  );
}
