/** The synthesized sites. One worker synthesizes once a run, with all validations; all read the files. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHECKOUT, readLayers } from "../../cli/shared/site/program";
import { selectSites } from "../../cli/shared/site/sites";
import type { StackView } from "../../synthesized/stack";
import type * as Synthesis from "../../cli/shared/site/synthesis";
import { SITES } from "../../environments";
import { LAYERS } from "../../environments/derived/layers";
import { parseEnvironment } from "../../environments/parse";
import type { Environment } from "../../environments/schema";

export { CHECKOUT };

/** Names of all sites. */
export const SITE_NAMES: readonly string[] = SITES.map(({ name }) => name);

/** A folder of this run, which all workers have, removed when the run ends. */
export function sharedFolder(name: string): string {
  const run = process.env["EFD_TEST_FOLDER"];
  if (!run) throw new Error("EFD_TEST_FOLDER is not set: start tests with npm test");
  return join(run, name);
}

/** Writes stacks. Constructs and bindings cost a second in every test file, so whoever reads only does not load them. */
const synthesize: typeof Synthesis.synthesize = (...args) =>
  jest.requireActual<typeof Synthesis>("../../cli/shared/site/synthesis").synthesize(...args);

let stacks: readonly StackView[] | undefined;

/** Every stack of every site, written once a run: whoever asks first writes them, and the other workers wait. */
export function allStacks(): readonly StackView[] {
  if (!stacks) {
    const folder = sharedFolder("sites");
    stacks = first(folder)
      ? done(folder, () => synthesize(selectSites(SITES), folder))
      : SITE_NAMES.flatMap((site) => readLayers(site, LAYERS, folder));
  }
  return stacks;
}

/** Whether this worker is the first that asks for a folder; otherwise the folder is complete when this returns. */
function first(folder: string): boolean {
  for (;;) {
    if (existsSync(`${folder}.done`)) return false;
    try {
      mkdirSync(`${folder}.lock`);
      return true;
    } catch {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    }
  }
}

/** Completes a folder; where that fails, the next worker tries and shows its error too. */
function done<T>(folder: string, write: () => T): T {
  try {
    const written = write();
    writeFileSync(`${folder}.done`, "");
    return written;
  } finally {
    rmSync(`${folder}.lock`, { recursive: true, force: true });
  }
}

/** One stack of one site; an error where the site has no such layer. */
export function stack(site: string, layer: string): StackView {
  const found = allStacks().find((one) => one.site === site && one.layer === layer);
  if (!found) throw new Error(`there is no stack ${site}-${layer}`);
  return found;
}

/** A site, complete. */
export function environmentOf(site: string): Environment {
  const [found] = selectSites(SITES, [site]);
  if (!found) throw new Error(`there is no site ${site}`);
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
