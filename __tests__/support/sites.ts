/** The synthesized sites. Each worker synthesizes once, with all validations, and reads the files afterwards. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHECKOUT, readProgram } from "../../cli/shared/site/program";
import { selectSites } from "../../cli/shared/site/sites";
import type { StackView } from "../../synthesized/stack";
import type * as Synthesis from "../../cli/shared/site/synthesis";
import { SITES } from "../../environments";
import { parseEnvironment } from "../../environments/parse";

export { CHECKOUT };

/** Names of all sites. */
export const SITE_NAMES: readonly string[] = SITES.map(({ name }) => name);

/** A folder of this worker, removed when the run ends. */
export function workerFolder(name: string): string {
  const run = process.env["EFD_TEST_FOLDER"];
  if (!run) throw new Error("EFD_TEST_FOLDER is not set: start tests with npm test");
  return join(run, `${process.env["JEST_WORKER_ID"] ?? "0"}-${name}`);
}

/** Writes stacks. Constructs and bindings cost a second in every test file, so whoever reads only does not load them. */
const synthesize: typeof Synthesis.synthesize = (...args) =>
  jest.requireActual<typeof Synthesis>("../../cli/shared/site/synthesis").synthesize(...args);

let stacks: readonly StackView[] | undefined;

/** Every stack of every site. */
export function allStacks(): readonly StackView[] {
  if (!stacks) {
    const folder = workerFolder("sites");
    const read = existsSync(join(folder, "manifest.json")) ? readProgram : synthesize;
    stacks = read(selectSites(SITES), folder);
  }
  return stacks;
}

/** One stack of one site; an error where the site has no such layer. */
export function stack(site: string, layer: string): StackView {
  const found = allStacks().find((one) => one.site === site && one.layer === layer);
  if (!found) throw new Error(`there is no stack ${site}-${layer}`);
  return found;
}

/** The stacks of one site as its file would give them with these changes. */
export function stacksOf(input: unknown): StackView[] {
  const folder = mkdtempSync(join(tmpdir(), "efd-site-"));
  try {
    return synthesize([parseEnvironment(input)], folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
