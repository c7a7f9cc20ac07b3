/**
 * `npm run bench:custom-resources`: whether a real API server with the real definitions takes every custom
 * resource of every site. It starts a control plane of its own and stops it. `CRDS` names the folder of the
 * definitions where it is not beside the checkout.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ControlPlane } from "../../cli/lib/control-plane";
import { Output } from "../../cli/lib/output";
import { run } from "../../cli/lib/process";
import { CHECKOUT, synthesize } from "../../cli/lib/program";
import { selectSites } from "../../cli/lib/sites";
import { SITES } from "../../environments";
import { runTool, tally } from "../tool";
import { judge, placed } from "./judge";

/** The bench's own kubectl, where bench/control-plane/build puts it. */
function kubectl(env: NodeJS.ProcessEnv): string {
  const cache = env["XDG_CACHE_HOME"] || join(env["HOME"] ?? "", ".cache");
  return join(env["EFD_BENCH_HOME"] || join(cache, "efd-bench"), "control-plane", "bin", "kubectl");
}

async function main(env: NodeJS.ProcessEnv): Promise<number> {
  const definitions = env["CRDS"] ?? join(CHECKOUT, "..", "shared", "data", "crds");
  if (!existsSync(definitions)) {
    console.error(`custom resources: NOT RUN, because there are no definitions in ${definitions}; set CRDS`);
    return 3;
  }
  const folder = mkdtempSync(join(tmpdir(), "efd-custom-resources-"));
  const output = new Output({ json: false, stdout: process.stdout, stderr: process.stderr, env });
  const plane = new ControlPlane(join(folder, "control-plane"), run, env, output);
  try {
    const objects = placed(synthesize(selectSites(SITES), join(folder, "out")));
    const kubeconfig = await plane.up({});
    const crds = await run(join(CHECKOUT, "bench", "crds"), [kubeconfig, definitions], { env });
    if (crds.code !== 0) throw new Error(`the definitions were not served: ${crds.stderr}`);
    const judged = await judge(objects, { kubectl: kubectl(env), kubeconfig, folder: join(folder, "objects"), run });
    const failed = judged.filter(({ fault }) => fault !== undefined);
    return tally(
      judged.length - failed.length,
      failed.map(({ where, fault }) => `${where}: ${fault}`),
    );
  } finally {
    await plane.down();
    rmSync(folder, { recursive: true, force: true });
  }
}

runTool(main);
