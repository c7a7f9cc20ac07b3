/** Takes out of a recorded plan what its review does not need: the review of the short plan says the same. */
import { review } from "../../review/build";
import { differencesOf } from "../../review/diff/values";
import { readPlan } from "../../review/read/plan";
import { redactOf } from "../../review/read/redact-resource";
import { type ObservedRelease, releaseDrift } from "../../review/read/release-drift";
import { isObject, type Json } from "../../synthesized/stack";

interface Recorded {
  readonly layer: string;
  readonly comparison: "plan" | "drift";
  readonly plan: Json;
  readonly releases: readonly ObservedRelease[];
}

interface Change {
  readonly actions: readonly string[];
  before: unknown;
  after: unknown;
  after_unknown?: unknown;
  before_sensitive?: unknown;
  after_sensitive?: unknown;
}

interface RawChange {
  readonly address: string;
  readonly type: string;
  readonly change: Change;
}

/** By these a person knows what it is. */
const NAMES = ["name", "namespace", "chart", "version", "filename"];

type Path = readonly (string | number)[];

/** What the review of a recording says, as one text. */
function reviewText({ layer, comparison, plan, releases }: Recorded): string {
  const drifted = releases.flatMap((one) => releaseDrift(one) ?? []);
  const layers = [{ layer, stack: `toy-${layer}`, plan: readPlan(JSON.stringify(plan)), releases: drifted }];
  const about = { site: "toy", title: "toy", allowDestroys: [] };
  return JSON.stringify(review({ ...about, comparison: { kind: comparison }, layers }));
}

/**
 * The same plan without what makes no difference to its review: resources that stay, keys with the same value on both
 * sides, of what goes, or without any of what is new, masks that hide nothing, and, of what a provider changes by itself, all
 * but one resource of each type and kind of change.
 */
export function shortened(recorded: Recorded): Json {
  const plan = structuredClone(recorded.plan);
  const wanted = reviewText({ ...recorded, plan });
  const isSame = () => reviewText({ ...recorded, plan }) === wanted;
  const of = (key: string) => (plan[key] ?? []) as RawChange[];
  for (const { change } of [...of("resource_changes"), ...of("resource_drift")])
    for (const mask of ["after_unknown", "before_sensitive", "after_sensitive"] as const)
      if (mask in change) change[mask] = bare(change[mask]);
  if ("resource_drift" in plan) plan["resource_drift"] = oneOfEachKind(of("resource_drift"), plan, isSame);
  plan["resource_changes"] = needed(of("resource_changes"), plan, isSame);
  // What is left of a key may be empty, and so may go in turn.
  for (let last = ""; last !== JSON.stringify(plan);) {
    last = JSON.stringify(plan);
    for (const { change } of [...of("resource_changes"), ...of("resource_drift")])
      dropAll(change, idlePaths(change), isSame);
  }
  if (!isSame()) throw new Error("a plan says something else in its short form");
  return plan;
}

/** A mask without the parts that hide nothing. */
function bare(mask: unknown): unknown {
  if (Array.isArray(mask)) {
    const parts = mask.map(bare);
    return parts.every(isNothing) ? [] : parts;
  }
  if (!isObject(mask)) return mask;
  return Object.fromEntries(
    Object.entries(mask)
      .map(([key, part]) => [key, bare(part)] as const)
      .filter(([, part]) => !isNothing(part)),
  );
}

const isNothing = (part: unknown): boolean =>
  part === false || (part !== null && typeof part === "object" && Object.keys(part).length === 0);

/** Without what stays as it is and by which nothing else is judged. */
function needed(all: readonly RawChange[], plan: Json, isSame: () => boolean): RawChange[] {
  let kept = [...all];
  for (const one of all) {
    if (one.change.actions.join() !== "no-op" || "previous_address" in one) continue;
    plan["resource_changes"] = kept.filter((other) => other !== one);
    if (isSame()) kept = plan["resource_changes"] as RawChange[];
  }
  plan["resource_changes"] = kept;
  return kept;
}

