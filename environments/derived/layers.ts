/** Which layers a site has and what their stacks are called: all that is needed to read stacks, without their constructs. */
import type { Environment } from "../schema";

/** The layers of a site, in the order in which they are applied. */
export const LAYERS = ["cluster", "platform", "efd", "love"] as const;
/** One layer of a site. */
export type Layer = (typeof LAYERS)[number];

/** Name of a layer's stack. */
export function stackName(site: string, layer: Layer): string {
  return `${site}-${layer}`;
}

/**
 * The layers that a site has, in the order in which they are applied. LOVE that is switched off has an empty one: so the
 * next deploy removes what runs.
 */
export function layersOf({ cluster, love }: Environment): Layer[] {
  const absent: Layer[] = [
    ...(cluster.kind === "existing" ? (["cluster"] as const) : []),
    ...(love ? [] : (["love"] as const)),
  ];
  return LAYERS.filter((layer) => !absent.includes(layer));
}

/** Whether a layer runs inside a cluster. The layer that makes the cluster does not: its API server may not be there yet. */
export function isInsideCluster(layer: string): boolean {
  return layer !== "cluster";
}
