/** Facts about a synthesized stack: figures, host names, inputs, Docker resources. */
import { bytes } from "../../../ground/units";
import { resolveInputs, type Variables } from "./inputs";
import { inside, isOwnChart, type Json, type StackView } from "../../../synthesized/stack";

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

/** Names that the ingress answers to, each with the name of what stands behind it, and the path where it is not all. */
export function routesOf(stack: StackView): { name: string; host: string; path: string }[] {
  const own = stack.resources("kubernetes_ingress_v1").map(({ body }) => ({
    name: inside(body, "metadata", "name"),
    hosts: list(inside(body, "spec", "rule")).map((rule) => inside(rule, "host")),
    path: String(inside(body, "spec", "rule", "http", "path", "path") ?? ""),
  }));
  const custom = stack.customResources().map((one) => ({ name: one.metadata.name, hosts: customHosts(one), path: "" }));
  return [...own, ...custom].flatMap(({ name, hosts, path }) =>
    hosts
      .filter((host) => typeof host === "string")
      .map((host) => ({ name: String(name), host, path: path.replace(/^\/$/, "") })),
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

const dockerProviders = (stack: StackView): Json[] => [stack.json.provider?.["docker"] ?? []].flat();

/** Figures of a stack for the overview. */
export function figuresOf(stack: StackView) {
  const claims = stack
    .resources("kubernetes_persistent_volume_claim_v1")
    .map(({ body }) => bytes(String(inside(body, "spec", "resources", "requests", "storage"))) || 0);
  const pools = stack.customResources("KafkaNodePool").map(poolBytes);
  const dockerHosts = dockerProviders(stack).map((provider) => String(provider["host"]));
  return {
    resources: stack.resources().length,
    providers: Object.keys(stack.json.terraform?.required_providers ?? {}).sort(),
    // Without our own chart of custom resources.
    charts: stack
      .releases()
      .filter(({ body }) => !isOwnChart(body))
      .map(({ name }) => name)
      .sort(),
    // Docker hosts of a cluster, names that the ingress answers to above it.
    hosts: [...new Set([...dockerHosts, ...routesOf(stack).map(({ host }) => host)])].sort(),
    // Bytes of all volumes that the stack claims.
    storage: [...claims, ...pools].reduce((sum, each) => sum + each, 0),
  };
}

/** A variable that somebody must give. */
export interface RequiredInput {
  readonly name: string;
  readonly description: string;
  /** Whether it is kept out of plans and states. */
  readonly secret: boolean;
}

/** Variables without default, each once. */
export function requiredInputs(stacks: readonly StackView[]): RequiredInput[] {
  const found = new Map<string, RequiredInput>();
  for (const { json } of stacks)
    for (const [name, variable] of Object.entries(json.variable ?? {}))
      if (variable["default"] === undefined)
        found.set(name, {
          name,
          description: String(variable["description"] ?? "not described"),
          secret: variable["sensitive"] === true,
        });
  return [...found.values()];
}

/** A resource of a cluster layer on a Docker host. */
export interface DockerResource {
  readonly address: string;
  readonly kind: "container" | "volume" | "image";
  readonly name: string;
  /** Docker host, as the provider is configured. */
  readonly host: string;
}

/** Containers, volumes and images that a stack makes, with their Docker hosts; those whose host is not given are left out. */
export function dockerResources(stack: StackView, env: Variables): DockerResource[] {
  const hosts = new Map(
    dockerProviders(stack).map((provider) => [
      provider["alias"] === undefined ? "docker" : `docker.${String(provider["alias"])}`,
      resolveInputs(String(provider["host"]), env),
    ]),
  );
  return (["container", "volume", "image"] as const).flatMap((kind) =>
    stack.resources(`docker_${kind}`).flatMap(({ address, body }) => {
      const host = hosts.get(String(body["provider"] ?? "docker"));
      return host === undefined ? [] : [{ address, kind, name: String(body["name"]), host }];
    }),
  );
}
