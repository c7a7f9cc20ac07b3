/** What rules look at: every resource of a plan, and every object inside a release of our own chart. */
import { differencesOf } from "../diff/values";
import { nameOf, nounOf } from "../model/names";
import type { Action, Difference } from "../model/model";
import type { ResourceChange } from "./plan";
import { isKept, type ObjectPair, type Release, releaseOf } from "./release";
import { listAt, textAt, type Tree } from "../model/tree";

/** A resource or an object, before and after. */
export interface Resource {
  /** Name of the stack. */
  readonly stack: string;
  /** Address of the resource that it is, or that it is in. */
  readonly address: string;
  /** Terraform's type, or the kind of an object. */
  readonly type: string;
  /** Id in its stack, behind the slash of an entry of `allowDestroys`. */
  readonly id: string;
  /** What it is, for people. */
  readonly label: string;
  /** Namespace in the cluster; empty where it is in none. */
  readonly namespace: string;
  readonly name: string;
  readonly action: Action | "no-op";
  readonly before?: Tree;
  readonly after?: Tree;
  /** What differs; of a release, its values; nothing where it goes. */
  readonly differences: readonly Difference[];
  /** It stays in the cluster when it leaves its release. */
  readonly keep: boolean;
  /** The release it is, opened. */
  readonly release?: Release;
  /** What puts it right where it was changed by hand and no apply does; rules know what plans do. */
  readonly undo?: string;
  /** The change of the resource itself; undefined of an object. */
  readonly change?: ResourceChange;
}

/** Every resource and object of a stack. */
export function resourcesOf(stack: string, changes: readonly ResourceChange[]): Resource[] {
  return changes.flatMap((change) => {
    if (change.type !== "helm_release") return [asResource(stack, change, differencesBetween(change))];
    const { opened } = change;
    const release = releaseOf(change);
    const { before, after, values, objects } = release;
    return [
      {
        ...asResource(stack, change, before && after ? values : []),
        release,
        ...(opened ? { undo: opened.undo.release } : {}),
      },
      ...objects.map((pair) => asObject(stack, change, pair)),
    ];
  });
}

function asObject(stack: string, change: ResourceChange, pair: ObjectPair): Resource {
  const { kind, namespace, name, before, after, differences } = pair;
  return {
    ...pair,
    stack,
    address: change.address,
    type: kind,
    id: objectId(kind, name, before ?? after),
    label: `${nounOf(kind)} ${namespace ? `${namespace}/` : ""}${name}`,
    action: actionIn(change, pair),
    differences: before && after ? differences : [],
    keep: isKept(before ?? after),
    ...(change.opened ? { undo: change.opened.undo.objects } : {}),
  };
}

/** A release that is replaced is deleted and made again, and so is all in it that is not kept. */
function actionIn({ action }: ResourceChange, pair: ObjectPair): Resource["action"] {
  if (action === "replace" && pair.before && pair.after && !isKept(pair.before)) return "replace";
  return pair.action ?? "no-op";
}

function differencesBetween({ before, after }: ResourceChange): Difference[] {
  return before !== undefined && after !== undefined ? differencesOf(before, after) : [];
}

function asResource(stack: string, change: ResourceChange, differences: readonly Difference[]): Resource {
  const { address, type, id, action, before, after } = change;
  const body = after ?? before;
  // What is renamed or moved to another namespace is known by its old name.
  const old = before ?? after;
  return {
    stack,
    address,
    type,
    id,
    label: nameOf(type, id, old),
    namespace: textAt(old, "metadata", "namespace") ?? textAt(old, "namespace") ?? "",
    name: textAt(old, "metadata", "name") ?? textAt(old, "name") ?? textAt(body, "name") ?? id,
    action,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    differences,
    keep: false,
    change,
  };
}

function objectId(kind: string, name: string, body: Tree | undefined): string {
  if (kind === "Kafka") return "kafka";
  const known = kind === "KafkaTopic" ? (textAt(body, "spec", "topicName") ?? name) : name;
  return `${kind
    .replace(/^Kafka(?=.)/, "")
    .replace(/(?<=[a-z])(?=[A-Z])/g, "-")
    .toLowerCase()}/${known}`;
}

/** Whether a node in Docker is the server of its cluster. */
export function isK3sServer(node: Resource): boolean {
  return [node.before, node.after].some((side) => listAt(side, "command").includes("server"));
}

/** Whether a resource goes, at least for a while. */
export function goes({ action }: Pick<Resource, "action">): boolean {
  return action === "delete" || action === "replace";
}

/** The same question to a resource before and after. */
export function sides<T>({ before, after }: Resource, of: (side: Tree | undefined) => T): [before: T, after: T] {
  return [of(before), of(after)];
}

/** The difference at a path; undefined where there is none. */
export function differenceAt({ differences }: Pick<Resource, "differences">, pattern: RegExp): Difference | undefined {
  return differences.find(({ path }) => pattern.test(path));
}
