import { App } from "cdktf";
import { siteFileMistake } from "./cli/site-files";
import { notesOn } from "./environments/derived/notes";
import { EnvironmentError, parseSites } from "./environments/parse";
import { UserError } from "./ground/errors";
import { Site } from "./stacks/site";

/** Loads the sites only here: a site's file that cannot be read is explained like any other mistake. */
async function main(): Promise<void> {
  const { SITES } = await import("./environments").catch((error: unknown) => {
    throw siteFileMistake(error) ?? error;
  });
  const sites = parseSites(SITES);
  const app = new App();
  for (const site of sites) new Site(app, site);
  app.synth();
  for (const line of sites.flatMap(notesOn)) console.error(`note: ${line}`);
}

main().catch((error: unknown) => {
  if (!(error instanceof EnvironmentError) && !(error instanceof UserError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
});
