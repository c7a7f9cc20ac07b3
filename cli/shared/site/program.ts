/** The folders of the stacks, and what stands in them. Loads no construct: whoever only reads is there at once. */
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Environment } from "../../../environments/schema";
import { type Layer, layersOf, stackName } from "../../../environments/derived/layers";
import { StackView } from "../../../synthesized/stack";

/** The checkout. */
export const CHECKOUT = resolve(__dirname, "..", "..", "..");
/** Where stacks are synthesized, as cdktf.json says too. */
export const OUTDIR = join(CHECKOUT, "cdktf.out");

/** A synthesized stack of a site. */
export type Stack = StackView<Layer>;

/** What `cdktf` writes beside the stacks. */
interface Manifest {
  readonly stacks: Readonly<Record<string, { synthesizedStackPath: string; dependencies: string[] }>>;
}

/** Reads the stacks of these sites from such a folder. */
export function readProgram(environments: readonly Environment[], outdir: string): Stack[] {
  const { stacks } = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")) as Manifest;
  return environments.flatMap((environment) =>
    layersOf(environment).map((layer) => {
      const name = stackName(environment.name, layer);
      const stack = stacks[name];
      if (!stack) throw new Error(`${outdir} has no stack ${name}`);
      const path = join(outdir, stack.synthesizedStackPath);
      return new StackView(environment.name, layer, readFileSync(path, "utf8"), stack.dependencies, dirname(path));
    }),
  );
}
