/**
 * Compares what two revisions synthesize, without any access to a site. What only a provider knows stays unknown; what
 * replaces a resource comes from a table, since a schema does not say it.
 */
import { blocks, type Block, type Json, type TerraformJson, unescaped } from "../../synthesized/stack";
import { differencesOf } from "../diff/values";
import { replacesIt, shrinksPvc } from "./force-new";
import type { Action } from "../model/model";
import type { Plan, ResourceChange } from "./plan";
import { redactOf } from "./redact-resource";
import { isBranch, isList, Secret, type Tree, UNKNOWN } from "../model/tree";

/** Type of the pseudo resource that stands for a provider's or Terraform's version. */
export const PROVIDER = "terraform_provider";

/** Type of the pseudo resource that stands for a stack which leaves the program. */
export const STACK = "terraform_stack";

/** What is no attribute of a resource. */
const META = ["//", "depends_on", "lifecycle", "provider", "provisioner", "connection", "count", "for_each"];

const REFERENCE = /(?<!\$)\$\{([a-z][a-z0-9_]*)\.([\w-]+)\.([\w.[\]]+)\}/g;

/** One side of the comparison. */
class Side {
  readonly blocks: ReadonlyMap<string, Block>;

  constructor({ resource }: TerraformJson) {
    this.blocks = new Map(blocks(resource).map((block) => [block.address, block]));
  }

  /** Attributes of a resource, references to literals of other resources looked up. */
  attributes({ body }: Block): Json {
    return this.resolved(Object.fromEntries(Object.entries(body).filter(([key]) => !META.includes(key))), 0) as Json;
  }

  private resolved(value: unknown, depth: number): unknown {
    if (typeof value === "string") {
      if (!value.includes("${") || depth > 5) return value;
      return value.replace(REFERENCE, (whole, type: string, id: string, path: string) => {
        const found = path.split(/[.[\]]+/).reduce<unknown>(
          (outer, key) => {
            if (key === "" || (key === "0" && !Array.isArray(outer))) return outer;
            return outer !== null && typeof outer === "object" ? (outer as Json)[key] : undefined;
          },
          this.blocks.get(`${type}.${id}`)?.body,
        );
        return typeof found === "string" || typeof found === "number" ? String(this.resolved(found, depth + 1)) : whole;
      });
    }
    if (Array.isArray(value)) return value.map((one) => this.resolved(one, depth));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.resolved(one, depth)]));
  }
}

/** A resource of both revisions. */
interface Pair {
  readonly address: string;
  readonly before: Block | undefined;
  readonly after: Block | undefined;
}

/** The plan of a stack that only the first revision has: nothing destroys it, and no program plans it any more. */
export function stackGone(stack: string): Plan {
  const gone: ResourceChange = {
    address: `${STACK}.${stack}`,
    type: STACK,
    id: stack,
    action: "forget",
    before: { name: stack },
    replacePaths: [],
  };
  return { ...compareStacks({}, {}), resources: [gone] };
}

/** What a stack says of resources that get another address, or that Terraform lets go of. */
interface Steps {
  readonly moved?: readonly { readonly from: string; readonly to: string }[];
  readonly removed?: readonly { readonly from: string; readonly lifecycle?: Json | readonly Json[] }[];
}

const forgets = ({ lifecycle }: NonNullable<Steps["removed"]>[number]): boolean =>
  [lifecycle].flat().some((one) => one?.["destroy"] === false);

/** Compares again until nothing more is replaced: a reference to what changes is known after the apply only. */
function settled(pairs: readonly Pair[], was: Side, is: Side): ResourceChange[] {
  let changing = new Set<string>();
  for (;;) {
    const found = pairs.map((pair) => compared(pair, was, is, changing));
    const next = found.filter(({ action }) => action === "replace" || action === "create").map((one) => one.address);
    if (next.every((address) => changing.has(address))) return found;
    changing = new Set([...changing, ...next]);
  }
}

/** Compares one stack of two revisions as if the first were applied. */
export function compareStacks(base: TerraformJson, head: TerraformJson): Plan {
  const [was, is] = [new Side(base), new Side(head)];
  const { moved = [], removed = [] } = head as Steps;
  const forgotten = new Set(removed.filter(forgets).map(({ from }) => from));
  const moves = new Map(moved.map(({ from, to }) => [to, from]));
  const pairs = [...is.blocks.values()].map((block): Pair => {
    const from = moves.get(block.address);
    const before = was.blocks.get(block.address) ?? was.blocks.get(from ?? "");
    return { address: block.address, before, after: block };
  });
  const matched = new Set(pairs.flatMap(({ before }) => (before ? [before.address] : [])));
  const gone = [...was.blocks.values()]
    .filter(({ address }) => !matched.has(address))
    .map((before): Pair => ({ address: before.address, before, after: undefined }));
  const resources = settled([...pairs, ...gone], was, is).map((one) =>
    one.action === "delete" && forgotten.has(one.address) ? { ...one, action: "forget" as const } : one,
  );
  return {
    terraform: head.terraform?.required_version ?? "any",
    providers: versionsOf(head),
    resources: [...resources, ...providerChanges(base, head)],
    drift: [],
    errored: false,
  };
}

