/** What a rule is and says. */
import type { Environment } from "../schema";

/** Where something stands in a site's file. */
export type Path = (string | number)[];

/** One mistake: where, what is allowed instead, and what to do. */
export interface Violation {
  path: Path;
  message: string;
}

/** A rule over a whole site. */
export type Rule = (site: Environment) => Violation[];

/** The mistake, where there is one. */
export function when(broken: boolean, path: Path, message: string): Violation[] {
  return broken ? [{ path, message }] : [];
}

/** Values that occur more than once, with the places where they do. */
export function repeated<T>(values: readonly T[]): Map<T, number[]> {
  const places = new Map<T, number[]>();
  values.forEach((value, index) => places.set(value, [...(places.get(value) ?? []), index]));
  return new Map([...places].filter(([, indexes]) => indexes.length > 1));
}
