/** Reads synthesized stacks from their folders. Loads no constructs, so that reading starts fast. */
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Environment } from "../../../environments/schema";
import { type Layer, layersOf, stackName } from "../../../environments/derived/layers";
import { StackView, type TerraformJson } from "../../../synthesized/stack";

/** The checkout. */
export const CHECKOUT = resolve(__dirname, "..", "..", "..");
/** Where stacks are synthesized, as cdktf.json says too. */
export const OUTDIR = join(CHECKOUT, "cdktf.out");

/** A synthesized stack of a site. */
export type Stack = StackView<Layer>;

/** The stacks in a folder that `cdktf` wrote, by its manifest; each with the names of those that it depends on. */
function stackFiles(outdir: string) {
  const { stacks } = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")) as {
    readonly stacks: Readonly<Record<string, { synthesizedStackPath: string; dependencies: string[] }>>;
  };
  return Object.entries(stacks).map(([name, { synthesizedStackPath, dependencies }]) => ({
    name,
    path: join(outdir, synthesizedStackPath),
    dependencies,
  }));
}

/** Reads the stacks of these layers of a site from such a folder; a layer that it does not have is left out. */
export function readLayers(site: string, layers: readonly Layer[], outdir: string): Stack[] {
  const files = stackFiles(outdir);
  return layers.flatMap((layer) => {
    const file = files.find(({ name }) => name === stackName(site, layer));
    if (!file) return [];
    const { path, dependencies } = file;
    return [new StackView(site, layer, readFileSync(path, "utf8"), dependencies, dirname(path))];
  });
}

/** Reads every stack of these sites from such a folder. */
export function readProgram(environments: readonly Environment[], outdir: string): Stack[] {
  return environments.flatMap((environment) => {
    const layers = layersOf(environment);
    const stacks = readLayers(environment.name, layers, outdir);
    if (stacks.length < layers.length) throw new Error(`${outdir} lacks stacks of ${environment.name}`);
    return stacks;
  });
}

/** Reads the JSON of a site's stacks from such a folder, by name, whatever their layers are called. */
export function readJsonStacks(outdir: string, site: string): Map<string, TerraformJson> {
  return new Map(
    stackFiles(outdir)
      // A layer is one word: `ncsa-stable-efd` is no layer of ncsa.
      .filter(({ name }) => name.startsWith(`${site}-`) && !name.slice(site.length + 1).includes("-"))
      .map(({ name, path }) => [name, JSON.parse(readFileSync(path, "utf8")) as TerraformJson]),
  );
}