function oneOfEachKind(all: readonly RawChange[], plan: Json, isSame: () => boolean): RawChange[] {
  let kept = [...all];
  for (const one of [...all].reverse()) {
    if (kept.filter((other) => kindOf(other) === kindOf(one)).length < 2) continue;
    plan["resource_drift"] = kept.filter((other) => other !== one);
    if (isSame()) kept = plan["resource_drift"] as RawChange[];
  }
  return kept;
}

/** Type of a resource, and what changes of it. */
function kindOf({ type, change: { before, after } }: RawChange): string {
  const sides = [before, after].map((side) => redactOf(type, side));
  return JSON.stringify([type, differencesOf(sides[0], sides[1]).map(({ path }) => path)]);
}

/** Paths of what may make no difference. */
function idlePaths({ before, after }: Change): Path[] {
  // Of what goes nothing is shown.
  if (after === null) return equalPaths(before, before);
  return before === null ? emptyPaths(after) : equalPaths(before, after);
}

/** Paths of all that is empty, as a provider writes what nobody set. */
function emptyPaths(value: unknown, path: Path = []): Path[] {
  const inner = Array.isArray(value) ? [...value.entries()] : isObject(value) ? Object.entries(value) : [];
  return inner.flatMap(([key, one]) => {
    const here = [...path, key];
    return isEmpty(one) ? (typeof key === "string" && !NAMES.includes(key) ? [here] : []) : emptyPaths(one, here);
  });
}

const isEmpty = (value: unknown): boolean => value === null || value === "" || value === false || isNothing(value);

/** Paths of all that is equal on both sides, the outer before the inner. */
function equalPaths(before: unknown, after: unknown, path: Path = []): Path[] {
  if (Array.isArray(before) && Array.isArray(after))
    return before.length === after.length ? before.flatMap((one, i) => equalPaths(one, after[i], [...path, i])) : [];
  if (!isObject(before) || !isObject(after)) return [];
  return Object.keys(before)
    .filter((key) => Object.hasOwn(after, key) && !NAMES.includes(key))
    .flatMap((key) => {
      const inner = [...path, key];
      const equal = JSON.stringify(before[key]) === JSON.stringify(after[key]);
      return [...(equal ? [inner] : []), ...equalPaths(before[key], after[key], inner)];
    });
}

/** Takes these keys out of both sides and their masks; those with which the review then says something else stay. */
function dropAll(change: Change, paths: readonly Path[], isSame: () => boolean): void {
  const sides = ["before", "after", "after_unknown", "before_sensitive", "after_sensitive"] as const;
  const there = paths.filter((path) => has(change.before ?? change.after, path));
  if (there.length === 0) return;
  const old = sides.map((side) => [side, change[side]] as const);
  for (const path of there) for (const side of sides) if (side in change) change[side] = without(change[side], path);
  if (isSame()) return;
  Object.assign(change, Object.fromEntries(old.filter(([side]) => side in change)));
  if (there.length === 1) return;
  // Most of them make no difference: halves are faster than one after the other.
  const middle = Math.ceil(there.length / 2);
  dropAll(change, there.slice(0, middle), isSame);
  dropAll(change, there.slice(middle), isSame);
}

function has(value: unknown, [key, ...rest]: Path): boolean {
  if (key === undefined) return true;
  if (value === null || typeof value !== "object" || !Object.hasOwn(value, key)) return false;
  return has((value as Record<string | number, unknown>)[key], rest);
}

function without(value: unknown, [key, ...rest]: Path): unknown {
  if (Array.isArray(value)) return value.map((one: unknown, i) => (i === key ? without(one, rest) : one));
  if (!isObject(value) || key === undefined || !Object.hasOwn(value, key)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([each, one]) =>
      each !== key ? [[each, one]] : rest.length > 0 ? [[each, without(one, rest)]] : [],
    ),
  );
}
