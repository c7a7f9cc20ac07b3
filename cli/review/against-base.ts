/** A site compared with what another revision synthesizes of it, without any access to the site. */
import { synthesizeRevision } from "../shared/revision/stacks";
import type { Context } from "../shared/terminal/context";
import type { BaseOptions } from "./comparison";

/** Synthesizes both revisions at the same time, each in a process, and compares them. */
export async function reviewAgainstBase(
  context: Context,
  site: string,
  layer: string | undefined,
  options: BaseOptions,
): Promise<number> {
  const { stacks, ours } = await synthesizeRevision(context, options.base, site, async () => {
    const { synthesizeOurs } = await import("./comparison");
    return synthesizeOurs(context, site, layer);
  });
  const { reviewComparison } = await import("./comparison");
  return reviewComparison(context, { ...ours, site, layer, before: stacks }, options);
}
