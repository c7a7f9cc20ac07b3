/** From sites to the folders of their stacks. */
import { App } from "cdktf";
import { mkdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { Environment } from "../../environments/schema";
import type { Layer } from "../../stacks/base-stack";
import { layersOf, Site, type SiteProps, stackName } from "../../stacks/site";
import { UserError } from "./errors";
import type { StackFile } from "./stack-file";

/** The checkout. */
export const CHECKOUT = resolve(__dirname, "..", "..");
/** Where stacks are synthesized, as cdktf.json says too. */
export const OUTDIR = join(CHECKOUT, "cdktf.out");

/** A synthesized stack. */
export interface Stack {
  readonly site: string;
  readonly layer: Layer;
  /** `<site>-<layer>`. */
  readonly name: string;
  /** Folder that Terraform runs in. */
  readonly folder: string;
  /** Its cdk.tf.json. */
  readonly file: StackFile;
}

/**
 * Synthesizes every layer of these sites.
 *
 * @throws {UserError} with the rules that a stack breaks.
 */
export function synthesize(
  environments: readonly Environment[],
  props: SiteProps = {},
  outdir: string = OUTDIR,
): Stack[] {
  mkdirSync(outdir, { recursive: true });
  const app = new App({ outdir });
  for (const environment of environments) new Site(app, environment, props);
  try {
    app.synth();
  } catch (error) {
    if (error instanceof Error && error.message.startsWith("Validation failed")) throw new UserError(error.message);
    throw error;
  }
  return environments.flatMap((environment) =>
    layersOf(environment).map((layer) => {
      const name = stackName(environment.name, layer);
      const folder = join(outdir, "stacks", name);
      const file = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as StackFile;
      return { site: environment.name, layer, name, folder, file };
    }),
  );
}

/** A path as a user in the checkout would write it. */
export function shownPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short === "" ? "." : short.startsWith("..") ? path : short;
}
