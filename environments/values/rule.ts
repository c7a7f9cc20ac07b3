/** What a rule is and what it says. */
import type { Expectation } from "../../ground/units";

/** Where something stands in a site's file. */
export type Path = readonly (string | number)[];

/** One mistake: where it is, what is wrong, what is allowed instead, and what to do. */
export interface Violation extends Expectation {
  readonly path: Path;
  /** What is wrong, where it is not the one value at `path`. @default - "got" and the value at `path` */
  readonly found?: string;
}

/** What is accepted and may not be meant. */
export interface Warning {
  readonly path: Path;
  /** What is so, and what follows from it, without a full stop. */
  readonly what: string;
  /** What to do about it, as an imperative without a full stop. */
  readonly remedy: string;
}

/** A path as a site's file would write it: `kafka.brokers[1].id`. */
export function spelled(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .replace(/^\./, "");
}

/** A rule over those sections of a site that it reads. */
export type SiteRule<Site> = (site: Site) => Violation[];

/** The mistake, where there is one. */
export function when(broken: boolean, path: Path, allowed: string, remedy: string): Violation[] {
  return broken ? [{ path, allowed, remedy }] : [];
}

/** Values that occur more than once, with the places where they do. */
export function repeated<T>(values: readonly T[]): Map<T, number[]> {
  const places = new Map<T, number[]>();
  values.forEach((value, index) => places.set(value, [...(places.get(value) ?? []), index]));
  return new Map([...places].filter(([, indexes]) => indexes.length > 1));
}
