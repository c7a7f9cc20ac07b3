/** The whole program: from sites to the folders of their stacks, and back. */
import { App } from "cdktf";
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Environment } from "../../environments/schema";
import type { Layer } from "../../stacks/base-stack";
import { layersOf, Site, type SiteProps, stackName } from "../../stacks/site";
import { UserError } from "./errors";
import { StackView } from "./stack-view";

/** The checkout. */
export const CHECKOUT = resolve(__dirname, "..", "..");
/** Where stacks are synthesized, as cdktf.json says too. */
export const OUTDIR = join(CHECKOUT, "cdktf.out");

/** A synthesized stack of a site. */
export type Stack = StackView<Layer>;

/** What `cdktf` writes beside the stacks. */
interface Manifest {
  readonly stacks: Readonly<Record<string, { synthesizedStackPath: string; dependencies: string[] }>>;
}

/** The constructs of these sites; nothing is written yet. */
export function appOf(environments: readonly Environment[], outdir: string, props: SiteProps = {}): App {
  mkdirSync(outdir, { recursive: true });
  const app = new App({ outdir });
  for (const environment of environments) new Site(app, environment, props);
  return app;
}

/**
 * Writes every layer of these sites into a folder, with all validations, as main.ts does.
 *
 * @throws {UserError} with the rules that a stack breaks.
 */
export function synthesize(
  environments: readonly Environment[],
  outdir: string = OUTDIR,
  props: SiteProps = {},
): Stack[] {
  const app = appOf(environments, outdir, props);
  try {
    app.synth();
  } catch (error) {
    if (error instanceof Error && error.message.startsWith("Validation failed")) throw new UserError(error.message);
    throw error;
  }
  return readProgram(environments, outdir);
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
