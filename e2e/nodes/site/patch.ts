/** Changes of a site's file. */
import type { EnvironmentInput } from "../../../environments/schema";

/** Keys of a site's file that replace or complete the shipped ones; lists replace lists. */
export type SitePatch = Readonly<Record<string, unknown>>;

const isSection = (value: unknown): value is SitePatch =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Two changes as one; the later one counts where both name a key. */
export function merged(first: SitePatch, second: SitePatch): SitePatch {
  const changed = Object.entries(second).map(([key, value]): [string, unknown] => {
    const before = first[key];
    return [key, isSection(before) && isSection(value) ? merged(before, value) : value];
  });
  return { ...first, ...Object.fromEntries(changed) };
}

/** A site's file with changes. */
export function patched(site: EnvironmentInput, changes: SitePatch): EnvironmentInput {
  return merged(site, changes) as unknown as EnvironmentInput;
}
