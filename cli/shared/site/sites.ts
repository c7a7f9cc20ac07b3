/** Which sites and layers a command is about. */
import { parseSites, siteName } from "../../../environments/parse";
import type { Environment, EnvironmentInput } from "../../../environments/schema";
import { UsageError, UserError } from "../../../ground/errors";
import { unlistedSites } from "./unlisted";

/**
 * Names of the sites of a list, whatever else stands in it.
 *
 * @throws {UserError} where it is no list.
 */
export function namesOf(sites: readonly EnvironmentInput[]): string[] {
  if (!Array.isArray(sites))
    throw new UserError(
      "environments/index.ts: SITES is no list. Allowed: a list of sites. Write them in square brackets.",
    );
  return sites.flatMap((site) => siteName(site) ?? []);
}

/** @throws {UsageError} that lists the known sites, where one of these names is of none. */
function checkNames(sites: readonly EnvironmentInput[], names: readonly string[]): void {
  const known = namesOf(sites);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new UsageError([`unknown site ${unknown}: known are ${known.join(", ")}`, ...unlistedSites()].join("\n"));
}

/**
 * The sites of these names, all of them when none is named.
 *
 * @throws {UsageError} that lists the known sites.
 * @throws {EnvironmentError} with every mistake of all of them, those included that one has together with another site.
 */
export function selectSites(sites: readonly EnvironmentInput[], names: readonly string[] = []): Environment[] {
  if (names.length === 0) return parseSites(sites);
  checkNames(sites, names);
  const found = parseSites(sites, (site) => names.includes(siteName(site) ?? ""));
  return [...new Set(names)].flatMap((name) => found.find((site) => site.name === name) ?? []);
}

/**
 * The one site of this name.
 *
 * @throws {UsageError} that lists the known sites.
 * @throws {EnvironmentError} with every mistake of the site, those included that it has together with another site.
 */
export function selectSite(sites: readonly EnvironmentInput[], name: string): Environment {
  const [site] = selectSites(sites, [name]);
  if (!site) throw new Error(`there is no site ${name}`);
  return site;
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
