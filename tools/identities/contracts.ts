/** The contracts of all sites: what is committed in `__tests__/identities/`, and what the data give now. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHECKOUT } from "../../cli/shared/site/program";
import { appOf, synthesize } from "../../cli/shared/site/synthesis";
import type { StackView } from "../../synthesized/stack";
import type { Environment } from "../../environments/schema";
import { type Identities, identitiesOf, statefulAddresses } from ".";
import { refusedSteps, type Running, runningOf } from "./running";
import { shrunkVolumes } from "./volumes";

/** What a site's data must not change by accident. */
export interface Contract extends Identities {
  readonly running: Running;
}

/** Where contracts are committed. */
export const CONTRACTS = join(CHECKOUT, "__tests__", "identities");

/** The contract of a site as its data give it; `marked` as {@link statefulAddresses} gives it. */
export function contractOf(
  environment: Environment,
  stacks: readonly StackView[],
  marked: ReadonlySet<string>,
): Contract {
  const own = stacks.filter(({ site }) => site === environment.name);
  return { running: runningOf(environment), ...identitiesOf(own, marked) };
}

/** The contract of a site as it was committed; undefined where there is none yet. */
export function committedContract(site: string, folder: string = CONTRACTS): Partial<Contract> | undefined {
  const path = join(folder, `${site}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Partial<Contract>) : undefined;
}

/** A contract as it is committed. */
export function contractText(contract: Contract): string {
  return `${JSON.stringify(contract, undefined, 2)}\n`;
}

/**
 * Writes the contracts of these sites, and removes those of sites that there are no more. Where a site's data say what
 * must not follow on what runs there, nothing is written.
 *
 * @returns the refused steps of all sites, one line each.
 */
export function writeContracts(environments: readonly Environment[], folder: string = CONTRACTS): string[] {
  const refused = environments.flatMap((one) =>
    refusedSteps(one.name, committedContract(one.name, folder)?.running, runningOf(one)),
  );
  const outdir = mkdtempSync(join(tmpdir(), "efd-identities-"));
  try {
    const stacks = synthesize(environments, join(outdir, "stacks"));
    const marked = statefulAddresses(appOf(environments, join(outdir, "app")));
    const contracts = environments.map((one) => [one.name, contractOf(one, stacks, marked)] as const);
    const shrunk = contracts.flatMap(([site, contract]) =>
      shrunkVolumes(site, committedContract(site, folder) ?? {}, contract),
    );
    if (refused.length + shrunk.length > 0) return [...refused, ...shrunk];
    mkdirSync(folder, { recursive: true });
    for (const [site, contract] of contracts) writeFileSync(join(folder, `${site}.json`), contractText(contract));
    for (const name of readdirSync(folder))
      if (!environments.some((one) => `${one.name}.json` === name)) rmSync(join(folder, name));
    return [];
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
