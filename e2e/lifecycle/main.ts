/**
 * `npm run bench:lifecycle [-- --only <name>,… --skip <name>,… --kills <n> --seed <n>]`: the life of one site on throw-away parts of
 * this machine, with the code that `npm run deploy` runs. `CHARTS` names the folder of the charts, `CRDS` that of the
 * CRDs for stubs. The last lines say what ran and what did not, and why.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "../../cli/shared/terminal/context";
import { messageOf } from "../../ground/errors";
import { interruption } from "../../cli/shared/process/interruption";
import { Output, secondsSince } from "../../cli/shared/terminal/output";
import { run } from "../../cli/shared/process/process";
import { CHECKOUT } from "../../cli/shared/site/program";
import { chartPackages } from "../rehearsal/control-plane/cache";
import { cleanEnvironment } from "../rehearsal/isolation";
import { terraformVersion } from "../../cli/shared/terraform/terraform";
import { runToolCommand, toolCommand } from "../../cli/shared/process/tool";
import { ChartFolder } from "./site/charts";
import { certificateScenario } from "./scenarios/certificates";
import { oneValue, sinkSwitched, topicRemoved, volumesReplaced } from "./scenarios/changes";
import { apiGone, failedRelease, killed, type Kills } from "./scenarios/faults";
import { drift } from "./scenarios/drift";
import { agentReplaced, imageBump, imageMissing, nodeCertificates, type Nodes, nodesHere } from "./scenarios/nodes";
import { love } from "./scenarios/love";
import { chartBump, kafkaUpgrade } from "./scenarios/operators";
import { destroyed, rebuilt } from "./scenarios/removal";
import { powered } from "./scenarios/power";
import { reviewed } from "./scenarios/reviewed";
import { rotation } from "./scenarios/rotation";
import { Stopwatch } from "./site/stopwatch";
import { TestSite } from "./site/test-site";

/** What happens to the site. */
interface Scenario {
  readonly name: string;
  /** Why it cannot run here; undefined when it can. */
  readonly lacks?: string | undefined;
  /** Returns what it saw and throws what was wrong; reports which part of it cannot run here, and why. */
  readonly run: (notRun: (reason: string) => void) => Promise<string>;
}

/** What the scenarios work on. */
interface Stage {
  readonly testSite: TestSite;
  readonly kills: Kills;
  /** Nodes in containers, or why there are none. */
  readonly nodes: Nodes | string;
}

/** Why scenarios of a kind cannot run here; undefined when they can. */
type Lacks = Readonly<Record<"testSite" | "nodes" | "helm", string | undefined>>;

/** In the order of the site's life: each begins where the one before ended, and any may be left out. */
function scenariosOf(context: Context, { testSite, kills, nodes }: Stage, missing: Lacks): Scenario[] {
  const lacks = missing.testSite;
  const inContainers = (name: string, act: (ready: Nodes) => Promise<string>): Scenario => ({
    name,
    lacks: missing.nodes,
    run: async () => (typeof nodes === "string" ? nodes : act(await nodes.up())),
  });
  const onSite = (name: string, act: (ready: TestSite, notRun: (reason: string) => void) => Promise<string>) => ({
    name,
    lacks,
    run: async (notRun: (reason: string) => void) => {
      await testSite.ready();
      return act(testSite, notRun);
    },
  });
  return [
    inContainers("node-certificates", nodeCertificates),
    inContainers("agent-replaced", agentReplaced),
    inContainers("image-missing", imageMissing),
    inContainers("image-bump", imageBump),
    { name: "certificates", lacks, run: () => certificateScenario(context, testSite) },
    onSite("one-value", oneValue),
    onSite("topic-removed", topicRemoved),
    onSite("sink-switched", sinkSwitched),
    onSite("kafka-upgrade", kafkaUpgrade),
    onSite("rotation", rotation),
    onSite("reviewed", reviewed),
    { ...onSite("drift", drift), lacks: lacks ?? missing.helm },
    onSite("power", (ready) => powered(ready, kills)),
    onSite("failed-release", failedRelease),
    onSite("api-gone", apiGone),
    onSite("claims-replaced", volumesReplaced),
    onSite("chart-bump", chartBump),
    onSite("love", love),
    onSite("destroyed", destroyed),
    { name: "killed", lacks, run: () => killed(testSite, kills) },
    { name: "rebuilt", lacks, run: () => rebuilt(testSite) },
  ];
}

