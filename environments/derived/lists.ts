/** Rules of lists. */
import type { Environment } from "../schema";
import { ifReadable } from "../schema/readable";
import { type Path, repeated, type SiteRule, spelled, type Violation } from "../values/rule";
import { all } from "./systems";

/** Lists of texts at any depth, each with its place; what is not of its form is left out. */
function listsIn(value: unknown, path: Path = []): { path: Path; texts: readonly string[] }[] {
  if (Array.isArray(value)) {
    const texts = ifReadable(() => value.filter((one) => typeof one === "string")) ?? [];
    return [{ path, texts }, ...value.keys()].flatMap((one) =>
      typeof one === "number" ? within(value, path, one) : [one],
    );
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.keys(value).flatMap((key) => within(value, path, key));
}

const within = (value: object, path: Path, key: string | number) =>
  ifReadable(() => listsIn((value as Record<string | number, unknown>)[key], [...path, key])) ?? [];

/** What stands in a list twice was copied, and something else was meant. Lists of names have a rule of their own. */
const textsAreUnique: SiteRule<Environment> = (site) => {
  const known = new Set(
    (ifReadable(() => all(site, ({ uniqueNames }) => uniqueNames)) ?? []).map(({ path }) => spelled(path)),
  );
  return listsIn(site)
    .filter(({ path }) => !known.has(spelled(path)))
    .flatMap(({ path, texts }): Violation[] =>
      [...repeated(texts)].map(([text]) => ({
        path,
        found: `${JSON.stringify(text)} occurs more than once`,
        allowed: "once",
        remedy: "leave one of them out",
      })),
    );
};

/** Rules of lists. */
export const listRules = [textsAreUnique];
