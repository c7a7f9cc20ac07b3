/** What a site gains and loses between two revisions. */
import { SITES } from "../../environments";
import { type Layer, layersOf } from "../../environments/derived/layers";
import { type LayerInput, review } from "../../review/build";
import { compareStacks, stackGone } from "../../review/read/revisions";
import { reviewSubject } from "../shared/plan/review-subject";
import { currentRevision } from "../shared/revision/other-revision";
import type { RevisionStacks } from "../shared/revision/stacks";
import { Session } from "../shared/session/session";
import { namesOf, selectLayers, selectSite } from "../shared/site/sites";
import type { Context } from "../shared/terminal/context";
import { showReview, writeReport } from "./report";

/** A site as it is here. */
interface Ours {
  /** Left out where only the base knows the site. */
  readonly session?: Session;
  readonly layers: readonly Layer[];
}

/** A site in both revisions. */
interface BothRevisions extends Ours {
  readonly site: string;
  readonly layer: string | undefined;
  readonly before: RevisionStacks;
}

/**
 * Synthesizes a site as it is here.
 *
 * @throws {UserError} where that fails, or where the site has no such layer.
 */
export function synthesizeOurs(context: Context, site: string, layer: string | undefined): Ours {
  if (!namesOf(SITES).includes(site)) return { layers: [] };
  const environment = selectSite(SITES, site);
  const layers = selectLayers(site, layersOf(environment), layer);
  return { layers, session: new Session(environment, context) };
}

/** Prints what changes from the base to here, writes it into the folder `report`, and gives the exit code. */
export async function reviewComparison(
  context: Context,
  both: BothRevisions,
  base: string,
  report: string | undefined,
): Promise<number> {
  const { session, site } = both;
  const layers = session ? comparedLayers(session, both) : goneLayers(both);
  const subject = session ? reviewSubject(session) : { site, title: "leaves the program", allowDestroys: [] };
  const revision = await currentRevision(context);
  const found = review({
    ...subject,
    comparison: { kind: "base", base },
    ...(revision === undefined ? {} : { revision }),
    layers,
  });
  if (report !== undefined) await writeReport(report, session?.stacks ?? [], found);
  return showReview(context, found);
}

function comparedLayers(session: Session, { site, layers, before }: BothRevisions): LayerInput[] {
  const now = layers.map((layer): LayerInput => {
    const stack = session.stack(layer);
    return { layer, stack: stack.name, plan: compareStacks(before.get(stack.name) ?? {}, stack.json) };
  });
  const known = new Set(session.stacks.map(({ name }) => name));
  const gone = [...before.keys()].filter((name) => !known.has(name));
  return [...now, ...gone.map((stack) => goneLayer(site, stack))];
}

/** Layers of a site that only the base knows. */
function goneLayers({ site, layer, before }: BothRevisions): LayerInput[] {
  // Fails with the names of all sites.
  if (before.size === 0) selectSite(SITES, site);
  const layers = [...before.keys()].map((stack) => layerOf(site, stack));
  return selectLayers(site, layers, layer).map((one) => goneLayer(site, `${site}-${one}`));
}

/** A layer that the program no longer has; nothing destroys it. */
function goneLayer(site: string, stack: string): LayerInput {
  return { layer: layerOf(site, stack), stack, plan: stackGone(stack) };
}

const layerOf = (site: string, stack: string): string => stack.slice(site.length + 1);
