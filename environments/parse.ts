/** From what a site's file says to an {@link Environment}, or to one error that lists every mistake. */
import type { z } from "zod";
import { SITE_RULES } from "./derived/rules";
import { mistakesAmong } from "./derived/sites";
import { type Environment, type EnvironmentInput, structure } from "./schema";
import { plainData } from "./schema/data";
import { formMistakes, ruleMistake, shown } from "./schema/mistakes";
import { ifReadable, readableSite } from "./schema/readable";
import { expectation } from "./values/expectation";
import type { Violation } from "./values/rule";

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

/**
 * Reads a site.
 *
 * @param place - what lines call a site without a name
 * @throws {EnvironmentError} with every mistake of the site at once, but for rules on what is not of its form.
 */
export function parseEnvironment(input: unknown, place = "environment"): Environment {
  const { data: given, mistakes: strange } = plainData(input);
  const site = labelOf(given, place);
  const { success, data, error } = structure.safeParse(given);
  const read = success ? data : readableSite(given);
  const broken = read ? violations(read) : [];
  if (success && broken.length === 0) return freeze(data);
  const issues = (error?.issues ?? []).filter((issue) => !repeats(issue, strange));
  throw new EnvironmentError(site, [
    ...new Set([
      ...issues.flatMap((issue) => formMistakes(site, given, issue)),
      ...[...strange, ...broken].map((violation) => ruleMistake(site, given, read, violation)),
    ]),
  ]);
}

/**
 * Reads several sites, and judges them together.
 *
 * @throws {EnvironmentError} with every mistake of all of them at once.
 */
export function parseSites(inputs: readonly EnvironmentInput[]): Environment[] {
  const mistakes: string[] = [];
  const sites = inputs.flatMap((input: EnvironmentInput | null | undefined, i) => {
    const place = `SITES[${i}]`;
    // What a file exports under another name is imported as nothing.
    if (input === undefined || input === null) {
      const remedy = input === null ? "remove it" : "import it by the name that its file exports";
      mistakes.push(`${place}: got ${shown(input)}. ${expectation({ allowed: "a site", remedy })}`);
      return [];
    }
    try {
      return [parseEnvironment(input, place)];
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
