/** What a site's file exports, as plain data: whatever else stands there is a mistake of the file with its place. */
import { messageOf } from "../../ground/errors";
import type { Violation } from "../values/rule";
import { visible } from "../values/text";

/** Stands where something is that is no data; no form takes it. */
export const STRANGE: unique symbol = Symbol("no data");

/** Deeper than any site: what is deeper holds itself in a way that no check finds. */
const DEEPEST = 30;

/** Longer than any list of a site: a mistyped length must not fill the memory. */
const LONGEST = 10_000;

const ALLOWED = "text, a number, true, false, a list, or keys in braces";

/** Data, and what was none. */
export interface PlainData {
  readonly data: unknown;
  readonly mistakes: readonly Violation[];
}

type Trail = { readonly path: readonly (string | number)[]; readonly within: readonly object[] };
type Strange = Pick<Violation, "found" | "remedy">;

/** Whether an object is one of braces. Its prototype may be of another realm, as in tests. */
function isBraces(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function isPromise(value: object): boolean {
  return typeof (value as { then?: unknown }).then === "function";
}

/** What a value is, where it is no data. */
function strangeness(value: unknown, { within }: Trail): Strange | undefined {
  switch (typeof value) {
    case "function":
      return value.name === ""
        ? { found: "got a function", remedy: "write what it gives" }
        : { found: `got the function ${value.name}`, remedy: `call it: ${value.name}(…)` };
    case "symbol":
      return { found: "got a symbol", remedy: "write a text in quotes" };
    case "bigint":
      return { found: `got ${value}n`, remedy: "write the number without n" };
    case "object":
      if (value === null) break;
      if (Array.isArray(value)) {
        if (value.length <= LONGEST) break;
        return { found: `got a list of ${value.length}`, remedy: `write ${LONGEST} at most` };
      }
      if (isPromise(value))
        return { found: "got a promise", remedy: "write what it gives, for nothing waits for a site's file" };
      if (!isBraces(value)) {
        const { constructor } = value as { constructor?: { name?: string } };
        return { found: `got an object of class ${constructor?.name || "without a name"}`, remedy: "write its values" };
      }
  }
  if (within.includes(value as object)) return { found: "got what holds itself", remedy: "write its values" };
  return within.length > DEEPEST ? { found: "got braces without end", remedy: "write a site's keys" } : undefined;
}

/** Copies data; what is none becomes {@link STRANGE} and a mistake. */
export function plainData(input: unknown): PlainData {
  const mistakes: Violation[] = [];
  const strange = (path: Trail["path"], { found, remedy }: Strange) => {
    mistakes.push({ path, ...(found === undefined ? {} : { found }), allowed: ALLOWED, remedy });
    return STRANGE;
  };
  /** Whatever a file can do when it is read, it does here, and only once. */
  const copy = (read: () => unknown, trail: Trail): unknown => {
    try {
      const value = read();
      const found = strangeness(value, trail);
      if (found) return strange(trail.path, found);
      if (typeof value !== "object" || value === null) return value;
      const inner = (key: string | number): Trail => ({ path: [...trail.path, key], within: [...trail.within, value] });
      if (Array.isArray(value)) return Array.from(value, (_one, i) => copy(() => value[i] as unknown, inner(i)));
      const keys = Object.keys(value);
      return Object.fromEntries(
        keys.map((key) => [key, copy(() => (value as Record<string, unknown>)[key], inner(key))]),
      );
    } catch (error) {
      const why = visible(messageOf(error).split("\n")[0] ?? "").slice(0, 80);
      return strange(trail.path, { found: `got an error when it was read (${why})`, remedy: "write the value itself" });
    }
  };
  return { data: copy(() => input, { path: [], within: [] }), mistakes };
}
