/**
 * What holds for every resource of every stack, as functions over the synthesized JSON. Each gives one line
 * for each resource that breaks it.
 */
import { type Block, blocks, type Json, type TerraformJson } from "./stack";

/** The part of a stack that rules look at. */
export type StackJson = Pick<TerraformJson, "resource">;

/** A rule over a stack. */
export type HouseRule = (stack: StackJson) => string[];

const WORKLOADS = [
  "kubernetes_deployment_v1",
  "kubernetes_stateful_set_v1",
  "kubernetes_daemon_set_v1",
  "kubernetes_job_v1",
  "kubernetes_cron_job_v1",
];
const CLUSTER_SCOPED = [
  "kubernetes_namespace_v1",
  "kubernetes_storage_class_v1",
  "kubernetes_cluster_role_v1",
  "kubernetes_cluster_role_binding_v1",
];

const resources = ({ resource }: StackJson): Block[] => blocks(resource);

function find(value: unknown, key: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((inner) => find(inner, key));
  if (!value || typeof value !== "object") return [];
  return Object.entries(value as Json).flatMap(([name, inner]) => [
    ...(name === key ? [inner] : []),
    ...find(inner, key),
  ]);
}

function containers(body: Json): Json[] {
  return ["container", "init_container"].flatMap((key) => find(body, key)).flat() as Json[];
}

/** One line for each container of a workload of ours that breaks a rule, with its name as `what` says it. */
const containerRule =
  (isGood: (container: Json) => unknown, what: (name: string) => string): HouseRule =>
  (stack) =>
    resources(stack)
      .filter(({ type }) => WORKLOADS.includes(type))
      .flatMap(({ address, body }) =>
        containers(body)
          .filter((one) => !isGood(one))
          .map((one) => `${address}: ${what(String(one["name"]))}`),
      );

/** An image of LOVE with the tag of a control-system cycle, which is never made anew. */
const OF_A_CYCLE = /\/(love-[a-z0-9-]+|audio_broadcaster):c\d{4}(\.\d{3})?$/;

/** PostgreSQL since 10 has versions of two numbers. */
const OF_POSTGRESQL = /\/postgres:\d+\.\d+(-[a-z0-9.]+)?$/;

/** Whether an image is named by a tag or digest that stays what it is. */
export function isPinned(image: string): boolean {
  if (OF_A_CYCLE.test(image) || OF_POSTGRESQL.test(image)) return true;
  const tag = /:([^/:@]+)(@sha256:[0-9a-f]{64})?$/.exec(image)?.[1];
  return /@sha256:[0-9a-f]{64}$/.test(image) || (tag !== undefined && /\d+\.\d+\.\d+/.test(tag));
}

/** A tag that moves makes two hosts differ. */
export const imagesArePinned: HouseRule = (stack) =>
  resources(stack).flatMap(({ address, type, body }) => {
    const images =
      type === "docker_image"
        ? [body["name"]]
        : type === "docker_container"
          ? [body["image"]]
          : containers(body).map((one) => one["image"]);
    return images
      .filter((image) => typeof image === "string" && !image.startsWith("${") && !isPinned(image))
      .map((image) => `${address}: got image ${String(image)}. Allowed: an exact version or a digest. Name one.`);
  });

/** A chart without version is the newest one at each plan. */
export const chartsArePinned: HouseRule = (stack) =>
  resources(stack)
    .filter(({ type, body }) => type === "helm_release" && !/^v?\d+\.\d+\.\d+$/.test(String(body["version"] ?? "")))
    .map(
      ({ address }) =>
        `${address}: got a chart without exact version. Allowed: the version in ground/versions.ts. Take it from there.`,
    );

/** An unset namespace comes from the environment of who runs Terraform. */
export const namespacesAreSet: HouseRule = (stack) =>
  resources(stack)
    .filter(({ type }) => (type === "helm_release" || type.startsWith("kubernetes_")) && !CLUSTER_SCOPED.includes(type))
    .filter(({ type, body }) => {
      const metadata = body["metadata"] as Json | Json[] | undefined;
      const named = type === "helm_release" ? body : Array.isArray(metadata) ? metadata[0] : metadata;
      return !named?.["namespace"];
    })
    .map(({ address }) => `${address}: got no namespace. Allowed: one of ground/namespaces.ts. Set it.`);

