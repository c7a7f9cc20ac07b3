/** A JSON value as its leaves, each by its path: `spec.template.containers[0].image`. */
import { isObject } from "../../synthesized/stack";

/** Leaves by their paths. A leaf is a scalar, an empty object, or a list that does not hold objects only. */
export type Leaves = ReadonlyMap<string, unknown>;

type Step = string | number;

/** Whether a list holds nothing but objects that have leaves of their own. */
const isListOfObjects = (value: readonly unknown[]): boolean =>
  value.length > 0 && value.every((one) => isObject(one) && Object.keys(one).length > 0);

/** The leaves of an object; none where it is empty. */
export function leavesOf(value: unknown): Map<string, unknown> {
  const leaves = new Map<string, unknown>();
  const walk = (inner: unknown, path: string): void => {
    if (Array.isArray(inner) && isListOfObjects(inner)) inner.forEach((one, i) => walk(one, `${path}[${i}]`));
    else if (isObject(inner) && (Object.keys(inner).length > 0 || path === ""))
      for (const [key, one] of Object.entries(inner)) walk(one, path + written(key, path === ""));
    else leaves.set(path, inner);
  };
  walk(value, "");
  return leaves;
}

function written(key: string, first: boolean): string {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `[${JSON.stringify(key)}]`;
  return first ? key : `.${key}`;
}

function stepsOf(path: string): Step[] {
  return [...path.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([A-Za-z_][\w-]*)/g)].map(([, index, quoted, plain]) =>
    index !== undefined ? Number(index) : quoted !== undefined ? (JSON.parse(quoted) as string) : (plain ?? ""),
  );
}

/** The object with these leaves, its keys sorted; elements of a list that have no leaf are `hole`. */
export function fromLeaves(leaves: Iterable<readonly [string, unknown]>, hole?: unknown): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [path, leaf] of leaves) {
    const steps = stepsOf(path);
    let inner: Record<Step, unknown> = root;
    steps.slice(0, -1).forEach((step, i) => {
      const known = Object.hasOwn(inner, step) ? inner[step] : undefined;
      const next = known ?? (typeof steps[i + 1] === "number" ? [] : {});
      put(inner, step, next);
      inner = next as Record<Step, unknown>;
    });
    put(inner, steps.at(-1) ?? "", leaf);
  }
  return settled(root, hole) as Record<string, unknown>;
}

/** Sets a key also where it is `__proto__`. */
function put(object: Record<Step, unknown>, key: Step, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

function settled(value: unknown, hole: unknown): unknown {
  if (Array.isArray(value)) return Array.from(value, (one) => (one === undefined ? hole : settled(one, hole)));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, one]) => [key, settled(one, hole)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
