/**
 * `npm run bench:lifecycle [-- --only <name>,… --kills <n> --seed <n>]`: the life of a site on throw-away parts of
 * this machine, with the code that `npm run deploy` runs. `CHARTS` names the folder of the charts. The last lines say what ran and what did not, and why.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { interruption } from "../../cli/lib/interruption";
import { Output, secondsSince } from "../../cli/lib/output";
import { run } from "../../cli/lib/process";
import { CHECKOUT } from "../../cli/lib/program";
import { terraformVersion } from "../../cli/lib/terraform";
import { runTool } from "../tool";
import { certificates } from "./scenarios/certificates";
import { drift } from "./scenarios/drift";
import { oneValue, topicRemoved } from "./scenarios/changes";
import { apiGone, failedRelease, killed } from "./scenarios/faults";
import { chartBump, kafkaUpgrade } from "./scenarios/operators";
import { destroyed, rebuilt } from "./scenarios/removal";
import { agentReplaced, imageBump, imageMissing, nodeCertificates, type Nodes, nodesHere } from "./scenarios/nodes";
import { reviewed } from "./scenarios/reviewed";
import { sinkSwitched } from "./scenarios/sinks";
import { World } from "./world";

/** A scenario: what it shows, and what it needs. */
interface Scenario {
  readonly name: string;
  /** Why it cannot run here; undefined when it can. */
  readonly lacks?: string | undefined;
  readonly run: () => Promise<string>;
}

runTool(async (env) => {
  const { values } = parseArgs({
    options: { only: { type: "string" }, kills: { type: "string", default: "20" }, seed: { type: "string" } },
  });
  const cache = env["XDG_CACHE_HOME"] || join(env["HOME"] ?? "", ".cache");
  const charts = env["CHARTS"] || join(cache, "efd-charts");
  const folder = mkdtempSync(join(tmpdir(), "efd-lifecycle-"));
  const output = new Output({ json: false, stdout: process.stdout, stderr: process.stderr, env });
  const context = { output, run, env };
  const built = await run(join(CHECKOUT, "bench", "control-plane", "build"), [], { env });
  const noBench = built.code === 0 ? undefined : "the control plane cannot be built";
  const noTerraform = (await terraformVersion(run)) ? undefined : "terraform is not on PATH";
  const lacks = noBench ?? noTerraform;
  const noCharts = lacks ?? (existsSync(charts) ? undefined : `there are no charts in ${charts}, set CHARTS`);
  const noHelm = (await run("helm", ["version"], { env })).code === 0 ? undefined : "helm is not on PATH";
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1e6));
  const [one, two] = ["one", "two"].map((name) => new World(context, join(folder, name), charts)) as [World, World];
  const started = new Set<World>();
  const on = async (world: World) => {
    if (!started.has(world)) await world.up();
    started.add(world);
    return world;
  };
  const nodes = await nodesHere(context, join(folder, "nodes"));
  const noNodes = noTerraform ?? (typeof nodes === "string" ? nodes : undefined);
  const inContainers = async (scenario: (ready: Nodes) => Promise<string>) =>
    typeof nodes === "string" ? nodes : scenario(await nodes.up());
  const kills = { count: Number(values.kills), seed, tell: (line: string) => output.note(`  ${line}`) };
  const scenarios: Scenario[] = [
    { name: "certificates", lacks, run: () => certificates(context, join(folder, "certificates")) },
    { name: "node-certificates", lacks: noNodes, run: () => inContainers(nodeCertificates) },
    { name: "agent-replaced", lacks: noNodes, run: () => inContainers(agentReplaced) },
    { name: "image-missing", lacks: noNodes, run: () => inContainers(imageMissing) },
    { name: "image-bump", lacks: noNodes, run: () => inContainers(imageBump) },
    { name: "killed", lacks: noCharts, run: async () => killed(await on(one), await on(two), kills) },
    { name: "one-value", lacks: noCharts, run: async () => oneValue(await on(one)) },
    { name: "chart-bump", lacks: noCharts, run: async () => chartBump(await on(one)) },
    { name: "kafka-upgrade", lacks: noCharts, run: async () => kafkaUpgrade(await on(one)) },
    { name: "topic-removed", lacks: noCharts, run: async () => topicRemoved(await on(one)) },
    { name: "sink-switched", lacks: noCharts, run: async () => sinkSwitched(await on(one)) },
    { name: "reviewed", lacks: noCharts, run: async () => reviewed(await on(one)) },
    { name: "drift", lacks: noCharts ?? noHelm, run: async () => drift(await on(one)) },
    { name: "failed-release", lacks: noCharts, run: async () => failedRelease(await on(one)) },
    { name: "api-gone", lacks: noCharts, run: async () => apiGone(await on(one)) },
    { name: "destroyed", lacks: noCharts, run: async () => destroyed(await on(two)) },
    { name: "rebuilt", lacks: noCharts, run: async () => rebuilt(await on(one)) },
  ];
  const only = values.only?.split(",");
  const lines: string[] = [];
  let failed = 0;
  try {
    for (const scenario of scenarios.filter(({ name }) => only?.includes(name) ?? true)) {
      const name = scenario.name.padEnd(17);
      if (interruption.aborted) {
        lines.push(`NOT RUN  ${name} because of the interruption`);
        continue;
      }
      if (scenario.lacks) {
        lines.push(`NOT RUN  ${name} because ${scenario.lacks}`);
        continue;
      }
      const start = Date.now();
      output.note(`${scenario.name} …`);
      try {
        lines.push(`ok       ${name} ${await scenario.run()} (${secondsSince(start)} s)`);
      } catch (error) {
        failed++;
        lines.push(
          `FAILED   ${name} ${error instanceof Error ? error.message : String(error)} (${secondsSince(start)} s)`,
        );
      }
      output.note(lines.at(-1) ?? "");
    }
  } finally {
    for (const world of started) await world.down();
    if (typeof nodes !== "string") await nodes.down();
    if (env["KEEP"] === undefined) rmSync(folder, { recursive: true, force: true });
  }
  console.log(lines.join("\n"));
  return failed > 0 || !lines.some((line) => line.startsWith("ok")) ? 1 : 0;
});
