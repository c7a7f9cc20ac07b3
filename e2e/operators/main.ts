/**
 * `npm run bench:operators`: whether the simulated operators do what the real ones did. Cases are given to a simulated
 * operator on a real API server, and what becomes of them is compared with the records of the real operator's answers.
 * With `--record` the real operator answers, as a process beside the API server, and its answers are written down.
 */
import { UserError } from "../../ground/errors";
import { printTally, runToolCommand, toolCommand } from "../../cli/shared/process/tool";
import { withCrds } from "../rehearsal/control-plane/with-crds";
import { realAnswers, simulatedAnswers } from "./answering";
import { COMPARED, outdated } from "./operators";
import { differencesToRecord, writeRecord } from "./records";

const NAMES = COMPARED.map(({ cases }) => cases.operator).join(", ");

const command = toolCommand(
  "bench:operators",
  "compares the simulated operators with records of the real ones. CRDS names the folder of the CRDs",
)
  .option("--only <operator>", `one of ${NAMES}; all by default`)
  .option("--record <program>", "lets this program, the real operator of --only, answer, and writes its answers down");

runToolCommand(command, (env) => {
  const { only, record } = command.opts<{ only?: string; record?: string }>();
  const chosen = COMPARED.filter(({ cases }) => only === undefined || cases.operator === only);
  const [first] = chosen;
  if (!first) throw new UserError(`--only ${only}: give one of ${NAMES}`);
  if (record !== undefined && only === undefined) throw new UserError(`--record: say with --only whose program it is`);
  return withCrds("operators", env, { name: "node", cpu: "8", memory: "16Gi" }, async (folder, kubeconfig) => {
    const place = { folder, kubeconfig, env };
    if (record !== undefined) {
      writeRecord(first.cases, await realAnswers(record, first, place));
      return printTally(first.cases.cases.length, []);
    }
    for (const line of outdated(chosen)) console.log(line);
    const failed: string[] = [];
    let passed = 0;
    for (const one of chosen)
      for (const [where, lines] of differencesToRecord(one.cases, await simulatedAnswers(one, place))) {
        if (lines.length === 0) passed++;
        failed.push(...lines.map((line) => `${where}: ${line}`));
      }
    return printTally(passed, failed);
  });
});
