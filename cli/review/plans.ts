/** What an apply would do by Terraform's own plans, and the picture of the site. */
import { SITES } from "../../environments";
import { layersOf } from "../../environments/derived/layers";
import { REVIEW_EXIT } from "../../ground/errors";
import { REVIEW_CHECKS } from "../shared/checks/checks";
import { saveReviewedPlans } from "../shared/plan/reviewed-plans";
import { currentRevision } from "../shared/revision/other-revision";
import { Session } from "../shared/session/session";
import { selectLayers, selectSite } from "../shared/site/sites";
import type { Context } from "../shared/terminal/context";
import { withReview } from "./plan-layers";
import { graphText, showReview, writeGraph, writeReport } from "./report";

/** What is planned, and what becomes of it. */
export interface PlanOptions {
  /** Folder that gets the plans, for `deploy --reviewed`. */
  readonly out?: string;
  readonly drift?: boolean;
  /** Folder that gets the review as JSON, Markdown and HTML, and the picture of the site. */
  readonly report?: string;
  /** Shows the picture of the site instead of a review; nothing is planned. */
  readonly graph?: boolean;
}

/** Plans every layer, and changes nothing. */
export async function reviewPlans(
  context: Context,
  name: string,
  layerName: string | undefined,
  { drift, out, report, graph }: PlanOptions,
): Promise<number> {
  const environment = selectSite(SITES, name);
  const layers = selectLayers(name, layersOf(environment), layerName);
  const session = new Session(environment, context);
  if (graph) return printGraph(context, session, report);
  const revision = await currentRevision(context);
  await session.preflight(layers, { checks: REVIEW_CHECKS });
  return withReview(context, session, layers, { drift, revision }, async (found, planned) => {
    if (out !== undefined) await saveReviewedPlans(context, session, out, found, planned);
    if (report !== undefined) await writeReport(report, session.stacks, found);
    return showReview(context, found);
  });
}

/** The site as a picture: Mermaid on stdout, and files where a folder is named. Plans nothing and contacts nobody. */
async function printGraph({ output }: Context, { stacks }: Session, report: string | undefined): Promise<number> {
  if (report !== undefined) await writeGraph(report, stacks);
  const mermaid = graphText(stacks);
  output.print(mermaid);
  output.result({ mermaid });
  return REVIEW_EXIT.nothing;
}
