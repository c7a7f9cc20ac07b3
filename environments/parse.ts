/** From what a site's file says to an {@link Environment}, or to one error that lists every mistake. */
import type { z } from "zod";
import { mistakesAmong, RULES } from "./rules";
import { type Environment, type EnvironmentInput, structure } from "./schema";

type Path = readonly PropertyKey[];

const schema = structure.superRefine((site, context) => {
  for (const rule of RULES)
    for (const { path, message } of rule(site))
      context.addIssue({ code: "custom", path, message, params: { rule: true } });
});

/** Every mistake of one site; the message has one line for each. */
export class EnvironmentError extends Error {
  constructor(
    /** Name of the site. */
    readonly site: string,
    /** One line for each mistake. */
    readonly mistakes: readonly string[],
  ) {
    super(mistakes.join("\n"));
    this.name = "EnvironmentError";
  }
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

function spell(site: string, path: Path): string {
  return path.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : `${text}.${String(key)}`),
    site,
  );
}

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
  const kind = at(value, ["kind"]);
  const member = definition?.options?.find((one) =>
    opened(one, value)?.shape?.["kind"]?._zod.values?.has(String(kind)),
  );
  return member ? opened(member, value) : definition;
}

function allowedKeys(input: unknown, path: Path): string {
  let inner: z.core.$ZodType | undefined = structure;
  path.forEach((key, depth) => {
    const definition = opened(inner, at(input, path.slice(0, depth)));
    inner = typeof key === "number" ? definition?.element : definition?.shape?.[String(key)];
  });
  const shape = opened(inner, at(input, path))?.shape;
  return shape ? `, allowed ${Object.keys(shape).join(", ")}` : "";
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

function lines(site: string, input: unknown, issue: z.core.$ZodIssue): string[] {
  const where = spell(site, issue.path);
  const value = at(input, issue.path);
  const got = value === undefined && isViolation(issue) ? "its default" : shown(value);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map(
        (key) =>
          `${spell(site, [...issue.path, key])}: unknown key${allowedKeys(input, issue.path)}, correct or remove it`,
      );
    case "invalid_value":
      return [`${where}: got ${got}, allowed ${issue.values.join(", ")}, choose one of them`];
    case "invalid_union": {
      const options = "options" in issue ? (issue.options as unknown[]) : undefined;
      return [`${where}: got ${got}, ${options ? `allowed ${options.join(", ")}, choose one of them` : issue.message}`];
    }
    case "invalid_type":
      return [
        issue.message.startsWith("allowed ")
          ? `${where}: got ${got}, ${issue.message}`
          : `${where}: got ${got}, allowed ${TYPES[issue.expected] ?? issue.expected}, ${got === "nothing" ? "add it" : "correct it"}`,
      ];
    case "too_small":
      return [
        issue.origin === "array"
          ? `${where}: got ${got}, allowed at least ${issue.minimum} in the list, add one`
          : `${where}: got ${got}, allowed at least ${issue.minimum}${issue.origin === "string" ? " in length" : ""}, correct it`,
      ];
    default:
      if (isViolation(issue) && !issue.message.startsWith("allowed ")) return [`${where}: ${issue.message}`];
      return [
        `${where}: got ${got}, ${issue.message.startsWith("allowed ") ? issue.message : `${issue.message}, correct it`}`,
      ];
  }
}

/** Values of the right type for where one of the wrong type stands, twice: a rule that speaks of them says two things. */
const STAND_INS: readonly Record<string, unknown>[] = [997, 998].map((number) => ({
  // Of what can be chosen: the first, then the last.
  choice: number === 997 ? 0 : -1,
  string: "-".repeat(number),
  int: number,
  number,
  boolean: number % 2 === 0,
  array: [],
  object: {},
  record: {},
}));

