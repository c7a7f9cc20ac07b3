/**
 * `npm run bench:using [-- --only <names>]`: the commands that ask a running site are used on real parts of this machine,
 * which fail one after the other. `BENCH_HOME` is the folder into which `install.sh` of the data path brought its
 * programs, `CRDS` that of the CRDs.
 */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf, UsageError } from "../../ground/errors";
import { interruption } from "../../cli/shared/process/interruption";
import { run } from "../../cli/shared/process/process";
import { inTemporaryFolder } from "../../cli/shared/process/temporary-folder";
import { printTally, runToolCommand, toolCommand } from "../../cli/shared/process/tool";
import { CHECKOUT } from "../../cli/shared/site/program";
import { Checks } from "../data-path/check";
import { installed, telegrafIn } from "../data-path/installed";
import { stopAll } from "../data-path/program";
import { SCENARIOS } from "./scenarios";
import { World } from "./site/world";

const command = toolCommand(
  "bench:using",
  "uses the commands that ask a running site on real parts of this machine, which fail one after the other",
)
  .option("--only <names>", `scenarios to run, with commas between them, of ${Object.keys(SCENARIOS).join(", ")}`)
  .option("--keep", "waits for Ctrl-C at the end, so that commands can be tried by hand");

runToolCommand(command, (env) =>
  inTemporaryFolder("using", async (folder) => {
    const { only, keep } = command.opts<{ only?: string; keep?: boolean }>();
    const names = only?.split(",") ?? Object.keys(SCENARIOS);
    const unknown = names.filter((name) => !(name in SCENARIOS));
    if (unknown.length > 0)
      throw new UsageError(`--only: got ${unknown.join(", ")}. Allowed: ${Object.keys(SCENARIOS).join(", ")}.`);
    const built = await run(join(CHECKOUT, "e2e", "bench", "control-plane", "build"), [], { env });
    if (built.code !== 0) throw new Error(`the control plane cannot be built: ${built.stderr}`);
    const crds = env["CRDS"] || join(CHECKOUT, "..", "shared", "data", "crds");
    const checks = new Checks();
    const begin = Date.now();
    const tell = (line: string) => console.log(`--- ${line} (${Math.round((Date.now() - begin) / 1000)} s)`);
    try {
      const telegraf = await telegrafIn(folder, env);
      const of = { folder, installed: installed(env), telegraf, tell, ...(existsSync(crds) ? { crds } : {}) };
      const world = await World.start(of);
      for (const name of Object.keys(SCENARIOS).filter((one) => names.includes(one))) {
        if (interruption.aborted) break;
        console.log(`--- ${name}`);
        const scenario = SCENARIOS[name];
        await scenario?.(world, checks).catch((error: unknown) => checks.failed.push(`${name}: ${messageOf(error)}`));
        tell(name);
      }
      if (keep) await waitForInterruption(folder, world);
    } finally {
      await stopAll();
    }
    return printTally(checks.passed, checks.failed);
  }),
);

/** Says how the site is reached, and waits; records go on into it. */
async function waitForInterruption(folder: string, world: World): Promise<void> {
  const file = join(folder, "shell");
  writeFileSync(file, world.command.shell);
  console.log(`kubeconfig: ${join(folder, "kubeconfig")}; Ctrl-C ends it`);
  console.log(`in another shell: . ${file}; efd check using`);
  if (interruption.aborted) return;
  await world.flow.during(
    () => new Promise((resolve) => interruption.addEventListener("abort", resolve, { once: true })),
  );
}
