/**
 * `npm run bench:runbooks`: runs every command of the runbooks that says it was tried on the bench, in their order,
 * against a real API server with the real CRDs (`CRDS`) and made-up objects. Those with helm need it and the
 * chart packages (`CHARTS`); without them they are named.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { Output } from "../../cli/shared/terminal/output";
import { run } from "../../cli/shared/process/process";
import { CHECKOUT } from "../../cli/shared/site/program";
import { Bench, benchProgram } from "../rehearsal/control-plane/control-plane";
import { runTool, printTally } from "../../cli/shared/process/tool";
import { runbookLines, TRIED } from "./lines";

async function main(env: NodeJS.ProcessEnv): Promise<number> {
  const crds = env["CRDS"] ?? join(CHECKOUT, "..", "shared", "data", "crds");
  const charts = env["CHARTS"] ?? join(env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "efd-charts");
  if (!existsSync(crds)) {
    console.error(`runbooks: NOT RUN, because there are no CRDs in ${crds}; set CRDS`);
    return 3;
  }
  const folder = mkdtempSync(join(tmpdir(), "efd-runbooks-"));
  const output = new Output({ json: false, stdout: process.stdout, stderr: process.stderr, env });
  const nodes = [{ name: "kube-0", cpu: "4", memory: "8Gi", labels: {} }];
  const place = { folder: join(folder, "control-plane"), run, env, output };
  const plane = new Bench(place, { nodes, maxPods: 110 });
  try {
    const kubeconfig = await plane.up();
    const path = [dirname(benchProgram(env, "kubectl")), env["PATH"] ?? ""].join(delimiter);
    const there = { ...env, PATH: path, KUBECONFIG: kubeconfig, KUBECACHEDIR: join(folder, "cache") };
    const shell = (command: string) => run("bash", ["-c", command], { cwd: folder, env: there, timeout: 120_000 });
    const objects = `kubectl apply -f '${join(__dirname, "bench.yaml")}'`;
    const ready = await shell(`'${join(CHECKOUT, "e2e", "bench", "crds")}' '${kubeconfig}' '${crds}' && ${objects}`);
    if (ready.code !== 0) throw new Error(`the bench could not be prepared: ${ready.stderr}`);
    const hasHelm = (await shell("command -v helm")).code === 0 && existsSync(charts);
    const failed: string[] = [];
    let [passed, file] = [0, ""];
    for (const { where, command } of runbookLines().filter(({ mark }) => mark === TRIED)) {
      // Each runbook finds what the one before it may have removed.
      const here = where.replace(/:.*/, "");
      if (here !== file) await shell(objects);
      file = here;
      if (/helm|crds\.yaml/.test(command) && !hasHelm) {
        console.log(`NOT RUN ${where}: because helm or ${charts} is not there: ${command}`);
        continue;
      }
      const { code, stderr } = await shell(command.replaceAll("/data/mirror", charts));
      if (code === 0) passed++;
      else failed.push(`${where}: ${command}: ${stderr}`);
    }
    return printTally(passed, failed);
  } finally {
    await plane.down();
    rmSync(folder, { recursive: true, force: true });
  }
}

runTool(main);
