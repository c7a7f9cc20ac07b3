/** Which scenarios run. */
import { UsageError } from "../../../ground/errors";
import type { Scenario } from "../site/scenario";

/** What is asked for. */
export interface Choice {
  /** @default - all */
  readonly only?: readonly string[] | undefined;
  /** @default - none */
  readonly skip?: readonly string[] | undefined;
  /** Whether the site stays at the end. */
  readonly keep: boolean;
  /** Whether the site was there before. */
  readonly attached: boolean;
}

/** The one that brings the site up, and the one that takes it away. */
const [FIRST, LAST] = ["deploy", "destroy"];

/**
 * Those that are asked for, in their order. Around them the site is brought up and taken away, unless it was there before
 * or stays; where it was there before, only what is named does that.
 *
 * @throws {UsageError} on a name that is none.
 */
export function chosen<S extends Pick<Scenario, "name">>(all: readonly S[], choice: Choice): S[] {
  const { only, skip = [], keep, attached } = choice;
  const known = all.map(({ name }) => name);
  const unknown = [...(only ?? []), ...skip].filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new UsageError(`--only, --skip: got ${unknown.join(", ")}. Allowed: ${known.join(", ")}.`);
  return all.filter(({ name }) => {
    if (skip.includes(name)) return false;
    const isNamed = only?.includes(name) ?? false;
    if (name === FIRST) return isNamed || !attached;
    if (name === LAST) return isNamed || !(attached || keep);
    return isNamed || only === undefined;
  });
}
