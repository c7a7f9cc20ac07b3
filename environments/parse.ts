/** From what a site's file says to an {@link Environment}, or to one error that lists every mistake. */
import { SITE_RULES } from "./derived/rules";
import { mistakesAmong } from "./derived/sites";
import { type Environment, type EnvironmentInput, structure } from "./schema";
import { formMistakes, ruleMistake, valueAt } from "./schema/mistakes";
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

/** Ends a rule that reads a section with mistakes in its form. */
class UnreadableSection extends Error {}

/**
 * The sections of a site that are of their form. A section that is not throws {@link UnreadableSection} when it is read.
 */
function readableSections(input: object): Environment {
  const sections = Object.fromEntries(
    Object.entries(structure.shape).flatMap(([key, form]) => {
      const { success, data } = form.safeParse(valueAt(input, [key]));
      return success ? [[key, data]] : [];
    }),
  );
  return new Proxy(sections, {
    get(target, key) {
      if (!(key in target)) throw new UnreadableSection();
      return Reflect.get(target, key) as unknown;
    },
  }) as Environment;
}

/** What the rules find. A rule is left out when it reads a section that is not of its form. */
function violations(site: Environment): Violation[] {
  return SITE_RULES.flatMap((rule) => {
    try {
      return rule(site);
    } catch (error) {
      if (error instanceof UnreadableSection) return [];
      throw error;
    }
  });
}

function freeze<T>(value: T): T {
  if (value && typeof value === "object") Object.values(value).forEach(freeze);
  return Object.freeze(value);
}

/**
 * Reads a site.
 *
 * @throws {EnvironmentError} with every mistake of the site at once, but for rules on sections that are not of their form.
 */
export function parseEnvironment(input: unknown): Environment {
  const name = valueAt(input, ["name"]);
  const site = typeof name === "string" && name !== "" ? name : "environment";
  const { success, data, error } = structure.safeParse(input);
  const isSite = typeof input === "object" && input !== null && !Array.isArray(input);
  const broken = success ? violations(data) : isSite ? violations(readableSections(input)) : [];
  if (success && broken.length === 0) return freeze(data);
  throw new EnvironmentError(site, [
    ...new Set([
      ...(error?.issues ?? []).flatMap((issue) => formMistakes(site, input, issue)),
      ...broken.map((violation) => ruleMistake(site, input, violation)),
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
  const sites = inputs.flatMap((input: EnvironmentInput | undefined, i) => {
    // What a file exports under another name is imported as nothing.
    if (input === undefined) {
      const remedy = "import it by the name that its file exports";
      mistakes.push(`SITES[${i}]: got nothing. ${expectation({ allowed: "a site", remedy })}`);
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
