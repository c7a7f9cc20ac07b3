/** Programs that the bench did not make itself. */
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { IMAGES } from "../../ground/versions";
import { run } from "../../cli/shared/process/process";
import { CHECKOUT } from "../../cli/shared/site/program";
import { cacheFolder } from "../rehearsal/control-plane/cache";
import type { Installed } from "./parts";

/** What `install.sh` brought. */
export function installed(env: NodeJS.ProcessEnv): Installed {
  const bench = env["BENCH_HOME"] ?? join(cacheFolder(env), "efd-bench");
  const home = join(bench, "data-path");
  const own = join(home, "bin", "influxd");
  return { home, influxd: existsSync(own) ? own : "influxd", env };
}

/** A program called `telegraf`: the one that `TELEGRAF` names, or of the version that we deploy, which is built once. */
export async function telegrafIn(folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  const given = env["TELEGRAF"];
  if (given) return given;
  const version = IMAGES.telegraf.tag.replace(/-.*/, "");
  const built = await run(join(CHECKOUT, "e2e", "bench", "telegraf", "build"), [version], { env });
  if (built.code !== 0) throw new Error(`Telegraf could not be built: ${built.stderr}`);
  mkdirSync(join(folder, "bin"));
  const program = join(folder, "bin", "telegraf");
  symlinkSync(built.stdout.trim(), program);
  return program;
}
