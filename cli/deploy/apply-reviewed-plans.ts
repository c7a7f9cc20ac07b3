/** Applies plans that were reviewed, and no others. */
import { copyFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { forbidden } from "../../review/model/consent";
import { allowingEntries } from "../../review/model/consent";
import { isInsideCluster, type Layer } from "../../environments/derived/layers";
import type { Context } from "../shared/terminal/context";
import { pullImages } from "./deploy-layers";
import { errorLines, UserError } from "../../ground/errors";
import { Cluster } from "../shared/kubernetes/client";
import { giveBackGeneratedSecrets } from "../shared/recovery/generated-secrets";
import { secondsSince } from "../shared/terminal/output";
import { readSavedPlan } from "../shared/plan/saved-plan";
import { progress } from "../shared/terraform/progress";
import { type LayerResult, resultOf, whyBlocked } from "../shared/session/layer-results";
import { findingsOf } from "../shared/plan/review-subject";
import {
  digestOf,
  type ReviewManifest,
  whyStateDiffers,
  readReviewManifest,
  type ReviewedLayer,
} from "../shared/plan/reviewed-plans";
import { logObserving, observingAt } from "../shared/session/observing";
import type { Session } from "../shared/session/session";

/** How reviewed plans are applied. */
export interface ReviewedPlansOptions {
  /** Folder with reviewed plans, which are applied in place of new ones. */
  readonly reviewed: string;
  /** Why they are applied while the telescope observes. */
  readonly duringObserving?: string;
}

/**
 * Applies the plans of a folder. Everything is compared before the first of them is applied.
 *
 * @throws {UserError} with one line for everything that forbids it.
 */
export async function applyReviewedPlans(
  context: Context,
  session: Session,
  layers: readonly Layer[],
  options: ReviewedPlansOptions,
): Promise<LayerResult[]> {
  const { environment } = session;
  const manifest = await readReviewManifest(context, options.reviewed, environment.name);
  const chosen = manifest.layers.filter(({ layer }) => layers.includes(layer as Layer));
  const faults = await faultsOf(context, session, manifest, chosen, options);
  if (faults.length > 0) throw new UserError(["nothing was applied:", ...faults.map((line) => `- ${line}`)].join("\n"));
  const results: LayerResult[] = [];
  for (const reviewed of chosen) {
    const layer = reviewed.layer as Layer;
    const reason = await whyBlocked(session, layer, results);
    const work = () => applyPlan(context, session, reviewed, options);
    results.push(await resultOf(layer, reviewed.stack, reason, work));
  }
  return results;
}

async function faultsOf(
  context: Context,
  session: Session,
  manifest: ReviewManifest,
  layers: readonly ReviewedLayer[],
  { reviewed: folder, duringObserving }: ReviewedPlansOptions,
): Promise<string[]> {
  const faults: string[] = [];
  const moment = new Date();
  const window = observingAt(session.environment.observing, moment);
  if (window && !duringObserving?.trim())
    faults.push(
      `the telescope observes from ${window.from} to ${window.to} (${window.timeZone}): wait, or add --during-observing "<reason>"`,
    );
  for (const reviewed of layers) {
    const moved = await whyStateDiffers(session, reviewed);
    if (moved) faults.push(moved);
    else faults.push(...(await lossesOf(session, manifest, reviewed, folder)));
  }
  if (window && duringObserving?.trim() && faults.length === 0)
    logObserving(session, moment, `applied while observing: ${duringObserving.trim()}`, context);
  return faults;
}

/** What a plan loses that the environment of this revision does not allow; judged anew, not read from the review. */
async function lossesOf(
  session: Session,
  { terraform: version }: ReviewManifest,
  reviewed: ReviewedLayer,
  folder: string,
): Promise<string[]> {
  const layer = reviewed.layer as Layer;
  const terraform = session.terraform(layer);
  try {
    copyFileSync(join(resolve(folder), reviewed.plan), terraform.planFile);
    const plan = await readSavedPlan(terraform, session.stack(layer), version);
    return forbidden(findingsOf(session, session.stack(layer), plan)).map(
      ({ what, ...finding }) =>
        `${what}: allowDestroys of the reviewed revision does not name ${allowingEntries(finding)}`,
    );
  } catch (error) {
    // A plan that cannot be read is one fault among the others.
    return errorLines(error);
  } finally {
    terraform.forgetPlan();
  }
}

async function applyPlan(
  context: Context,
  session: Session,
  reviewed: ReviewedLayer,
  { reviewed: folder }: ReviewedPlansOptions,
): Promise<LayerResult> {
  const layer = reviewed.layer as Layer;
  const start = Date.now();
  const terraform = session.terraform(layer);
  if (isInsideCluster(layer)) await session.needKubeconfig();
  const moved = await whyStateDiffers(session, reviewed);
  if (moved) throw new UserError(moved);
  try {
    copyFileSync(join(resolve(folder), reviewed.plan), terraform.planFile);
    if (digestOf(terraform.planFile) !== reviewed.sha256)
      throw new UserError(`${reviewed.plan} is not the plan that was reviewed: review again`);
    if (!isInsideCluster(layer)) await pullImages(context, session);
    if (layer === "efd") await giveBackGeneratedSecrets(session.keptSecrets, new Cluster({ file: session.kubeconfig }));
    session.forget(layer);
    const { ok, changes, errors } = await terraform.apply(progress(context.output, reviewed.stack));
    const status = ok ? "applied" : "failed";
    return { layer, stack: reviewed.stack, status, changes, seconds: secondsSince(start), lines: errors };
  } finally {
    terraform.forgetPlan();
  }
}
