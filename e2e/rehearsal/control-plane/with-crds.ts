/** A control plane of the bench with the real CRDs, for benches that ask the API server itself. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../../cli/shared/process/process";
import { inTemporaryFolder } from "../../../cli/shared/process/temporary-folder";
import { CHECKOUT } from "../../../cli/shared/site/program";
import { Output } from "../../../cli/shared/terminal/output";
import { Bench, type FakeNode } from "./control-plane";

/**
 * Starts a control plane with one node, works with it and stops it. `CRDS` names the folder of the CRDs where it is
 * not beside the checkout.
 *
 * @returns what the work does; 3 where there are no CRDs.
 */
export function withCrds(
  bench: string,
  env: NodeJS.ProcessEnv,
  node: Omit<FakeNode, "labels">,
  work: (folder: string, kubeconfig: string) => Promise<number>,
): Promise<number> {
  const crds = env["CRDS"] ?? join(CHECKOUT, "..", "shared", "data", "crds");
  return inTemporaryFolder(bench.replaceAll(" ", "-"), async (folder) => {
    if (!existsSync(crds)) {
      console.error(`${bench}: NOT RUN, because there are no CRDs in ${crds}; set CRDS`);
      return 3;
    }
    const output = new Output({ json: false, stdout: process.stdout, stderr: process.stderr, env });
    const place = { folder: join(folder, "control-plane"), run, env, output };
    const plane = new Bench(place, { nodes: [{ ...node, labels: {} }], maxPods: 110 });
    try {
      const kubeconfig = await plane.up();
      const served = await run(join(CHECKOUT, "e2e", "bench", "crds"), [kubeconfig, crds], { env });
      if (served.code !== 0) throw new Error(`the CRDs were not served: ${served.stderr}`);
      return await work(folder, kubeconfig);
    } finally {
      await plane.down();
    }
  });
}
