/** Mistakes of a site's file in words: what is there, what is allowed, what to do. */
import type { z } from "zod";
import { structure } from ".";
import { expectation, isExpectation } from "../values/expectation";
import { spelled, type Violation } from "../values/rule";
import { visible } from "../values/text";
import { opened } from "./opened";
import { ifReadable } from "./readable";

type Path = readonly PropertyKey[];

/** The value at a path; undefined where there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

const spell = (site: string, path: Path): string => visible(spelled([site, ...path]));

/** A value as an error shows it. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = typeof value === "number" ? String(value) : visible(JSON.stringify(value));
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
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

/** What to do about a value of another type. */
function retyped(type: string, value: unknown): string {
  if (value === undefined) return "add it";
  if (type === "boolean" && (value === "true" || value === "false")) return "write it without quotes";
  return type === "array" ? "write it in square brackets" : "correct it";
}

const oneOf = (options: readonly unknown[], value: unknown) =>
  expectation({
    allowed: options.map(String).join(", "),
    remedy: value === undefined ? "add it" : "choose one of them",
  });

/** What is allowed and what to do, of a value that is not of its form. */
function expected(issue: z.core.$ZodIssue, value: unknown): string {
  if (isExpectation(issue.message)) return issue.message;
  switch (issue.code) {
    case "invalid_value":
      return oneOf(issue.values, value);
    case "invalid_union":
      if ("options" in issue) return oneOf(issue.options as unknown[], value);
      break;
    case "invalid_type":
      return expectation({
        allowed: TYPES[issue.expected] ?? issue.expected,
        remedy: retyped(issue.expected, value),
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

/** What a rule found at a path: what the file says, or the value that a key has without the file. */
function foundAt(input: unknown, read: unknown, path: Path): string {
  const said = valueAt(input, path);
  if (said !== undefined) return `got ${shown(said)}`;
  const given = ifReadable(() => valueAt(read, path));
  return given === undefined ? "got nothing" : `got its default ${shown(given)}`;
}

/** The line of one broken rule. `read` is the site with its defaults. */
export function ruleMistake(site: string, input: unknown, read: unknown, { path, found, ...rest }: Violation): string {
  return `${spell(site, path)}: ${visible(found ?? foundAt(input, read, path))}. ${visible(expectation(rest))}`;
}
