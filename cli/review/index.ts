import type { Context } from "../shared/terminal/context";
import { UserError } from "../../ground/errors";
import type { PlanOptions } from "./plans";

/** What a review is told. */
export interface ReviewOptions extends PlanOptions {
  /** Compares with what this revision synthesizes, without any access to the site. */
  readonly base?: string;
}

/**
 * `npm run review -- <site> [layer]`: what an apply would do to running data. Loads only what the options ask for: a
 * base is synthesized in a process of its own while this one still loads.
 */
export async function reviewSite(
  context: Context,
  site: string,
  layer: string | undefined,
  options: ReviewOptions,
): Promise<number> {
  const [one, other] = (["base", "out", "drift", "graph"] as const).filter((key) => options[key]);
  if (one && other) throw new UserError(`--${one} and --${other} exclude one another: give one of them`);
  const { base, report } = options;
  if (base === undefined) return (await import("./plans")).reviewPlans(context, site, layer, options);
  const { synthesizeRevision } = await import("../shared/revision/stacks");
  const { stacks, ours } = await synthesizeRevision(context, base, site, async () => {
    const { synthesizeOurs } = await import("./comparison");
    return synthesizeOurs(context, site, layer);
  });
  const { reviewComparison } = await import("./comparison");
  return reviewComparison(context, { ...ours, site, layer, before: stacks }, base, report);
}
