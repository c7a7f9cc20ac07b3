/** `power` as a process of its own, to be killed: `power.ts <site.json> <outdir> <action> [component]`. */
import { readFileSync } from "node:fs";
import { act } from "../../cli/power";
import { componentsOf } from "../../cli/power/components";
import { selectAction } from "../../cli/power/scope";
import { siteClients } from "../../cli/shared/clients/site-clients";
import { Cluster } from "../../cli/shared/kubernetes/client";
import { PowerMemory } from "../../cli/shared/power/memory";
import { interruption } from "../../cli/shared/process/interruption";
import { run } from "../../cli/shared/process/process";
import { runTool } from "../../cli/shared/process/tool";
import { Session } from "../../cli/shared/session/session";
import { Output } from "../../cli/shared/terminal/output";
import { parseEnvironment } from "../../environments/parse";

runTool(async (env) => {
  const [file = "", outdir = "", action = "", named] = process.argv.slice(2);
  const output = new Output({ json: false, stdout: process.stdout, stderr: process.stderr, env });
  const context = { output, run, env };
  const site = parseEnvironment(JSON.parse(readFileSync(file, "utf8")));
  const session = new Session(site, context, outdir);
  const { kubeconfig } = session;
  const api = new Cluster({ file: kubeconfig });
  const clients = siteClients({ site, kubeconfig, signal: interruption });
  try {
    const memory = await PowerMemory.read(api);
    const bench = { site: site.name, api, memory, clients, all: componentsOf(site), output };
    const options = { yes: true, confirm: site.name, duringObserving: "a test" };
    return await act(context, session, bench, { action: selectAction(action), named, options });
  } finally {
    clients.close();
    api.close();
  }
});
