import { Testing } from "cdktf";
import { readYaml } from "../../../synthesized/yaml";
import { parseEnvironment } from "../../../environments/parse";
import type { EnvironmentInput } from "../../../environments/schema";
import { ClusterStack } from "../../../stacks/cluster/stack";

interface Upload {
  readonly file: string;
  readonly content: string;
  readonly permissions: string;
}

/** A container as the tests read it. */
export interface ContainerJson {
  readonly name: string;
  readonly image: string;
  readonly provider: string;
  readonly command: string[];
  readonly env: string[];
  readonly network_mode: string;
  readonly upload: Upload[];
  readonly volumes: { container_path: string; volume_name?: string; host_path?: string; read_only?: boolean }[];
  readonly labels: { label: string; value: string }[];
  readonly depends_on?: string[];
  readonly host?: { host: string; ip: string }[];
  readonly [key: string]: unknown;
}

type Resource = Readonly<Record<string, unknown>>;

/** A stack as the tests read it. */
export interface StackJson {
  readonly provider: { readonly docker: Resource[] };
  readonly resource: Readonly<Record<string, Readonly<Record<string, Resource>>>> & {
    readonly docker_container: Readonly<Record<string, ContainerJson>>;
    readonly local_sensitive_file: Readonly<Record<string, Readonly<Record<string, string>>>>;
  };
  readonly output: Readonly<Record<string, { readonly value: string }>>;
}

/** The cluster layer of a site, with all validations. */
export function clusterLayer(input: EnvironmentInput): StackJson {
  const { allowDestroys, cluster, name, state, storage } = parseEnvironment(input);
  if (cluster.kind !== "k3s") throw new Error(`${name} has no cluster of ours`);
  const stack = new ClusterStack(Testing.app(), {
    site: name,
    layer: "cluster",
    backend: state,
    allowDestroyOf: [],
    allowDestroy: allowDestroys.includes(`${name}-cluster`),
    cluster,
    storage,
    kubeconfig: `../../../.access/${name}.kubeconfig`,
  });
  return JSON.parse(Testing.synth(stack, true)) as StackJson;
}

/** All containers of a stack. */
export function containers(stack: StackJson): ContainerJson[] {
  return Object.values(stack.resource.docker_container);
}

/** The one container whose command begins with `server`. */
export function serverOf(stack: StackJson): ContainerJson {
  const [server, ...others] = containers(stack).filter(({ command }) => command[0] === "server");
  if (!server || others.length > 0) throw new Error(`allowed one server, got ${others.length + (server ? 1 : 0)}`);
  return server;
}

/** The containers that are no server. */
export function agentsOf(stack: StackJson): ContainerJson[] {
  return containers(stack).filter(({ command }) => command[0] !== "server");
}

/** A YAML file that a container is given. */
export function uploaded(container: ContainerJson, file: string): unknown {
  const upload = container.upload.find((one) => one.file === file);
  return upload && readYaml(upload.content);
}

/** Places at which two values differ, with dots between keys. */
export function differences(a: unknown, b: unknown, path = ""): string[] {
  if (typeof a !== "object" || typeof b !== "object" || !a || !b) return a === b ? [] : [path];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .sort()
    .flatMap((key) => differences(Reflect.get(a, key), Reflect.get(b, key), path ? `${path}.${key}` : key));
}
