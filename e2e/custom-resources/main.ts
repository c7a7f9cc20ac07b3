/**
 * `npm run bench:custom-resources`: whether a real API server with the real CRDs takes every custom
 * resource of every site. It starts a control plane of its own and stops it. `CRDS` names the folder of the
 * CRDs where it is not beside the checkout.
 */
import { join } from "node:path";
import { run } from "../../cli/shared/process/process";
import { printTally, runToolCommand, toolCommand } from "../../cli/shared/process/tool";
import { selectSites } from "../../cli/shared/site/sites";
import { synthesize } from "../../cli/shared/site/synthesis";
import { SITES } from "../../environments";
import { benchProgram } from "../rehearsal/control-plane/control-plane";
import { withCrds } from "../rehearsal/control-plane/with-crds";
import { judge, placed } from "./judge";

const command = toolCommand(
  "bench:custom-resources",
  "gives every custom resource of every site to a real API server with the real CRDs. CRDS names the folder of the CRDs",
);

runToolCommand(command, (env) =>
  withCrds("custom resources", env, { name: "node", cpu: "1", memory: "1Gi" }, async (folder, kubeconfig) => {
    const objects = placed(synthesize(selectSites(SITES), join(folder, "out")));
    const kubectl = benchProgram(env, "kubectl");
    const judged = await judge(objects, { kubectl, kubeconfig, folder: join(folder, "objects"), run });
    const failed = judged.filter(({ fault }) => fault !== undefined);
    return printTally(
      judged.length - failed.length,
      failed.map(({ where, fault }) => `${where}: ${fault}`),
    );
  }),
);
