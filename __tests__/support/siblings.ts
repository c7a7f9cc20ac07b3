/**
 * Nearly equal siblings in a form that a person can review: what most of them share once, below `same`, and what each
 * has of its own below `but`; of many siblings, what most have of their own is a row each, and `columns` says of what.
 * Nothing is lost: `unfolded` (unfolded.ts) gives the long form back.
 */
import { inside, isObject } from "../../synthesized/stack";
import { fromLeaves, type Leaves, leavesOf } from "./leaves";

/** Stands for what tells siblings apart, in their common key and in what they share. */
export const NAME = "‹name›";
/** In what siblings share: each has a value of its own here. */
export const OWN = "‹own›";
/** In what one sibling has of its own: it lacks what the others share. */
export const ABSENT = "‹absent›";

/** Fewer siblings are printed as they are. */
const FEWEST = 3;
/** More siblings get a row each. */
const MANY = 30;
/** Smaller ones, by their leaves, too. */
const SMALLEST = 8;
/** Part of the leaves that a sibling shares with the first of its group. */
const ALIKE = 0.6;
/** The short form has at most this part of the leaves of the long one. */
const WORTH = 0.6;

interface Sibling {
  readonly key: string;
  readonly leaves: Leaves;
}

/** A group in its short form, under its common key. */
interface Group {
  readonly key: string;
  readonly members: readonly string[];
  readonly content: {
    readonly same: unknown;
    readonly columns?: readonly string[];
    readonly but: Readonly<Record<string, unknown>>;
  };
}

/**
 * The short form of a value whose keys are sorted.
 *
 * @throws {Error} where a text has one of our marks: the short form would say something else.
 */
export function folded(value: unknown): unknown {
  if (/[‹›]/.test(JSON.stringify(value))) throw new Error("a value has ‹ or ›, by which siblings are folded");
  return fold(value);
}

function fold(value: unknown): unknown {
  if (Array.isArray(value)) return foldList(value);
  return isObject(value) ? foldMap(value) : value;
}

function foldMap(value: Record<string, unknown>): Record<string, unknown> {
  const groups = new Map<string, Group>();
  const siblings = Object.entries(value).flatMap(([key, one]) => siblingOf(key, one) ?? []);
  for (const members of alike(siblings)) {
    const group = groupOf(members);
    if (group && ![...groups.values()].some(({ key }) => key === group.key))
      for (const key of group.members) groups.set(key, group);
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) => {
      const group = groups.get(key);
      if (!group) return [[key, fold(one)] as const];
      return group.members[0] === key ? [[group.key, group.content] as const] : [];
    }),
  );
}

/** Only neighbours are folded: the order of a list is kept. */
function foldList(list: readonly unknown[]): unknown[] {
  const short: unknown[] = [];
  for (let i = 0; i < list.length;) {
    const run = runAt(list, i);
    const group = run.length >= FEWEST ? groupOf(run) : undefined;
    short.push(group ? { [group.key]: group.content } : fold(list[i]));
    i += group ? run.length : 1;
  }
  return short;
}

function runAt(list: readonly unknown[], start: number): Sibling[] {
  const run: Sibling[] = [];
  for (const one of list.slice(start)) {
    const name = inside(one, "metadata", "name") ?? inside(one, "name");
    const sibling = typeof name === "string" ? siblingOf(name, one) : undefined;
    const isNext = sibling && run.every(({ key }) => key !== name) && (!run[0] || isAlike(run[0], sibling));
    if (!isNext) return run;
    run.push(sibling);
  }
  return run;
}

/** A key that looks like a number would lose its place among others. */
function siblingOf(key: string, value: unknown): Sibling | undefined {
  if (!isObject(value) || /^\d*$/.test(key)) return undefined;
  const leaves = leavesOf(value);
  return leaves.size >= SMALLEST ? { key, leaves } : undefined;
}

/** Siblings that are like the first of their group, in groups that are large enough. */
function alike(siblings: readonly Sibling[]): Sibling[][] {
  const groups: Sibling[][] = [];
  for (const sibling of siblings) {
    const group = groups.find(([first]) => first && isAlike(first, sibling));
    if (group) group.push(sibling);
    else groups.push([sibling]);
  }
  return groups.filter(({ length }) => length >= FEWEST);
}

