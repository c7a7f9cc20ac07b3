/** What took how long in an apply, by Terraform's own log of it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Layer } from "../../../environments/derived/layers";
import { readLayers } from "../../../cli/shared/site/program";
import { parseEvent } from "../../../cli/shared/terraform/messages";
import { type Span, type Step, type Times, timesOf } from "../../rehearsal/layers/timeline";
import { SITE } from "./local-site";

/** When Terraform worked on each resource, by the lines of its log; the last apply counts. */
export function spansIn(log: string): Map<string, Span> {
  const started = new Map<string, number>();
  const spans = new Map<string, Span>();
  for (const line of log.split("\n")) {
    const event = parseEvent(line);
    const address = event?.hook?.resource.addr;
    const at = Date.parse(event?.["@timestamp"] ?? "");
    if (event === undefined || address === undefined || Number.isNaN(at)) continue;
    if (event.type === "apply_start") started.set(address, at);
    const start = started.get(address);
    if (event.type === "apply_complete" && start !== undefined) spans.set(address, { start, end: at });
  }
  return spans;
}

/** Times of the last apply of a layer in a checkout; undefined where it was not applied. */
export function applyTimes(checkout: string, layer: Layer): Times | undefined {
  const folder = join(checkout, ".logs");
  const log = readdirSync(folder)
    .filter((name) => name.startsWith(`${SITE}-${layer}-`))
    .sort()
    .at(-1);
  const [stack] = readLayers(SITE, [layer], join(checkout, "cdktf.out"));
  return log === undefined || !stack ? undefined : timesOf(stack, spansIn(readFileSync(join(folder, log), "utf8")));
}

const shown = ({ address, seconds }: Step): string => `${address.replace(/^[^.]+\./, "")} ${Math.round(seconds)} s`;

/** The seconds of a whole deployment in a line, and what of them no apply took: synthesis, plans, images. */
export function wholeLine(seconds: number, layers: readonly (readonly [Layer, Pick<Times, "apply">])[]): string {
  const applied = layers.reduce((all, [, { apply }]) => all + apply, 0);
  const each = layers.map(([layer, { apply }]) => `${layer} ${Math.round(apply)} s`);
  return `deploy took ${seconds} s: ${[...each, `beside them ${Math.round(seconds - applied)} s`].join(", ")}`;
}

/** The times of a layer in a line: of the whole, and of the chain of resources that waited for one another. */
export function timesLine(layer: Layer, { apply, chain }: Times): string {
  const long = chain.filter(({ seconds }) => seconds >= 1);
  return `${layer}: ${Math.round(apply)} s, of them in a row ${long.map(shown).join(", ") || "nothing above a second"}`;
}
