/** The inverse of siblings.ts: every sibling in full. */
import { isObject } from "../../synthesized/stack";
import { fromLeaves, leavesOf } from "./leaves";
import { ABSENT, cellsOf, NAME, OWN, withName } from "./siblings";

interface Content {
  readonly same: unknown;
  /** Of what a row is, where siblings have rows. */
  readonly columns?: readonly string[];
  readonly but: Readonly<Record<string, string | Record<string, unknown>>>;
}

/** The long form of what `folded` made short, with sorted keys. */
export function unfolded(value: unknown): unknown {
  if (Array.isArray(value))
    return value.flatMap((one): unknown[] => {
      const [key = "", ...others] = isObject(one) ? Object.keys(one) : [];
      if (!isObject(one) || others.length > 0 || !key.includes(NAME)) return [unfolded(one)];
      return membersOf(key, one[key] as Content).map(([, member]) => member);
    });
  if (!isObject(value)) return value;
  const entries = Object.entries(value).flatMap(([key, one]) =>
    key.includes(NAME) ? membersOf(key, one as Content) : [[key, unfolded(one)] as const],
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What a sibling has of its own, by path. */
function ownOf(own: Content["but"][string], columns: readonly string[] = []): [string, unknown][] {
  if (typeof own === "string") return cellsOf(own, columns);
  const { [OWN]: row, ...others } = own;
  return [...(typeof row === "string" ? cellsOf(row, columns) : []), ...Object.entries(others)];
}

function membersOf(key: string, { same, columns, but }: Content): (readonly [string, unknown])[] {
  const shared = [...leavesOf(same)].filter(([, leaf]) => leaf !== OWN);
  return Object.entries(but).map(([name, own]) => {
    const leaves = new Map(shared.map(([path, leaf]) => [path, withName(leaf, name)] as const));
    for (const [path, leaf] of ownOf(own, columns))
      if (leaf === ABSENT) leaves.delete(path);
      else leaves.set(path, leaf);
    return [key.replace(NAME, () => name), fromLeaves(leaves)] as const;
  });
}