function isAlike(one: Sibling, other: Sibling): boolean {
  const names = namesOf([one.key, other.key]).names;
  const [name = "", otherName = ""] = names;
  let shared = 0;
  for (const [path, leaf] of one.leaves) {
    if (!other.leaves.has(path)) continue;
    const otherLeaf = other.leaves.get(path);
    if (same(leaf, otherLeaf) || same(withoutName(leaf, name), withoutName(otherLeaf, otherName))) shared += 1;
  }
  return shared >= ALIKE * Math.max(one.leaves.size, other.leaves.size);
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** What keys have in common, and what tells them apart: whole words. */
function namesOf(keys: readonly string[]): { readonly common: string; readonly names: readonly string[] } {
  const [first = ""] = keys;
  let [begin, end] = [first.length, first.length];
  for (const key of keys) {
    while (!key.startsWith(first.slice(0, begin))) begin -= 1;
    while (!key.endsWith(first.slice(first.length - end))) end -= 1;
  }
  const prefix = first.slice(0, begin).replace(/[A-Za-z0-9]+$/, "");
  const suffix = first.slice(first.length - end).replace(/^[A-Za-z0-9]+/, "");
  const names = keys.map((key) => key.slice(prefix.length, Math.max(prefix.length, key.length - suffix.length)));
  const whole = names.some((name, i) => /^\d*$/.test(name) || prefix + name + suffix !== keys[i]);
  return whole ? { common: NAME, names: keys } : { common: prefix + NAME + suffix, names };
}

/** A leaf with {@link NAME} wherever this name stands as a word. */
function withoutName(leaf: unknown, name: string): unknown {
  if (Array.isArray(leaf)) return leaf.map((one) => withoutName(one, name));
  if (typeof leaf !== "string") return leaf;
  const word = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return leaf.replace(new RegExp(`(?<![A-Za-z0-9])${word}(?![A-Za-z0-9])`, "g"), () => NAME);
}

/** A leaf of what siblings share, as the one of this name has it. */
export function withName(leaf: unknown, name: string): unknown {
  if (Array.isArray(leaf)) return leaf.map((one) => withName(one, name));
  return typeof leaf === "string" ? leaf.replaceAll(NAME, name) : leaf;
}

/** Siblings in their short form; undefined where it would hardly be shorter. */
function groupOf(siblings: readonly Sibling[]): Group | undefined {
  const { common, names } = namesOf(siblings.map(({ key }) => key));
  const shared = sharedLeaves(siblings, names);
  const own = siblings.map(({ leaves }, i) => [names[i] ?? "", ownLeaves(leaves, shared, names[i] ?? "")] as const);
  const short = own.reduce((sum, [, leaves]) => sum + Object.keys(leaves).length + 1, shared.size);
  const long = siblings.reduce((sum, { leaves }) => sum + leaves.size + 1, 0);
  if (short > WORTH * long) return undefined;
  const members = siblings.map(({ key }) => key);
  const same = fromLeaves(shared, OWN);
  const columns = [...shared].flatMap(([path, leaf]) => (leaf === OWN ? [path] : [])).sort();
  if (siblings.length < MANY || columns.length === 0)
    return { key: common, members, content: { same, but: Object.fromEntries(own) } };
  const rows = own.map(([name, leaves]) => [name, rowOf(leaves, columns)] as const);
  return { key: common, members, content: { same, columns, but: Object.fromEntries(rows) } };
}

/** Between the cells of a row. */
const BETWEEN = " | ";

/** A row with these columns of a sibling's own leaves, and the others beside it. */
function rowOf(leaves: Readonly<Record<string, unknown>>, columns: readonly string[]): unknown {
  const cell = (path: string) => (Object.hasOwn(leaves, path) ? cellOf(leaves[path]) : ABSENT);
  const row = columns.map(cell).join(BETWEEN);
  const others = Object.entries(leaves).filter(([path]) => !columns.includes(path));
  return others.length === 0 ? row : { [OWN]: row, ...Object.fromEntries(others) };
}

/** A leaf as a cell: as it is, or as JSON where that would be read as something else. */
function cellOf(leaf: unknown): string {
  return typeof leaf === "string" && !leaf.startsWith("=") && !leaf.includes("|")
    ? leaf
    : `=${JSON.stringify(leaf).replaceAll("|", "\\u007c")}`;
}

/** The leaves of a row. */
export function cellsOf(row: string, columns: readonly string[]): [string, unknown][] {
  return row.split(BETWEEN).map((cell, i) => {
    const leaf: unknown = cell.startsWith("=") ? JSON.parse(cell.slice(1)) : cell;
    return [columns[i] ?? "", leaf];
  });
}

/** What more than half of the siblings have; {@link OWN} where they have it with other values. */
function sharedLeaves(siblings: readonly Sibling[], names: readonly string[]): Map<string, unknown> {
  const most = (leaves: readonly unknown[]): string | undefined => {
    const counts = new Map<string, number>();
    for (const leaf of leaves.map((one) => JSON.stringify(one))) counts.set(leaf, (counts.get(leaf) ?? 0) + 1);
    return [...counts].find(([, count]) => count * 2 > siblings.length)?.[0];
  };
  const paths = [...new Set(siblings.flatMap(({ leaves }) => [...leaves.keys()]))];
  return new Map(
    paths.flatMap((path) => {
      const having = siblings.flatMap(({ leaves }, i) =>
        leaves.has(path) ? [{ leaf: leaves.get(path), name: names[i] ?? "" }] : [],
      );
      if (having.length * 2 <= siblings.length) return [];
      const found =
        most(having.map(({ leaf }) => leaf)) ?? most(having.map(({ leaf, name }) => withoutName(leaf, name)));
      return [[path, found === undefined ? OWN : (JSON.parse(found) as unknown)] as const];
    }),
  );
}

/** What one sibling has of its own, and {@link ABSENT} for what it lacks. */
function ownLeaves(leaves: Leaves, shared: Leaves, name: string): Record<string, unknown> {
  const expected = (path: string) => withName(shared.get(path), name);
  const lacks = [...shared].filter(([path, leaf]) => leaf !== OWN && !leaves.has(path));
  const own = [...leaves].filter(
    ([path, leaf]) => !shared.has(path) || shared.get(path) === OWN || !same(expected(path), leaf),
  );
  const all = [...own, ...lacks.map(([path]) => [path, ABSENT] as const)];
  return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}
