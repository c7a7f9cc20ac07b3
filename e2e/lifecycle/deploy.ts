/** One deployment as a process of its own, to be killed: `deploy.ts <site.json> <outdir> [layer]…`. */
import { readFileSync } from "node:fs";
import { deployLayers } from "../../cli/deploy/deploy-layers";
import { Output } from "../../cli/shared/terminal/output";
import { run } from "../../cli/shared/process/process";
import { Session } from "../../cli/shared/session/session";
import { parseEnvironment } from "../../environments/parse";
import { runTool } from "../../cli/shared/process/tool";

runTool(async (env) => {
  const [file = "", outdir = "", ...named] = process.argv.slice(2);
  const output = new Output({ json: false, stdout: process.stdout, stderr: process.stderr, env });
  const context = { output, run, env };
  const session = new Session(parseEnvironment(JSON.parse(readFileSync(file, "utf8"))), context, outdir);
  const layers = session.stacks.map(({ layer }) => layer).filter((one) => named.length === 0 || named.includes(one));
  const results = await deployLayers(context, session, layers, { yes: true, confirm: session.environment.name });
  for (const { stack, status, lines } of results) for (const line of lines) output.note(`${stack} ${status}: ${line}`);
  return results.every(({ status }) => status === "applied" || status === "unchanged") ? 0 : 1;
});
