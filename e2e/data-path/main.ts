/**
 * `npm run bench:data-path`: records go through a real Kafka, Telegraf and InfluxDB as at a site: its accounts and
 * rights, its consumers' configurations and scripts, its setup of InfluxDB. `DATA_PATH_BENCH` is the folder whose
 * `install.sh` brought the programs into `BENCH_HOME`; the arguments name the scenarios, all otherwise.
 */
import { messageOf, UsageError } from "../../ground/errors";
import { inTemporaryFolder } from "../../cli/shared/process/temporary-folder";
import { printTally, runToolCommand, toolCommand } from "../../cli/shared/process/tool";
import { selectSites } from "../../cli/shared/site/sites";
import { SITES } from "../../environments";
import { recordsArrive } from "./arrival";
import { Checks } from "./check";
import { SCENARIOS } from "./faults";
import { installed, telegrafIn } from "./installed";
import { stopAll } from "./program";
import { rightsHold } from "./rights";
import { World } from "./world";

const ALL: Readonly<Record<string, (world: World, checks: Checks) => Promise<void>>> = {
  arrival: recordsArrive,
  rights: rightsHold,
  ...SCENARIOS,
};

const command = toolCommand(
  "bench:data-path",
  "brings records through a real Kafka, Telegraf and InfluxDB with the accounts, rights and configurations of a site",
).argument("[scenarios...]", `of ${Object.keys(ALL).join(", ")}; all by default`);

runToolCommand(command, (env) =>
  inTemporaryFolder("data-path", async (folder) => {
    const chosen = command.args;
    const unknown = chosen.filter((name) => !(name in ALL));
    if (unknown.length > 0)
      throw new UsageError(`bench:data-path: got ${unknown.join(", ")}. Allowed: ${Object.keys(ALL).join(", ")}.`);
    const telegraf = await telegrafIn(folder, env);
    // The one with the most consumers: cameras and other programs are among them.
    const site = selectSites(SITES).reduce((most, one) =>
      one.telegraf.consumers.length > most.telegraf.consumers.length ? one : most,
    );
    const checks = new Checks();
    try {
      const world = await World.start(site, folder, installed(env), telegraf);
      for (const [name, scenario] of Object.entries(ALL)) {
        if (chosen.length > 0 && !chosen.includes(name)) continue;
        const begin = Date.now();
        console.log(`--- ${name}`);
        await scenario(world, checks).catch((error: unknown) => checks.failed.push(`${name}: ${messageOf(error)}`));
        console.log(`--- ${name}: ${Math.round((Date.now() - begin) / 1000)} s`);
      }
    } finally {
      await stopAll();
    }
    return printTally(checks.passed, checks.failed);
  }),
);
