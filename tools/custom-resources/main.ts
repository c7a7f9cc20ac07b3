/**
 * `npm run bench:custom-resources`: whether a real API server with the real definitions takes every custom
 * resource of every site. It starts a control plane of its own and stops it. `CRDS` names the folder of the
 * definitions where it is not beside the checkout.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ControlPlane } from "../../cli/lib/control-plane";
import { catchSignals } from "../../cli/lib/interruption";
import { Output } from "../../cli/lib/output";
import { run } from "../../cli/lib/process";
import { readProgram, synthesize } from "../program";
import { judge, type Judged, placed } from "./judge";

const CHECKOUT = join(__dirname, "..", "..");

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
    synthesize(join(folder, "out"));
    const objects = placed(readProgram(join(folder, "out")));
    const kubeconfig = await plane.up({});
    const crds = await run(join(CHECKOUT, "bench", "crds"), [kubeconfig, definitions], { env });
    if (crds.code !== 0) throw new Error(`the definitions were not served: ${crds.stderr}`);
    const judged = await judge(objects, { kubectl: kubectl(env), kubeconfig, folder: join(folder, "objects"), run });
    return report(judged);
  } finally {
    await plane.down();
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(judged: readonly Judged[]): number {
  const failed = judged.filter(({ fault }) => fault !== undefined);
  for (const { where, fault } of failed) console.log(`FAILED  ${where}: ${fault}`);
  console.log(`${judged.length - failed.length} passed, ${failed.length} failed`);
  return failed.length > 0 || judged.length === 0 ? 1 : 0;
}

catchSignals((line) => console.error(line));
main(process.env).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