/** Runs scenarios one after the other; a line for each. */
async function runAll(scenarios: readonly Scenario[], { testSite, nodes }: Stage, output: Output): Promise<string[]> {
  const lines: string[] = [];
  for (const { name, lacks, run: act } of scenarios) {
    const label = name.padEnd(17);
    const reason = interruption.aborted ? "of the interruption" : lacks;
    if (reason !== undefined) {
      lines.push(`NOT RUN  ${label} because ${reason}`);
      continue;
    }
    const start = Date.now();
    output.note(`${name} …`);
    try {
      const seen = await act((part) => lines.push(`NOT RUN  ${label} because ${part}`));
      lines.push(`ok       ${label} ${seen} (${secondsSince(start)} s)`);
    } catch (error) {
      if (interruption.aborted) lines.push(`NOT RUN  ${label} because of the interruption`);
      else {
        lines.push(`FAILED   ${label} ${messageOf(error)} (${secondsSince(start)} s)`);
        // What failed may stand in the way of every later deployment.
        await testSite.abandon();
        if (typeof nodes !== "string") await nodes.abandon();
      }
    }
    output.note(lines.at(-1) ?? "");
  }
  return lines;
}

const command = toolCommand(
  "bench:lifecycle",
  "the life of one site on throw-away parts of this machine. CHARTS names the folder of the charts, CRDS that of the CRDs for stubs; KEEP=1 keeps the folder",
)
  .option("--only <names>", "scenarios to run, with commas between them; all by default")
  .option("--skip <names>", "scenarios to leave out")
  .option("--kills <n>", "how often an apply is killed", "20")
  .option("--seed <n>", "of the moments of the kills; at random by default");

/** Runs the scenarios that the options name, in a folder of their own. */
async function inFolder(folder: string, env: NodeJS.ProcessEnv): Promise<number> {
  const values = command.opts<{ only?: string; skip?: string; kills: string; seed?: string }>();
  const output = new Output({ json: false, stdout: process.stdout, stderr: process.stderr, env });
  const watch = new Stopwatch();
  const context = { output, run: watch.timed(run), env };
  const built = await run(join(CHECKOUT, "e2e", "bench", "control-plane", "build"), [], { env });
  const noBench = built.code === 0 ? undefined : "the control plane cannot be built";
  const noTerraform = (await terraformVersion(run)) ? undefined : "terraform is not on PATH";
  const charts = await ChartFolder.of({
    folder,
    packages: chartPackages(env),
    crds: env["CRDS"] || join(CHECKOUT, "..", "shared", "data", "crds"),
    run,
    env,
  });
  // DOCKER_HOST is for the nodes in containers: a deployment refuses what leads elsewhere.
  const siteIn = (name: string) =>
    new TestSite({ ...context, env: cleanEnvironment(env) }, join(folder, name), charts, watch);
  const testSite = siteIn("site");
  const nodes = await nodesHere(siteIn("nodes"), context);
  const kills = {
    count: Number(values.kills),
    seed: Number(values.seed ?? Math.floor(Math.random() * 1e6)),
    tell: (line: string) => output.note(`  ${line}`),
  };
  const [only, skip] = [values.only?.split(","), values.skip?.split(",") ?? []];
  const stage: Stage = { testSite, kills, nodes };
  const scenarios = scenariosOf(context, stage, {
    testSite: noBench ?? noTerraform,
    nodes: noTerraform ?? (typeof nodes === "string" ? nodes : undefined),
    helm: (await run("helm", ["version"], { env })).code === 0 ? undefined : "helm is not on PATH",
  });
  const unknown = [...(only ?? []), ...skip].filter((name) => scenarios.every((one) => one.name !== name));
  if (unknown.length > 0)
    throw new Error(`--only, --skip: got ${unknown.join()}, allowed ${scenarios.map(({ name }) => name).join()}`);
  try {
    const lines = await runAll(
      scenarios.filter(({ name }) => (only?.includes(name) ?? true) && !skip.includes(name)),
      stage,
      output,
    );
    console.log(`${lines.join("\n")}\ncharts: ${charts.origin}\ntime: ${watch.toString()}`);
    return lines.some((line) => line.startsWith("FAILED")) || !lines.some((line) => line.startsWith("ok")) ? 1 : 0;
  } finally {
    try {
      await testSite.down();
    } finally {
      if (typeof nodes !== "string") await nodes.down();
    }
  }
}

runToolCommand(command, async (env) => {
  const folder = mkdtempSync(join(tmpdir(), "efd-lifecycle-"));
  try {
    return await inFolder(folder, env);
  } finally {
    if (env["KEEP"] === undefined) rmSync(folder, { recursive: true, force: true });
  }
});