function standIn(input: unknown, issue: z.core.$ZodIssue, values: Readonly<Record<string, unknown>>): void {
  const parent = at(input, issue.path.slice(0, -1));
  const last = issue.path.at(-1);
  if (!parent || typeof parent !== "object" || last === undefined) return;
  const value =
    issue.code === "invalid_type"
      ? structuredClone(values[issue.expected])
      : issue.code === "invalid_value"
        ? issue.values.at(Number(values["choice"]))
        : "options" in issue && Array.isArray(issue.options)
          ? (issue.options as unknown[]).at(Number(values["choice"]))
          : "-";
  Reflect.set(parent, last, value);
}

/** Violations of the rules in an input whose form is wrong, less those that come of a wrong value. */
function violationsDespite(blocking: z.core.$ZodIssue[], input: unknown): z.core.$ZodIssue[] {
  const [first = [], ...others] = STAND_INS.map((values) => violationsWith(values, blocking, input));
  const same = (a: z.core.$ZodIssue, b: z.core.$ZodIssue) =>
    a.message === b.message && a.path.join(".") === b.path.join(".");
  return first.filter((one) => others.every((issues) => issues.some((other) => same(one, other))));
}

function violationsWith(
  values: Readonly<Record<string, unknown>>,
  blocking: z.core.$ZodIssue[],
  input: unknown,
): z.core.$ZodIssue[] {
  const repaired: unknown = structuredClone(input);
  const touched: Path[] = [];
  for (let round = 0, issues = blocking; round < 10 && issues.length > 0; round++) {
    for (const issue of issues) {
      standIn(repaired, issue, values);
      touched.push(typeof at(repaired, issue.path) === "object" ? issue.path.slice(0, 1) : issue.path);
    }
    const result = schema.safeParse(repaired);
    if (result.success) return [];
    issues = result.error.issues.filter(isBlocking);
    if (issues.length === 0)
      return result.error.issues.filter(
        (issue) => isViolation(issue) && !touched.some((path) => path.every((key, i) => key === issue.path[i])),
      );
  }
  return [];
}

/** A value of the wrong type, or none of those that can be chosen, keeps the rules from running. */
const isBlocking = ({ code }: z.core.$ZodIssue): boolean => /^invalid_(type|union|value)$/.test(code);
const isViolation = (issue: z.core.$ZodIssue): boolean => issue.code === "custom" && issue.params?.["rule"] === true;

function freeze<T>(value: T): T {
  if (value && typeof value === "object") Object.values(value).forEach(freeze);
  return Object.freeze(value);
}

/**
 * Reads a site.
 *
 * @throws {EnvironmentError} with every mistake of the site at once.
 */
export function parseEnvironment(input: unknown): Environment {
  const name = at(input, ["name"]);
  const site = typeof name === "string" && name !== "" ? name : "environment";
  const result = schema.safeParse(input);
  if (result.success) return freeze(result.data);
  const issues = [...result.error.issues];
  const blocking = issues.filter(isBlocking);
  if (blocking.length > 0) issues.push(...violationsDespite(blocking, input));
  throw new EnvironmentError(site, [...new Set(issues.flatMap((issue) => lines(site, input, issue)))]);
}

/**
 * Reads several sites, and judges them together.
 *
 * @throws {EnvironmentError} with every mistake of all of them at once.
 */
export function parseSites(inputs: readonly EnvironmentInput[]): Environment[] {
  const mistakes: string[] = [];
  const sites = inputs.flatMap((input: EnvironmentInput | undefined, i) => {
    // What a file exports under another name is imported as nothing.
    if (input === undefined) {
      mistakes.push(`SITES[${i}]: got nothing, allowed a site, import it by the name that its file exports`);
      return [];
    }
    try {
      return [parseEnvironment(input)];
    } catch (error) {
      if (!(error instanceof EnvironmentError)) throw error;
      mistakes.push(...error.mistakes);
      return [];
    }
  });
  mistakes.push(...mistakesAmong(sites));
  if (mistakes.length > 0) throw new EnvironmentError(sites.map(({ name }) => name).join(", "), mistakes);
  return sites;
}

/** States what a site's file says, with the compiler's help. */
export function defineEnvironment(site: EnvironmentInput): EnvironmentInput {
  return site;
}