/** Requests let the scheduler count; a limit of memory keeps one pod from taking the host's. */
export const workloadsHaveResources = containerRule(
  ({ resources }) => {
    const { requests, limits } = (resources ?? {}) as { requests?: Json; limits?: Json };
    return requests?.["cpu"] && requests["memory"] && limits?.["memory"];
  },
  (name) =>
    `got container ${name} without all resources. Allowed: requests of CPU and memory, and a limit of memory. Set all three.`,
);

/** What we write ourselves runs without privileges. */
export const workloadsHaveSecurityContext = containerRule(
  (one) => (one["security_context"] as Json | undefined)?.["allow_privilege_escalation"] === false,
  (name) =>
    `got container ${name}, which may escalate its privileges. Allowed: a security context that forbids it. Set one.`,
);

/** Pods of a workload of ours: what has containers. */
function podsIn(value: unknown): Json[] {
  if (Array.isArray(value)) return value.flatMap(podsIn);
  if (!value || typeof value !== "object") return [];
  const inner = Object.values(value as Json).flatMap(podsIn);
  return "container" in value ? [value, ...inner] : inner;
}

const isSaid = (value: unknown): boolean => typeof value === "boolean";

/** What a container has to say of its rights, for whoever writes it to think of: the default is always the larger one. */
const RIGHTS: readonly (readonly [what: string, isGood: (container: Json, pod: Json) => boolean])[] = [
  ["capabilities dropped: ALL", (one) => find(one["security_context"], "drop").flat().includes("ALL")],
  [
    "run_as_non_root",
    (one, pod) => [one, pod].some(({ security_context }) => isSaid((security_context as Json)?.["run_as_non_root"])),
  ],
  [
    "read_only_root_filesystem",
    (one) => isSaid((one["security_context"] as Json | undefined)?.["read_only_root_filesystem"]),
  ],
  [
    "seccomp_profile RuntimeDefault",
    (_one, pod) =>
      find(pod["security_context"], "seccomp_profile").some((one) => (one as Json)["type"] === "RuntimeDefault"),
  ],
  [
    "automount_service_account_token, true only with an account",
    (_one, { automount_service_account_token: token, service_account_name: account }) =>
      isSaid(token) && (token === false || account !== undefined),
  ],
];

/** A pod has no right that nobody thought of. */
export const workloadsSayTheirRights: HouseRule = (stack) =>
  resources(stack)
    .filter(({ type }) => WORKLOADS.includes(type))
    .flatMap(({ address, body }) =>
      podsIn(body).flatMap((pod) =>
        containers(pod).flatMap((one) =>
          RIGHTS.filter(([, isGood]) => !isGood(one, pod)).map(
            ([what]) =>
              `${address}: got container ${String(one["name"])} without a word on its rights. Allowed: ${what}. Say it, or use restrictedTemplate.`,
          ),
        ),
      ),
    );

/** References inside an expression, such as `${helm_release.kafka_kafka.id}`; not of data sources and the like. */
const REFERENCE = /(?<![\w.-])([a-z]+_[a-z0-9_]+)\.([A-Za-z][\w-]*)/g;

/** Resources that a value depends on or takes something from. */
function references(value: unknown): string[] {
  if (typeof value === "string")
    return [...value.matchAll(/(?<!\$)\$\{([^}]*)\}/g)].flatMap(([, expression = ""]) =>
      [...expression.matchAll(REFERENCE)].map(([address]) => address),
    );
  return value && typeof value === "object" ? Object.values(value).flatMap(references) : [];
}

/** What a layer takes from another one would carry that one's state into its own, secrets too. */
export const layersStandAlone: HouseRule = (stack) => {
  const all = resources(stack);
  const own = new Set(all.map(({ address }) => address));
  return all.flatMap(({ address, body }) => {
    const named = [...((body["depends_on"] ?? []) as string[]), ...references(body)];
    return [...new Set(named)]
      .filter((one) => !one.startsWith("data.") && !one.startsWith("ephemeral.") && !own.has(one))
      .map((one) => `${address}: got a reference to ${one}. Allowed: resources of the same stack. Pass a value.`);
  });
};

/** All rules. */
export const HOUSE_RULES: readonly HouseRule[] = [
  imagesArePinned,
  chartsArePinned,
  namespacesAreSet,
  workloadsHaveResources,
  workloadsHaveSecurityContext,
  workloadsSayTheirRights,
  layersStandAlone,
];
