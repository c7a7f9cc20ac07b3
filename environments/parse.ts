/** From what a site's file says to an {@link Environment}, or to one error that lists every mistake. */
import type { z } from "zod";
import { SITE_RULES } from "./derived/rules";
import { mistakesBetween } from "./derived/sites";
import { type Environment, type EnvironmentInput, structure } from "./schema";
import { plainData } from "./schema/data";
import { formMistakes, ruleMistake, shown } from "./schema/mistakes";
import { ifReadable, readableSite } from "./schema/readable";
import { expectation } from "./values/expectation";
import { spelled, type Violation } from "./values/rule";

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

/** What the rules find in a site as far as it can be read. */
function violations(site: Environment): Violation[] {
  return SITE_RULES.flatMap((rule) => ifReadable(() => rule(site)) ?? []);
}

function freeze<T>(value: T): T {
  if (value && typeof value === "object") Object.values(value).forEach(freeze);
  return Object.freeze(value);
}

/** Characters of a site's name in a line, where the name is wrong. */
const LONGEST_NAME = 60;

/** What lines call a site: its name, or where it stands. */
function labelOf(data: unknown, place: string): string {
  const name = nameIn(data);
  return name === undefined || name.trim() === "" ? place : name.slice(0, LONGEST_NAME);
}

function nameIn(data: unknown): string | undefined {
  const name = typeof data === "object" && data !== null && "name" in data ? data.name : undefined;
  return typeof name === "string" ? name : undefined;
}

/** Name of a site, whatever else its file says; undefined where it says none. */
export function siteName(input: unknown): string | undefined {
  return nameIn(plainData(input).data);
}

/** Whether a mistake of the form only repeats that something is no data. */
function repeats({ path }: z.core.$ZodIssue, strange: readonly Violation[]): boolean {
  return strange.some((one) => one.path.every((key, i) => path[i] === key));
}

/** Whether a mistake is of the size of what is no list at all, of which another line speaks. */
function sizesNothing({ code, path }: z.core.$ZodIssue, all: readonly z.core.$ZodIssue[]): boolean {
  const place = spelled(path);
  return /^too_/.test(code) && all.some((one) => one.code === "invalid_type" && spelled(one.path) === place);
}

/** What was read of a site's file. */
interface Reading {
  /** What lines call it. */
  readonly label: string;
  /** The site as far as it can be read; undefined where it is no object at all. */
  readonly read: Environment | undefined;
  /** Every mistake, but for rules on what is not of its form. */
  readonly mistakes: readonly string[];
}

/** Reads a site's file; `place` is what lines call a site without a name. */
function readingOf(input: unknown, place: string): Reading {
  const { data: given, mistakes: strange } = plainData(input);
  const label = labelOf(given, place);
  const { success, data, error } = structure.safeParse(given);
  const read = success ? data : readableSite(given);
  const found = error?.issues ?? [];
  const issues = found.filter((issue) => !repeats(issue, strange) && !sizesNothing(issue, found));
  const lines = [
    ...issues.flatMap((issue) => formMistakes(label, given, issue)),
    ...[...strange, ...(read ? violations(read) : [])].map((one) => ruleMistake(label, given, read, one)),
  ];
  return { label, read, mistakes: [...new Set(lines)] };
}

/**
 * Reads a site.
 *
 * @throws {EnvironmentError} with every mistake of the site at once.
 */
export function parseEnvironment(input: unknown): Environment {
  const { label, read, mistakes } = readingOf(input, "environment");
  if (!read || mistakes.length > 0) throw new EnvironmentError(label, mistakes);
  return freeze(read);
}

/** Reads an entry of the list of sites. */
function entryReading(input: EnvironmentInput | null | undefined, i: number): Reading {
  const place = `SITES[${i}]`;
  if (input !== undefined && input !== null) return readingOf(input, place);
  // What a file exports under another name is imported as nothing.
  const remedy = input === null ? "remove it" : "import it by the name that its file exports";
  const line = `${place}: got ${shown(input)}. ${expectation({ allowed: "a site", remedy })}`;
  return { label: place, read: undefined, mistakes: [line] };
}

/**
 * Reads sites of a list, and judges each of them beside all others of the list.
 *
 * @param wanted - whether an entry is asked for; all are by default. Of others only those mistakes count that an
 * entry that is asked for has together with them.
 * @throws {EnvironmentError} with every mistake of all of them at once.
 */
export function parseSites(
  inputs: readonly EnvironmentInput[],
  wanted: (input: EnvironmentInput) => boolean = () => true,
): Environment[] {
  const readings = inputs.map(entryReading);
  const chosen = new Set(inputs.flatMap((input, i) => (wanted(input) ? [i] : [])));
  const own = readings.filter((_one, i) => chosen.has(i));
  const between = mistakesBetween(readings).filter(({ index }) => chosen.has(index));
  const mistakes = [...own.flatMap((one) => one.mistakes), ...between.map(({ line }) => line)];
  if (mistakes.length > 0) throw new EnvironmentError(own.map(({ label }) => label).join(", "), mistakes);
  return own.flatMap(({ read }) => (read ? [freeze(read)] : []));
}
