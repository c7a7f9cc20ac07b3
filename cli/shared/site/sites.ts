/** Which sites and layers a command is about. */
import { parseEnvironment, parseSites } from "../../../environments/parse";
import type { Environment, EnvironmentInput } from "../../../environments/schema";
import { UsageError } from "../../../ground/errors";

function named(sites: readonly EnvironmentInput[], name: string): EnvironmentInput {
  const known = sites.filter((one: EnvironmentInput | undefined) => one !== undefined);
  const site = known.find((one) => one.name === name);
  if (!site) throw new UsageError(`unknown site ${name}: known are ${known.map((one) => one.name).join(", ")}`);
  return site;
}

/**
 * The sites of these names, all of them when none is named.
 *
 * @throws {UsageError} that lists the known sites.
 * @throws {EnvironmentError} with every mistake of all of them.
 */
export function selectSites(sites: readonly EnvironmentInput[], names: readonly string[] = []): Environment[] {
  const chosen = names.length > 0 ? [...new Set(names)].map((name) => named(sites, name)) : sites;
  return parseSites(chosen);
}

/**
 * The one site of this name.
 *
 * @throws {UsageError} that lists the known sites.
 * @throws {EnvironmentError} with every mistake of the site.
 */
export function selectSite(sites: readonly EnvironmentInput[], name: string): Environment {
  return parseEnvironment(named(sites, name));
}

/**
 * The layers a command touches: the one that is named, or all.
 *
 * @throws {UsageError} that lists the site's layers.
 */
export function selectLayers<L extends string>(site: string, layers: readonly L[], name?: string): L[] {
  if (name === undefined) return [...layers];
  const layer = layers.find((one) => one === name);
  if (!layer) throw new UsageError(`unknown layer ${name}: ${site} has ${layers.join(", ")}`);
  return [layer];
}
