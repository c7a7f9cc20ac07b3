/** Plans the layers of a site for a review: in order, and without an error for what cannot be planned yet. */
import type { LayerInput } from "../../../review/build";
import { type Plan, PlanError, readPlan } from "../../../review/read/plan";
import { releaseDrift } from "../../../review/read/release-drift";
import { isInsideCluster, type Layer } from "../../../environments/derived/layers";
import type { Context } from "../terminal/context";
import { blockedBy } from "../apply/deployment";
import { linesOf, UserError } from "../../../ground/errors";
import { Cluster } from "../kubernetes/client";
import { observeReleases } from "./observed-releases";
import { shownPath } from "../terminal/output";
import { progress } from "../terraform/progress";
import type { Session } from "./session";
import { blocks, type StackView } from "../../../synthesized/stack";
import type { Outcome, Terraform } from "../terraform/terraform";

/** A layer's plan, and Terraform with the saved plan in its folder. */
export interface PlannedLayer {
  readonly input: LayerInput;
  /** Left out where there is no plan that can be applied. */
  readonly terraform?: Terraform;
}

/** Addresses of everything that a stack declares. */
export function addressesOf({ json }: Pick<StackView, "json">): string[] {
  const data = blocks(json.data).map(({ address }) => `data.${address}`);
  const ephemeral = blocks(json.ephemeral).map(({ address }) => `ephemeral.${address}`);
  return [...blocks(json.resource).map(({ address }) => address), ...data, ...ephemeral];
}

/**
 * Reads a saved plan of a layer.
 *
 * @throws {UserError} where it is none, or not of this stack.
 */
export async function planOf(terraform: Terraform, stack: StackView, version: string | undefined): Promise<Plan> {
  try {
    return readPlan(await terraform.showPlan(), {
      ...(version === undefined ? {} : { terraform: version }),
      stack: { name: stack.name, addresses: addressesOf(stack) },
    });
  } catch (error) {
    if (error instanceof PlanError) throw new UserError(`${stack.name}: ${error.message}`);
    throw error;
  }
}

/** Plans one layer after the other. Whoever calls removes the saved plans. */
export async function planLayers(
  context: Context,
  session: Session,
  layers: readonly Layer[],
  options: { readonly drift?: boolean; readonly version: string | undefined },
): Promise<PlannedLayer[]> {
  const planned: PlannedLayer[] = [];
  for (const layer of layers) planned.push(await planLayer(context, session, layer, options));
  return planned;
}

async function planLayer(
  context: Context,
  session: Session,
  layer: Layer,
  { drift, version }: { readonly drift?: boolean; readonly version: string | undefined },
): Promise<PlannedLayer> {
  const { output } = context;
  const stack = session.stack(layer);
  const base = { layer, stack: stack.name };
  try {
    const blocked = await blockedBy(session, layer, []);
    if (blocked) return { input: { ...base, blocked } };
    if (isInsideCluster(layer) && !(await session.ensureKubeconfig()))
      return {
        input: { ...base, blocked: `${shownPath(session.kubeconfig)}, the access to the cluster, is not there` },
      };
    if ((await session.applied(layer)).length === 0 && drift)
      return { input: { ...base, blocked: "it is not applied, so nothing of it can have changed" } };
    const terraform = session.terraform(layer);
    const opened = drift && isInsideCluster(layer) ? await lookInto(context, session, layer) : {};
    if (opened.blocked !== undefined) return { input: { ...base, blocked: opened.blocked } };
    output.step(`${stack.name}: planning`);
    const outcome = await terraform.plan({ refreshOnly: drift }, progress(output, stack.name));
    // A plan that Terraform refuses is saved too, and says what it refuses.
    const plan = outcome.saved ? await planOf(terraform, stack, version) : undefined;
    return {
      input: { ...base, ...(plan ? { plan } : {}), ...opened, errors: errorsOf(outcome) },
      ...(outcome.ok ? { terraform } : {}),
    };
  } catch (error) {
    return { input: { ...base, errors: linesOf(error) } };
  }
}

/** What was changed by hand inside the releases of a layer, or why nobody can say. */
async function lookInto(
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
    return { blocked: `its releases cannot be looked into, ${linesOf(error).join("; ")}` };
  }
}

function errorsOf({ ok, errors }: Outcome): readonly string[] {
  return ok ? [] : errors;
}
