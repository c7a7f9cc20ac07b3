/** Which layers a site has and what their stacks are called; all that is needed to read stacks, without their constructs. */
import type { Environment } from "./schema";

/** The layers of a site, in the order in which they depend on one another. */
export const LAYERS = ["cluster", "platform", "efd"] as const;
/** One layer of a site. */
export type Layer = (typeof LAYERS)[number];

/** Name of a layer's stack. */
export function stackName(site: string, layer: Layer): string {
  return `${site}-${layer}`;
}

/** The layers that a site has, in the order in which they depend on one another. */
export function layersOf(environment: Environment): Layer[] {
  return LAYERS.filter((layer) => layer !== "cluster" || environment.cluster.kind !== "existing");
}
