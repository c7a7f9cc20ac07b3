/** Plans the layers of a site for a review, in order; a layer that cannot be planned yet is a result and no error. */
import { type LayerInput, review } from "../../review/build";
import type { Review } from "../../review/model/model";
import { releaseDrift } from "../../review/read/release-drift";
import { isInsideCluster, type Layer } from "../../environments/derived/layers";
import type { Context } from "../shared/terminal/context";
import { whyBlocked } from "../shared/session/layer-results";
import { errorLines } from "../../ground/errors";
import { Cluster } from "../shared/kubernetes/client";
import { reviewSubject } from "../shared/plan/review-subject";
import { type PlannedLayer, readSavedPlan } from "../shared/plan/saved-plan";
import { observeReleases } from "./observed-releases";
import { progress } from "../shared/terraform/progress";
import type { Session } from "../shared/session/session";
import { terraformVersion } from "../shared/terraform/terraform";

/** What is looked for, and the revision that looks. */
interface ReviewedFor {
  readonly drift?: boolean | undefined;
  readonly revision?: string | undefined;
}

/** Plans one layer after the other and reviews the plans, which are saved until `use` has ended. */
export async function withReview<T>(
  context: Context,
  session: Session,
  layers: readonly Layer[],
  { drift, revision }: ReviewedFor,
  use: (found: Review, planned: readonly PlannedLayer[]) => T | Promise<T>,
): Promise<T> {
  const version = await terraformVersion(context.run);
  try {
    const planned: PlannedLayer[] = [];
    for (const layer of layers) planned.push(await planLayer(context, session, layer, { drift, version }));
    const found = review({
      ...reviewSubject(session),
      comparison: { kind: drift ? "drift" : "plan" },
      ...(revision === undefined ? {} : { revision }),
      layers: planned.map(({ input }) => input),
    });
    return await use(found, planned);
  } finally {
    for (const layer of layers) session.terraform(layer).forgetPlan();
    context.output.step("", false);
  }
}

async function planLayer(
  context: Context,
  session: Session,
  layer: Layer,
  { drift, version }: { readonly drift: boolean | undefined; readonly version: string | undefined },
): Promise<PlannedLayer> {
  const { output } = context;
  const stack = session.stack(layer);
  const base = { layer, stack: stack.name };
  try {
    const blocked = await whyBlocked(session, layer, []);
    if (blocked) return { input: { ...base, blocked } };
    if (isInsideCluster(layer) && !(await session.ensureKubeconfig()))
      return { input: { ...base, blocked: session.noKubeconfig } };
    if ((await session.applied(layer)).length === 0 && drift)
      return { input: { ...base, blocked: "it is not applied, so nothing of it can have changed" } };
    const terraform = session.terraform(layer);
    const opened = drift && isInsideCluster(layer) ? await inspectReleases(context, session, layer) : {};
    if (opened.blocked !== undefined) return { input: { ...base, blocked: opened.blocked } };
    output.step(`${stack.name}: planning`);
    const outcome = await terraform.plan({ refreshOnly: drift }, progress(output, stack.name));
    // Terraform saves a plan that it refuses too, and the plan says why.
    const plan = outcome.saved ? await readSavedPlan(terraform, stack, version) : undefined;
    return {
      input: { ...base, ...(plan ? { plan } : {}), ...opened, errors: outcome.ok ? [] : outcome.errors },
      ...(outcome.ok ? { terraform } : {}),
    };
  } catch (error) {
    return { input: { ...base, errors: errorLines(error) } };
  }
}

/** What was changed by hand inside the releases of a layer, or why they cannot be read. */
async function inspectReleases(
  { output }: Context,
  session: Session,
  layer: Layer,
): Promise<Pick<LayerInput, "releases" | "blocked">> {
  output.step(`${session.stack(layer).name}: looking into its releases`);
  const state = await session.terraform(layer).statePull();
  try {
    const observed = await observeReleases(new Cluster({ file: session.kubeconfig }), state);
    return { releases: observed.flatMap((one) => releaseDrift(one) ?? []) };
  } catch (error) {
    return { blocked: `its releases cannot be read: ${errorLines(error).join("; ")}` };
  }
}
