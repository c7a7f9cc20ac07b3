/** Asks every system the same question. */
import type { Environment } from "../schema";
import { SYSTEMS } from "../systems";
import type { System } from "../values/system";

/** Every system, each for a whole site. */
export const systems: readonly System<Environment>[] = SYSTEMS;

/** What all systems say of a site, in their order. */
export function all<T>(
  site: Environment,
  ask: (system: System<Environment>) => ((site: Environment) => readonly T[]) | undefined,
): T[] {
  return systems.flatMap((system) => ask(system)?.(site) ?? []);
}
