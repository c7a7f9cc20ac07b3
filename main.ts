import { App } from "cdktf";
import { SITES } from "./environments";
import { notesOn } from "./environments/derived/notes";
import { EnvironmentError, parseSites } from "./environments/parse";
import { Site } from "./stacks/site";

try {
  const sites = parseSites(SITES);
  const app = new App();
  for (const site of sites) new Site(app, site);
  app.synth();
  for (const line of sites.flatMap(notesOn)) console.error(`note: ${line}`);
} catch (error) {
  if (!(error instanceof EnvironmentError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
