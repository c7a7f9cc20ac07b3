/** Layers of the running site, and what a command says of them. */
import { join } from "node:path";
import { readLayers } from "../../../cli/shared/site/program";
import { type Layer, LAYERS } from "../../../environments/derived/layers";
import type { RunningSite } from "./running-site";

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
