import { App } from "cdktf";
import { SITES } from "./environments";
import { EnvironmentError, parseEnvironment } from "./environments/parse";
import { Site } from "./stacks/site";

const app = new App();
const mistakes: string[] = [];
for (const site of SITES) {
  try {
    new Site(app, parseEnvironment(site));
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    mistakes.push(...error.mistakes);
  }
}
if (mistakes.length > 0) {
  console.error(mistakes.join("\n"));
  process.exitCode = 1;
} else {
  app.synth();
}
