import { SITES } from "../../environments";
import { type LayerInput, review as reviewOf, type ReviewInput } from "../../review/build";
import type { Comparison, Review } from "../../review/model/model";
import { compareStacks, stackGone } from "../../review/read/revisions";
import { renderTerminal } from "../../review/render/terminal";
import { type Layer, layersOf } from "../../environments/derived/layers";
import type { Context } from "../shared/terminal/context";
import { REVIEW_EXIT, UserError } from "../../ground/errors";
import { planLayers } from "./plan-layers";
import { REVIEW_CHECKS } from "../shared/checks/checks";
import { graphText, writeGraph, writeReport } from "./report";
import { reviewSubject } from "../shared/plan/review-subject";
import { saveReviewedPlans } from "../shared/plan/reviewed-plans";
import { revisionOf, synthesizeRevision } from "../shared/revision/revision";
import { Session } from "../shared/session/session";
import { selectLayers, selectSite } from "../shared/site/sites";
import { terraformVersion } from "../shared/terraform/terraform";

/** What a review is told. */
export interface ReviewOptions {
  /** Compares with what this revision synthesizes, without any access to the site. */
  readonly base?: string;
  /** Folder that gets the plans, for `deploy --reviewed`. */
  readonly out?: string;
  /** Shows what was changed by hand. */
  readonly drift?: boolean;
  /** Folder that gets the review as JSON, Markdown and HTML, and the picture of the site. */
  readonly report?: string;
  /** Shows the picture of the site instead of a review; nothing is planned. */
  readonly graph?: boolean;
}

/** `npm run review -- <site> [layer]`: what an apply would do to running data. */
export async function reviewSite(
  context: Context,
  name: string,
  layerName: string | undefined,
  options: ReviewOptions,
): Promise<number> {
  const { output } = context;
  const [one, other] = (["base", "out", "drift", "graph"] as const).filter((key) => options[key]);
  if (one && other) throw new UserError(`--${one} and --${other} exclude one another: say one of them`);
  if (options.base !== undefined && !SITES.some((site) => site.name === name))
    return siteGone(context, name, layerName, { base: options.base, report: options.report });
  const environment = selectSite(SITES, name);
  const layers = selectLayers(name, layersOf(environment), layerName);
  const session = new Session(environment, context);
  const revision = await revisionOf(context);
  const input = (comparison: Comparison, inputs: readonly LayerInput[]): ReviewInput => ({
    ...reviewSubject(environment),
    comparison,
    ...(revision === undefined ? {} : { revision }),
    layers: inputs,
  });
  const { base, report } = options;
  if (options.graph) return graph(context, session, report);
  if (base !== undefined) {
    const found = reviewOf(input({ kind: "base", base }, await compared(context, session, layers, base)));
    if (report !== undefined) await writeReport(report, session.stacks, found);
    return show(context, found);
  }
  await session.preflight(layers, { checks: REVIEW_CHECKS });
  const version = await terraformVersion(context.run);
  try {
    const planned = await planLayers(context, session, layers, { drift: options.drift, version });
    const inputs = planned.map((one) => one.input);
    const found = reviewOf(input({ kind: options.drift ? "drift" : "plan" }, inputs));
    if (options.out !== undefined) await saveReviewedPlans(context, session, options.out, found, planned);
    if (report !== undefined) await writeReport(report, session.stacks, found);
    return show(context, found);
  } finally {
    for (const layer of layers) session.terraform(layer).forgetPlan();
    output.step("", false);
  }
}

async function compared(
  context: Context,
  session: Session,
  layers: readonly Layer[],
  base: string,
): Promise<LayerInput[]> {
  const before = await synthesizeRevision(context, base, session.environment.name);
  const now = layers.map((layer): LayerInput => {
    const stack = session.stack(layer);
    return { layer, stack: stack.name, plan: compareStacks(before.get(stack.name) ?? {}, stack.json) };
  });
  const known = new Set(session.stacks.map(({ name }) => name));
  const gone = [...before.keys()].filter((name) => !known.has(name));
  return [...now, ...gone.map((name) => layerGone(session.environment.name, name))];
}

/** A layer that leaves the program is destroyed by nobody. */
function layerGone(site: string, stack: string): LayerInput {
  return { layer: layerOf(site, stack), stack, plan: stackGone(stack) };
}

const layerOf = (site: string, stack: string): string => stack.slice(site.length + 1);

/** A site that only the base knows. */
async function siteGone(
  context: Context,
  site: string,
  layer: string | undefined,
  { base, report }: { readonly base: string; readonly report: string | undefined },
): Promise<number> {
  const before = [...(await synthesizeRevision(context, base, site)).keys()];
  if (before.length === 0) selectSite(SITES, site); // which says that there is none
  const revision = await revisionOf(context);
  const gone = selectLayers(
    site,
    before.map((stack) => layerOf(site, stack)),
    layer,
  );
  const found = reviewOf({
    site,
    title: "leaves the program",
    allowDestroys: [],
    comparison: { kind: "base", base },
    ...(revision === undefined ? {} : { revision }),
    layers: gone.map((one) => layerGone(site, `${site}-${one}`)),
  });
  if (report !== undefined) await writeReport(report, [], found);
  return show(context, found);
}

/** The site as a picture: Mermaid on stdout, and files where a folder is named. Plans nothing and contacts nobody. */
async function graph({ output }: Context, { stacks }: Session, report: string | undefined): Promise<number> {
  if (report !== undefined) await writeGraph(report, stacks);
  const mermaid = graphText(stacks);
  output.print(mermaid);
  output.result({ mermaid });
  return REVIEW_EXIT.nothing;
}

function show({ output }: Context, found: Review): number {
  output.print(renderTerminal(found, output.colour));
  output.result(found);
  return reviewExitCode(found);
}

/** What a pipeline reads. A layer that could not be planned is an error, whatever the others say. */
export function reviewExitCode({ layers, findings }: Review): number {
  if (layers.some(({ status }) => status === "failed")) return REVIEW_EXIT.failed;
  if (findings.some(({ risk }) => risk === "loses data")) return REVIEW_EXIT.dataAtRisk;
  return layers.some(({ changes }) => changes.length > 0) ? REVIEW_EXIT.changes : REVIEW_EXIT.nothing;
}