function compared(
  { address, before, after }: Pair,
  was: Side,
  is: Side,
  changing: ReadonlySet<string>,
): ResourceChange {
  const { type, id } = (after ?? before)!;
  const side = (block: Block | undefined, of: Side) =>
    block ? redactOf(type, of.attributes(block), undefined, undefined, unescaped) : undefined;
  const [old, fresh] = [side(before, was), side(after, is)];
  const now = before && after ? later(ignoring(after, old, fresh), changing) : fresh;
  const moved = before && after && before.address !== after.address;
  const replacePaths = before && after ? replacing(type, old, now) : [];
  const isProtected = (block: Block | undefined) =>
    (block?.body["lifecycle"] as Json | undefined)?.["prevent_destroy"] === true;
  const protection = { before: isProtected(before), after: isProtected(after) };
  const action = actionOf(old, now, replacePaths.length > 0, moved === true);
  return {
    address,
    type,
    id,
    action: action === "no-op" && protection.before && !protection.after ? "update" : action,
    ...(moved ? { previousAddress: before.address } : {}),
    ...(old === undefined ? {} : { before: old }),
    ...(now === undefined ? {} : { after: now }),
    replacePaths,
    protection,
  };
}

/** What a resource becomes, but for attributes whose changes Terraform is told to ignore: `spec[0].min_replicas`. */
function ignoring({ body }: Block, old: Tree | undefined, fresh: Tree | undefined): Tree | undefined {
  const ignored = (body["lifecycle"] as Json | undefined)?.["ignore_changes"];
  const paths = Array.isArray(ignored) ? ignored.filter((one) => typeof one === "string") : [];
  return paths
    .map((path) => [...path.matchAll(/\["([^"]+)"\]|[\w-]+/g)].map(([whole, quoted]) => quoted ?? whole))
    .reduce((all, keys) => withOld(all, old, keys), fresh);
}

/** A tree with the old value at these keys, where both sides have what holds it; a block of Terraform is its one element. */
function withOld(fresh: Tree | undefined, old: Tree | undefined, [key, ...rest]: readonly string[]): Tree | undefined {
  if (key === undefined) return old;
  if (key === "0" && (isList(fresh) ? fresh.length === 1 : isBranch(fresh))) {
    const inner = withOld(isList(fresh) ? fresh[0] : fresh, isList(old) ? old[0] : old, rest);
    return isList(fresh) ? [inner ?? null] : inner;
  }
  if (!isBranch(fresh) || !isBranch(old)) return fresh;
  const value = withOld(fresh[key], old[key], rest);
  const others = Object.entries(fresh).filter(([one]) => one !== key);
  return Object.fromEntries(value === undefined ? others : [...others, [key, value]]);
}

/** An expression is unknown where its resource is created again. */
function later(value: Tree | undefined, changing: ReadonlySet<string>): Tree | undefined {
  const text = value instanceof Secret ? value.text : value;
  if (typeof text === "string")
    return [...text.matchAll(REFERENCE)].some(([, type, id]) => changing.has(`${type}.${id}`)) ? UNKNOWN : value;
  if (Array.isArray(value)) return value.map((one) => later(one as Tree, changing) ?? null);
  if (!isBranch(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, later(one, changing) ?? null]));
}

function replacing(type: string, before: Tree | undefined, after: Tree | undefined): string[][] {
  return differencesOf(before, after)
    .filter((one) => replacesIt(type, one.path) || shrinksPvc(type, one))
    .map(({ path }) => path.replace(/\[[^\]]*\]|:\d+$/g, "").split("."));
}

function actionOf(
  before: Tree | undefined,
  after: Tree | undefined,
  replaced: boolean,
  moved: boolean,
): Action | "no-op" {
  if (before === undefined) return "create";
  if (after === undefined) return "delete";
  if (replaced) return "replace";
  if (differencesOf(before, after).length > 0) return "update";
  return moved ? "move" : "no-op";
}

function versionsOf({ terraform }: TerraformJson): Record<string, string> {
  return Object.fromEntries(
    Object.entries(terraform?.required_providers ?? {}).map(([name, { version }]) => [name, version ?? "any"]),
  );
}

function providerChanges(base: TerraformJson, head: TerraformJson): ResourceChange[] {
  const versions = (json: TerraformJson): Record<string, string> => ({
    ...versionsOf(json),
    ...(json.terraform?.required_version ? { terraform: json.terraform.required_version } : {}),
  });
  const [was, is] = [versions(base), versions(head)];
  return Object.keys(is)
    .filter((name) => was[name] !== undefined && was[name] !== is[name])
    .map((name) => ({
      address: `${PROVIDER}.${name}`,
      type: PROVIDER,
      id: name,
      action: "update" as const,
      before: { name, version: was[name] ?? "" },
      after: { name, version: is[name] ?? "" },
      replacePaths: [],
    }));
}
