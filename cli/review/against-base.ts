/** A site compared with what another revision synthesizes of it, without any access to the site. */
import { synthesizeRevision } from "../shared/revision/stacks";
import type { Context } from "../shared/terminal/context";

/** With what a site is compared. */
export interface BaseOptions {
  /** A git revision. */
  readonly base: string;
  /** Folder that gets the review as JSON, Markdown and HTML, and the picture of the site. */
  readonly report: string | undefined;
}

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
