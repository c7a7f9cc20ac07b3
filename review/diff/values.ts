/** What differs between two values, key by key; lists by identity where their elements have one. */
import type { Difference } from "../model/model";
import { isBranch, isEmpty, same, Secret, shown, type Tree, UNKNOWN } from "../model/tree";
import { lineDifferences } from "./lines";

/** Keys by which an element of a list is known, in the order in which they are tried. */
const IDENTITIES = [
  "name",
  "id",
  "key",
  "broker",
  "secretKey",
  "host",
  "mountPath",
  "mount_path",
  "container_path",
  "containerPath",
  "internal",
  "topicName",
] as const;

type Identify = (element: Tree) => string | undefined;

const byKey =
  (key: string): Identify =>
  (element) => {
    const value = isBranch(element) ? element[key] : undefined;
    return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
  };

/** A Kubernetes object is known by kind and name. */
const asObject: Identify = (element) => {
  const metadata = isBranch(element) ? element["metadata"] : undefined;
  if (!isBranch(element) || !isBranch(metadata) || typeof metadata["name"] !== "string") return undefined;
  return `${typeof element["kind"] === "string" ? `${element["kind"]} ` : ""}${metadata["name"]}`;
};

const itself: Identify = (element) =>
  typeof element === "string" || typeof element === "number" ? String(element) : undefined;

/** Elements by identity; undefined where one has none or two share one. */
function identified(list: readonly Tree[], identify: Identify): Map<string, Tree> | undefined {
  const found = new Map<string, Tree>();
  for (const element of list) {
    const identity = identify(element);
    if (identity === undefined || found.has(identity)) return undefined;
    found.set(identity, element);
  }
  return found;
}

/** What differs. Paths of values that a resource is replaced for are marked by whoever knows them. */
export function differencesOf(before: Tree | undefined, after: Tree | undefined, path = ""): Difference[] {
  if (before === after || (before !== UNKNOWN && after !== UNKNOWN && isEmpty(before) && isEmpty(after))) return [];
  if (before instanceof Secret || after instanceof Secret) return secretDifferences(before, after, path);
  if (Array.isArray(before) && Array.isArray(after))
    return listDifferences(before as readonly Tree[], after as readonly Tree[], path);
  if (isBranch(before) && isBranch(after)) return branchDifferences(before, after, path);
  if (isBranch(before) && isEmpty(after)) return branchDifferences(before, {}, path);
  if (isBranch(after) && isEmpty(before)) return branchDifferences({}, after, path);
  if (typeof before === "string" && typeof after === "string" && `${before}${after}`.includes("\n"))
    return lineDifferences(before, after, path);
  return same(before, after) ? [] : [difference(path, before, after)];
}

/** What differs where a side is a secret, or a text with secrets in it. */
function secretDifferences(before: Tree | undefined, after: Tree | undefined, path: string): Difference[] {
  if (same(before, after)) return [];
  const [was, is] = [before, after].map((side) => (side instanceof Secret ? side.text : side));
  return typeof was === "string" && typeof is === "string"
    ? lineDifferences(was, is, path)
    : [difference(path, masked(before, after), masked(after, before))];
}

/** A side beside a whole secret is one too, whoever forgot to mark it. */
function masked(side: Tree | undefined, other: Tree | undefined): Tree | undefined {
  const isSecret = other instanceof Secret && other.text === undefined;
  return isSecret && !isEmpty(side) && side !== UNKNOWN && side !== undefined ? new Secret(side) : side;
}

function difference(path: string, before: Tree | undefined, after: Tree | undefined): Difference {
  const side = (name: "before" | "after", value: Tree | undefined) =>
    value === undefined || value === null ? {} : { [name]: shown(value) };
  return { path, ...side("before", before), ...side("after", after) };
}

function branchDifferences(
  before: Readonly<Record<string, Tree>>,
  after: Readonly<Record<string, Tree>>,
  path: string,
): Difference[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys
    .filter((key) => own(before, key) !== own(after, key))
    .sort()
    .flatMap((key) => differencesOf(own(before, key), own(after, key), joined(path, key)));
}

const own = (value: Readonly<Record<string, Tree>>, key: string): Tree | undefined =>
  Object.hasOwn(value, key) ? value[key] : undefined;

/** A path with one more key. */
export function joined(path: string, key: string): string {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

function listDifferences(before: readonly Tree[], after: readonly Tree[], path: string): Difference[] {
  // A block of Terraform is a list of one.
  const blocks = [...before, ...after];
  const isBlock = (one: Tree) => isBranch(one) && (path.endsWith("metadata") || byKey("name")(one) === undefined);
  if (before.length <= 1 && after.length <= 1 && blocks.every(isBlock)) return differencesOf(before[0], after[0], path);
  for (const identify of [...IDENTITIES.map(byKey), asObject]) {
    const [was, is] = [identified(before, identify), identified(after, identify)];
    if (was && is) return byIdentity(was, is, path);
  }
  if (before.length !== after.length) {
    const [was, is] = [identified(before, itself), identified(after, itself)];
    if (was && is) return byIdentity(was, is, path);
  }
  return Array.from({ length: Math.max(before.length, after.length) }, (_, i) =>
    differencesOf(before[i], after[i], `${path}[${i}]`),
  ).flat();
}

/** Elements by identity; an order that changes and nothing else is one difference. */
function byIdentity(before: Map<string, Tree>, after: Map<string, Tree>, path: string): Difference[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  const found = keys.flatMap((key) => elementDifferences(before.get(key), after.get(key), `${path}[${key}]`));
  const order = [...before.keys()].join("\n") === [...after.keys()].join("\n");
  if (found.length > 0 || order) return found;
  return [difference(`${path} (order)`, [...before.keys()], [...after.keys()])];
}

/** An element that is added or removed is one difference. */
function elementDifferences(before: Tree | undefined, after: Tree | undefined, path: string): Difference[] {
  if (before === undefined || after === undefined) return [difference(path, before, after)];
  return differencesOf(before, after, path);
}
