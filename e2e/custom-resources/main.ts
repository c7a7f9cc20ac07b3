/**
 * `npm run bench:custom-resources`: whether a real API server with the real CRDs takes every custom
 * resource of every site. It starts a control plane of its own and stops it. `CRDS` names the folder of the
 * CRDs where it is not beside the checkout.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Output } from "../../cli/shared/terminal/output";
import { run } from "../../cli/shared/process/process";
import { CHECKOUT } from "../../cli/shared/site/program";
import { synthesize } from "../../cli/shared/site/synthesis";
import { Bench, benchProgram } from "../rehearsal/control-plane/control-plane";
import { selectSites } from "../../cli/shared/site/sites";
import { SITES } from "../../environments";
import { runTool, printTally } from "../../cli/shared/process/tool";
import { judge, placed } from "./judge";

async function main(env: NodeJS.ProcessEnv): Promise<number> {
  const crds = env["CRDS"] ?? join(CHECKOUT, "..", "shared", "data", "crds");
  if (!existsSync(crds)) {
    console.error(`custom resources: NOT RUN, because there are no CRDs in ${crds}; set CRDS`);
    return 3;
  }
  const folder = mkdtempSync(join(tmpdir(), "efd-custom-resources-"));
  const output = new Output({ json: false, stdout: process.stdout, stderr: process.stderr, env });
  const place = { folder: join(folder, "control-plane"), run, env, output };
  const nodes = [{ name: "node", cpu: "1", memory: "1Gi", labels: {} }];
  const plane = new Bench(place, { nodes, maxPods: 110 });
  try {
    const objects = placed(synthesize(selectSites(SITES), join(folder, "out")));
    const kubeconfig = await plane.up();
    const served = await run(join(CHECKOUT, "e2e", "bench", "crds"), [kubeconfig, crds], { env });
    if (served.code !== 0) throw new Error(`the CRDs were not served: ${served.stderr}`);
    const judged = await judge(objects, {
      kubectl: benchProgram(env, "kubectl"),
      kubeconfig,
      folder: join(folder, "objects"),
      run,
    });
    const failed = judged.filter(({ fault }) => fault !== undefined);
    return printTally(
      judged.length - failed.length,
      failed.map(({ where, fault }) => `${where}: ${fault}`),
    );
  } finally {
    await plane.down();
    rmSync(folder, { recursive: true, force: true });
  }
}

runTool(main);
