/** A Helm release of a plan, opened: chart, values as an object, and objects where the chart is our own. */
import { isOwnChart, OWN_CHART } from "../../synthesized/stack";
import { differencesOf } from "../diff/values";
import type { Difference, ObjectChange, ReleaseChange } from "../model/model";
import type { ResourceChange } from "./plan";
import {
  at,
  type Branch,
  isBranch,
  isEmpty,
  isList,
  listAt,
  same,
  Secret,
  textAt,
  type Tree,
  UNKNOWN,
} from "../model/tree";

/** One side of a release. */
export interface ReleaseSide {
  /** Name in its repository. */
  readonly chart: string;
  readonly version: string | undefined;
  readonly values: Tree;
  /** Objects of our own chart, each with its namespace. */
  readonly objects: readonly Branch[];
  /** Why its values, and so its objects, cannot be read; left out where they can. */
  readonly unread?: string;
}

/** Reads one side of a release; undefined where there is none. `opened` are its objects where they were looked at. */
export function releaseSide(body: Tree | undefined, opened?: readonly Branch[]): ReleaseSide | undefined {
  if (!isBranch(body)) return undefined;
  const path = textAt(body, "chart") ?? "";
  const version = textAt(body, "version");
  const isOwn = isOwnChart(body);
  const chart = isOwn ? OWN_CHART : (path.split("/").at(-1) ?? "").replace(/-v?\d+\.\d+\.\d+[^/]*\.tgz$/, "");
  const given = at(body, "values");
  const texts = given === undefined || given === null ? [] : isList(given) ? given : [given];
  const unread = texts.map(whyUnread).find((why) => why !== undefined);
  const values =
    unread === undefined ? texts.filter(isBranch).reduce<Branch>((all, one) => ({ ...all, ...one }), {}) : {};
  const namespace = textAt(body, "namespace") ?? "";
  const own = isOwn ? listAt(values, "resources").filter(isBranch) : [];
  const objects = opened ?? own.map((one) => placed(one, namespace));
  return { chart, version, values, objects, ...(unread === undefined ? {} : { unread }) };
}

/** Why a text of values cannot be read; undefined where it can. */
function whyUnread(values: Tree): string | undefined {
  if (values === UNKNOWN) return "its values are known after the apply only";
  if (values instanceof Secret) return "its values are a secret as a whole";
  return isBranch(values) || isEmpty(values) ? undefined : "its values are no YAML";
}

function placed(object: Branch, namespace: string): Branch {
  const metadata = at(object, "metadata");
  return { ...object, metadata: { namespace, ...(isBranch(metadata) ? metadata : {}) } };
}

/** Whether an object stays in the cluster when it leaves its release. */
export function isKept(object: Tree | undefined): boolean {
  return textAt(object, "metadata", "annotations", "helm.sh/resource-policy") === "keep";
}

/** An object of a release, before and after. */
export interface ObjectPair {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly before?: Branch;
  readonly after?: Branch;
  /** What is done to it; left out where nothing is. */
  readonly action?: ObjectChange["action"];
  /** What differs; nothing where it goes. */
  readonly differences: readonly Difference[];
}

/** A release, before and after. */
export interface Release {
  readonly before?: ReleaseSide;
  readonly after?: ReleaseSide;
  /** Values that differ; nothing where it goes. */
  readonly values: readonly Difference[];
  /** Objects of both sides by kind, namespace and name, those that stay as they are as well. */
  readonly objects: readonly ObjectPair[];
}

/** Reads a release and compares its sides. */
export function releaseOf(body: Pick<ResourceChange, "before" | "after" | "opened">): Release {
  const { opened } = body;
  const [before, after] = [releaseSide(body.before, opened?.before), releaseSide(body.after, opened?.after)];
  // One side alone would look as if everything came or went.
  const readable = before?.unread === undefined && after?.unread === undefined;
  return {
    ...(before ? { before } : {}),
    ...(after ? { after } : {}),
    values: after && readable ? differencesOf(before?.values, after.values) : [],
    objects: readable ? objectPairs(before?.objects ?? [], after?.objects ?? []) : [],
  };
}

function objectPairs(before: readonly Branch[], after: readonly Branch[]): ObjectPair[] {
  const sides = new Map<string, { before?: Branch; after?: Branch }>();
  for (const object of before) sides.set(keyOf(object), { before: object });
  for (const object of after) sides.set(keyOf(object), { ...sides.get(keyOf(object)), after: object });
  return [...sides.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, pair]) => objectPair(pair));
}

function named(object: Tree | undefined): { kind: string; namespace: string; name: string } {
  return {
    kind: textAt(object, "kind") ?? "object",
    namespace: textAt(object, "metadata", "namespace") ?? "",
    name: textAt(object, "metadata", "name") ?? "",
  };
}

const keyOf = (object: Branch): string => Object.values(named(object)).join("/");

function objectPair({ before, after }: { readonly before?: Branch; readonly after?: Branch }): ObjectPair {
  const action = !before ? "create" : !after ? "delete" : same(before, after) ? undefined : "update";
  return {
    ...named(after ?? before),
    ...(before ? { before } : {}),
    ...(after ? { after } : {}),
    ...(action ? { action } : {}),
    differences: action === undefined || action === "delete" ? [] : differencesOf(before, after),
  };
}

/** What changes inside a release, for people. */
export function releaseChange(
  { before, after, values, objects }: Release,
  { opened, ...body }: Pick<ResourceChange, "before" | "after" | "opened">,
  notesOf: (chart: string, from: string | undefined, to: string | undefined) => readonly string[],
): ReleaseChange {
  const chart = after?.chart ?? before?.chart ?? "";
  const [from, to] = [before?.version, after?.version];
  const either = body.after ?? body.before;
  return {
    namespace: textAt(either, "namespace") ?? "",
    name: textAt(either, "name") ?? "",
    chart: { name: chart, ...(from ? { from } : {}), ...(to ? { to } : {}) },
    notes: [...(before && after && from !== to ? notesOf(chart, from, to) : []), ...(opened?.notes ?? [])],
    values: chart === OWN_CHART ? [] : values,
    objects: objects.flatMap((pair) => (pair.action ? [objectChange(pair, pair.action)] : [])),
  };
}

function objectChange(pair: ObjectPair, action: ObjectChange["action"]): ObjectChange {
  const { kind, namespace, name, before, after, differences } = pair;
  return {
    action,
    apiVersion: textAt(after ?? before, "apiVersion") ?? "",
    kind,
    namespace,
    name,
    keep: isKept(before ?? after),
    differences,
  };
}
