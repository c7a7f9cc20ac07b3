/** Identities: resources that hold data or an identity, with the names by which they are found. None may change by accident. */
import { type App, TerraformResource, TerraformStack } from "cdktf";
import { inside, isOwnChart, type Json, type ObjectJson, releaseValues, type StackView } from "../../synthesized/stack";
import { isStateful } from "../../constructs/core/stateful";

/** Identities of a site: lists of lines, sorted, so that a change is one line. */
export interface Identities {
  /** Addresses of resources that hold data or an identity, with the name that the provider gets. */
  readonly stateful: string[];
  /** Addresses of Helm releases whose objects, or the Secrets that they make, stay when they leave the release. */
  readonly releases: string[];
  /** PVCs: namespace/name, class, size. */
  readonly claims: string[];
  readonly kafkas: string[];
  /** Node pools with their node ids and volumes. */
  readonly pools: string[];
  readonly topics: string[];
  readonly users: string[];
}

const LISTS = [
  "stateful",
  "releases",
  "claims",
  "kafkas",
  "pools",
  "topics",
  "users",
] as const satisfies (keyof Identities)[];

/** Addresses (`<stack>: <type>.<id>`) of the resources that `stateful` marked in a construct tree. */
export function statefulAddresses(app: App): Set<string> {
  return new Set(
    app.node
      .findAll()
      .filter((node): node is TerraformResource => TerraformResource.isTerraformResource(node) && isStateful(node))
      .map((one) => `${TerraformStack.of(one).node.id}: ${one.terraformResourceType}.${one.friendlyUniqueId}`),
  );
}

function nameOf(body: Json): string {
  const name = body["name"] ?? inside(body, "metadata", "name");
  const namespace = inside(body, "metadata", "namespace");
  if (typeof name !== "string") return "";
  return typeof namespace === "string" ? ` (${namespace}/${name})` : ` (${name})`;
}

function pvc(body: Json): string {
  const get = (...keys: string[]) => String(inside(body, ...keys));
  const size = get("spec", "resources", "requests", "storage");
  return `${get("metadata", "namespace")}/${get("metadata", "name")}: ${size} of class ${get("spec", "storage_class_name")}`;
}

const named = ({ metadata }: ObjectJson) => `${String(metadata.namespace)}/${metadata.name}`;

/** The cluster that an object belongs to, as Strimzi reads it. */
const clusterOf = ({ metadata }: ObjectJson) => String(inside(metadata, "labels", "strimzi.io/cluster"));

function volumes(storage: Json): string {
  const each = (storage["volumes"] as Json[] | undefined) ?? [storage];
  return each
    .map((one) => `${String(one["id"] ?? 0)}=${String(one["size"])} ${String(one["class"] ?? "")}`.trim())
    .join(", ");
}

function pool(one: ObjectJson): string {
  const spec = one.spec ?? {};
  const ids = one.metadata.annotations?.["strimzi.io/next-node-ids"] ?? "unset";
  return `${named(one)} of ${clusterOf(one)}: ids ${ids}, ${String(spec["replicas"])} × ${((spec["roles"] ?? []) as string[]).join("+")}, volumes ${volumes((spec["storage"] ?? {}) as Json)}`;
}

function topic(one: ObjectJson): string {
  const { topicName, partitions } = (one.spec ?? {}) as { topicName?: string; partitions?: number };
  return `${named(one)} of ${clusterOf(one)}: ${topicName ?? one.metadata.name}, ${partitions ?? "default"} partitions`;
}

/** Whether a release leaves something in the cluster: objects that Helm keeps, or Secrets without an owner. */
function leavesObjects({ resources }: Json): boolean {
  return ((resources ?? []) as ObjectJson[]).some(
    ({ metadata, spec }) =>
      metadata.annotations?.["helm.sh/resource-policy"] === "keep" ||
      inside(spec, "target", "creationPolicy") === "Orphan",
  );
}

/** Identities of the stacks of one site; `marked` as {@link statefulAddresses} gives it. */
export function identitiesOf(stacks: readonly StackView[], marked: ReadonlySet<string>): Identities {
  const objects = (kind: string, line: (one: ObjectJson) => string) =>
    stacks.flatMap((stack) => stack.customResources(kind).map(line)).sort();
  return {
    stateful: stacks
      .flatMap((stack) =>
        stack
          .resources()
          .filter(({ address }) => marked.has(`${stack.name}: ${address}`))
          .map(({ address, body }) => `${stack.layer}: ${address}${nameOf(body)}`),
      )
      .sort(),
    releases: stacks
      .flatMap((stack) =>
        stack
          .resources("helm_release")
          .filter(({ body }) => isOwnChart(body) && leavesObjects(releaseValues(body)))
          .map(
            ({ address, body }) => `${stack.layer}: ${address} (${String(body["namespace"])}/${String(body["name"])})`,
          ),
      )
      .sort(),
    claims: stacks
      .flatMap((stack) => stack.resources("kubernetes_persistent_volume_claim_v1").map(({ body }) => pvc(body)))
      .sort(),
    kafkas: objects("Kafka", named),
    pools: objects("KafkaNodePool", pool),
    topics: objects("KafkaTopic", topic),
    users: objects("KafkaUser", (one) => `${named(one)} of ${clusterOf(one)}`),
  };
}

/** What differs between two lists of identities, one line each: `- gone` and `+ new`. */
export function movedIdentities(before: Partial<Identities>, after: Identities): string[] {
  return LISTS.flatMap((kind) => {
    const was = before[kind] ?? [];
    const is = after[kind];
    return [
      ...was.filter((line) => !is.includes(line)).map((line) => `- ${kind}: ${line}`),
      ...is.filter((line) => !was.includes(line)).map((line) => `+ ${kind}: ${line}`),
    ];
  });
}
