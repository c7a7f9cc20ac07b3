/** One command brings the site up, as on a machine that never had it. */
import { join } from "node:path";
import { type Layer, LAYERS } from "../../../environments/derived/layers";
import { readLayers } from "../../../cli/shared/site/program";
import type { Checks } from "../../data-path/check";
import { applyTimes, timesLine } from "../site/apply-times";
import { memoryOfNodes } from "../site/memory";
import type { RunningSite } from "../site/running-site";
import { troublesOf } from "../site/verdicts";
import type { Scenario } from "../site/scenario";

/** Seconds that pods may take after the apply, which waits for most of them itself. */
const PATIENCE = 300;

/** Layers in which the site has anything. */
export function layersIn({ checkout, environment }: RunningSite): Layer[] {
  const stacks = readLayers(environment.name, LAYERS, join(checkout, "cdktf.out"));
  return stacks.filter((stack) => stack.resources().length > 0).map(({ layer }) => layer);
}

/** What the table of a command says of these layers. */
export function statuses(printed: string, layers: readonly Layer[]): Record<string, string> {
  const said = new Map(
    [...printed.matchAll(/^local-(\w+) +(\w+) /gm)].map(([, layer = "", status = ""]) => [layer, status]),
  );
  return Object.fromEntries(layers.map((layer) => [layer, said.get(layer) ?? "not named"]));
}

async function run(site: RunningSite, checks: Checks): Promise<void> {
  const begin = Date.now();
  const first = await site.command("deploy", "--yes");
  const seconds = Math.round((Date.now() - begin) / 1000);
  checks.same("deploy: exit code", first.code, 0);
  const layers = layersIn(site);
  checks.same(
    "deploy: layers",
    statuses(first.stdout, layers),
    Object.fromEntries(layers.map((one) => [one, "applied"])),
  );
  if (first.code !== 0) throw new Error(lastLines(first.stdout || first.stderr));
  for (const layer of layers) {
    const times = applyTimes(site.checkout, layer);
    if (times && times.apply > 0) console.log(`        ${timesLine(layer, times)}`);
  }
  const settled = await site.allReady(PATIENCE);
  checks.same("every node and pod is ready, every Job done", true, true);
  console.log(`        deploy took ${seconds} s, then all was ready after ${Math.round(settled)} s`);
  const memory = await memoryOfNodes(site);
  const parts = [...memory].map(([name, mib]) => `${name} ${mib} MiB`);
  console.log(
    `        memory: ${parts.join(", ")}, together ${[...memory.values()].reduce((all, one) => all + one, 0)} MiB`,
  );
  const second = await site.command("deploy", "--yes");
  checks.same(
    "second deploy",
    [second.code, statuses(second.stdout, layers)],
    [0, Object.fromEntries(layers.map((one) => [one, "unchanged"]))],
  );
  checks.same("check finds nothing wrong", await troublesOf(site), []);
}

const lastLines = (text: string): string => text.trim().split("\n").slice(-12).join("\n");

/** Brings it up. */
export const deploy: Scenario = {
  name: "deploy",
  title: "one command brings the site up; a second one changes nothing",
  inCi: true,
  run,
};
