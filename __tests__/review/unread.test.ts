/** What a rule cannot read never makes a review milder: every leaf and every text of every case is made unreadable once. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { review } from "../../review/build";
import { RISKS, type Risk } from "../../review/model/model";
import { readPlan } from "../../review/read/plan";
import { isObject, type Json } from "../../synthesized/stack";

interface RawChange {
  readonly address: string;
  readonly type: string;
  readonly change: { actions: string[]; before: unknown; after: unknown; after_unknown?: unknown };
}

interface Recorded {
  readonly case: string;
  readonly layer: string;
  readonly comparison: string;
  readonly plan: { readonly resource_changes: RawChange[] };
}

const FOLDER = join(__dirname, "corpus");
const PLANS = readdirSync(FOLDER)
  .map((name) => JSON.parse(readFileSync(join(FOLDER, name), "utf8")) as Recorded)
  .filter(({ comparison }) => comparison === "plan");

function riskOf(layer: string, plan: unknown): Risk {
  const layers = [{ layer, stack: `toy-${layer}`, plan: readPlan(JSON.stringify(plan)) }];
  const found = review({ site: "toy", title: "toy", comparison: { kind: "plan" }, allowDestroys: [], layers });
  return found.risk ?? "harmless";
}

type Path = readonly (string | number)[];

/** Paths of all leaves that differ between two values, or of all of them where there is one side. */
function leaves(before: unknown, after: unknown, path: Path = []): Path[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (Array.isArray(after))
    return after.flatMap((one, i) => leaves(Array.isArray(before) ? before[i] : undefined, one, [...path, i]));
  if (!isObject(after)) return after === undefined || after === null ? [] : [path];
  return Object.keys(after).flatMap((key) =>
    leaves(isObject(before) ? before[key] : undefined, after[key], [...path, key]),
  );
}

function mask(after: unknown, [key, ...rest]: Path): unknown {
  if (key === undefined) return true;
  if (Array.isArray(after)) return after.map((one, i) => (i === key ? mask(one, rest) : {}));
  return { [key]: mask((after as Json)[key], rest) };
}

function without(value: unknown, [key, ...rest]: Path): unknown {
  if (key === undefined) return undefined;
  if (Array.isArray(value)) return value.map((one: unknown, i) => (i === key ? (without(one, rest) ?? null) : one));
  return Object.fromEntries(
    Object.entries(value as Json).flatMap(([each, one]) => {
      const left = each === key ? without(one, rest) : one;
      return left === undefined ? [] : [[each, left]];
    }),
  );
}

/** The plan with one value of one resource not known before the apply. */
function unknownAt(plan: Recorded["plan"], index: number, path: Path): unknown {
  const changes = structuredClone(plan.resource_changes);
  const { change } = changes[index]!;
  change.after_unknown = { ...(change.after_unknown as object), ...(mask(change.after, path) as object) };
  change.after = without(change.after, path);
  return { ...plan, resource_changes: changes };
}

/** Resources that change in place: of what goes, only what it was counts. */
function changing({ plan }: Recorded): [index: number, path: Path][] {
  return plan.resource_changes.flatMap(({ change: { actions, before, after } }, index) =>
    actions.join() === "update" ? leaves(before, after).map((path): [number, Path] => [index, path]) : [],
  );
}

const CASES = PLANS.flatMap((one) => (changing(one).length > 0 ? [[one.case, one] as const] : []));

test.each(CASES)("%s: a value that is not known is not taken for none", (_name, one) => {
  const known = riskOf(one.layer, one.plan);
  const milder = changing(one)
    .filter(
      ([index, path]) => RISKS.indexOf(riskOf(one.layer, unknownAt(one.plan, index, path))) > RISKS.indexOf(known),
    )
    .map(([index, path]) => `${one.plan.resource_changes[index]?.address} ${path.join(".")}`);
  expect(milder).toEqual([]);
});
