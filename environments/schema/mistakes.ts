/** Mistakes of a site's file in words: what is there, what is allowed, what to do. */
import type { z } from "zod";
import { structure } from ".";
import { expectation, isExpectation } from "../values/expectation";
import { spelled, type Violation } from "../values/rule";

type Path = readonly PropertyKey[];

/** The value at a path; undefined where there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

const spell = (site: string, path: Path): string => spelled([site, ...path]);

function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

type Definition = {
  innerType?: z.core.$ZodType;
  shape?: Record<string, z.core.$ZodType>;
  element?: z.core.$ZodType;
  options?: z.core.$ZodType[];
};

/** The schema of a value below its defaults and, of a union, the member that takes the value's kind. */
function opened(type: z.core.$ZodType | undefined, value: unknown): Definition | undefined {
  const definition = type?._zod.def as Definition | undefined;
  if (definition?.innerType) return opened(definition.innerType, value);
  const kind = valueAt(value, ["kind"]);
  const member = definition?.options?.find((one) =>
    opened(one, value)?.shape?.["kind"]?._zod.values?.has(String(kind)),
  );
  return member ? opened(member, value) : definition;
}

/** The keys that the object at a path may have. */
function keysAt(input: unknown, path: Path): string[] {
  let inner: z.core.$ZodType | undefined = structure;
  path.forEach((key, depth) => {
    const definition = opened(inner, valueAt(input, path.slice(0, depth)));
    inner = typeof key === "number" ? definition?.element : definition?.shape?.[String(key)];
  });
  return Object.keys(opened(inner, valueAt(input, path))?.shape ?? {});
}

/** Types as docs/environments.md calls them. */
const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "keys in braces",
  record: "keys in braces",
};

const oneOf = (options: readonly unknown[]) =>
  expectation({ allowed: options.map(String).join(", "), remedy: "choose one of them" });

/** What is allowed and what to do, of a value that is not of its form. */
function expected(issue: z.core.$ZodIssue, value: unknown): string {
  if (isExpectation(issue.message)) return issue.message;
  switch (issue.code) {
    case "invalid_value":
      return oneOf(issue.values);
    case "invalid_union":
      if ("options" in issue) return oneOf(issue.options as unknown[]);
      break;
    case "invalid_type":
      return expectation({
        allowed: TYPES[issue.expected] ?? issue.expected,
        remedy: value === undefined ? "add it" : "correct it",
      });
    case "too_small":
      return issue.origin === "array"
        ? expectation({ allowed: `at least ${issue.minimum} in the list`, remedy: "add one" })
        : expectation({
            allowed: `at least ${issue.minimum}${issue.origin === "string" ? " in length" : ""}`,
            remedy: "correct it",
          });
  }
  return expectation({ allowed: issue.message, remedy: "correct it" });
}

/** Lines of one value that is not of its form. */
export function formMistakes(site: string, input: unknown, issue: z.core.$ZodIssue): string[] {
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(input, issue.path).join(", ");
    return issue.keys.map(
      (key) =>
        `${spell(site, [...issue.path, key])}: unknown key. ${expectation({ allowed: known, remedy: "correct or remove it" })}`,
    );
  }
  const value = valueAt(input, issue.path);
  return [`${spell(site, issue.path)}: got ${shown(value)}. ${expected(issue, value)}`];
}

/** The line of one broken rule. */
export function ruleMistake(site: string, input: unknown, { path, found, ...rest }: Violation): string {
  const value = valueAt(input, path);
  return `${spell(site, path)}: ${found ?? `got ${value === undefined ? "its default" : shown(value)}`}. ${expectation(rest)}`;
}
