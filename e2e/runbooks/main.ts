/**
 * `npm run bench:runbooks`: runs every command of the runbooks that says it was tried on the bench, in their order,
 * against a real API server with the real CRDs (`CRDS`) and made-up objects. Those with helm need it and the
 * chart packages (`CHARTS`); without them they are named.
 */
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { run } from "../../cli/shared/process/process";
import { printTally, runToolCommand, toolCommand } from "../../cli/shared/process/tool";
import { chartPackages } from "../rehearsal/control-plane/cache";
import { benchProgram } from "../rehearsal/control-plane/control-plane";
import { withCrds } from "../rehearsal/control-plane/with-crds";
import { runbookLines, TRIED } from "./lines";

const command = toolCommand(
  "bench:runbooks",
  "runs the commands of the runbooks that say they were tried on the bench. CRDS names the folder of the CRDs, CHARTS that of the chart packages",
);

runToolCommand(command, (env) =>
  withCrds("runbooks", env, { name: "kube-0", cpu: "4", memory: "8Gi" }, async (folder, kubeconfig) => {
    const charts = chartPackages(env);
    const path = [dirname(benchProgram(env, "kubectl")), env["PATH"] ?? ""].join(delimiter);
    const there = { ...env, PATH: path, KUBECONFIG: kubeconfig, KUBECACHEDIR: join(folder, "cache") };
    const shell = (command: string) => run("bash", ["-c", command], { cwd: folder, env: there, timeout: 120_000 });
    const objects = `kubectl apply -f '${join(__dirname, "bench.yaml")}'`;
    const ready = await shell(objects);
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
  }),
);
