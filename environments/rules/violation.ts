/** What a rule is and says. */
import type { Environment } from "../schema";

/** One mistake: where, what is allowed instead, and what to do. */
export interface Violation {
  path: (string | number)[];
  message: string;
}

/** A rule over a whole site. */
export type Rule = (site: Environment) => Violation[];

/** Values that occur more than once, with the places where they do. */
export function repeated<T>(values: readonly T[]): Map<T, number[]> {
  const places = new Map<T, number[]>();
  values.forEach((value, index) => places.set(value, [...(places.get(value) ?? []), index]));
  return new Map([...places].filter(([, indexes]) => indexes.length > 1));
}
