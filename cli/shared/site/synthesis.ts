/** The whole program: from sites to the folders of their stacks. */
import { App } from "cdktf";
import { mkdirSync } from "node:fs";
import type { Environment } from "../../../environments/schema";
import { Site, type SiteProps } from "../../../stacks/site";
import { UserError } from "../../../ground/errors";
import { OUTDIR, readProgram, type Stack } from "./program";

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
