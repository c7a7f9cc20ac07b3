/** The part of `npm run bench:nodes` that runs where the site is reached: `inside.ts <folder> <scenario>…`. */
import { messageOf } from "../../ground/errors";
import { interruption } from "../../cli/shared/process/interruption";
import { printTally, runTool } from "../../cli/shared/process/tool";
import { secondsSince } from "../../cli/shared/terminal/output";
import { Checks } from "../data-path/check";
import { stopAll } from "../data-path/program";
import { SCENARIOS } from "./scenarios";
import type { Scenario } from "./site/scenario";
import { LocalSite } from "./site/local-site";
import { keptRun } from "./site/run-folder";
import { StandIns } from "./site/stand-ins";

/** Runs a scenario; what it could not do is a failure. Says whether it came to its end. */
async function runOne(scenario: Scenario, site: LocalSite, checks: Checks): Promise<boolean> {
  const { name, needs = [] } = scenario;
  const lacking = needs.find((part) => site.simulated.has(part));
  if (lacking !== undefined) {
    site.notRun(name, site.simulated.get(lacking) ?? "");
    return true;
  }
  const begin = Date.now();
  console.error(`--- ${name}: ${scenario.title}`);
  let ended = true;
  try {
    await scenario.run(site, checks);
  } catch (error) {
    ended = false;
    if (!interruption.aborted) checks.failed.push(`${name}: ${messageOf(error)}`);
  }
  console.error(`--- ${name}: ${secondsSince(begin)} s`);
  return ended;
}

runTool(async (env) => {
  const [folder = "", ...names] = process.argv.slice(2);
  const { bench, images } = keptRun(folder);
  const checks = new Checks();
  const site = new LocalSite({ folder, bench, images, env });
  const { data, kubeconfig, simulated } = site;
  const standIns = new StandIns({ folder, kubeconfig, data, simulated, env });
  standIns.start();
  try {
    for (const scenario of SCENARIOS.filter(({ name }) => names.includes(name))) {
      if (interruption.aborted) break;
      const ended = await runOne(scenario, site, checks);
      // Nothing stands on a site that is not there.
      if (scenario.name === "deploy" && !ended) {
        console.log("NOT RUN the other scenarios, because the site is not deployed");
        break;
      }
    }
  } finally {
    await standIns.stop();
    site.forget();
    await stopAll();
  }
  return printTally(checks.passed, checks.failed);
});
