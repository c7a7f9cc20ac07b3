/** How layers of a site are applied, in the order in which they depend on one another. */
import { isInsideCluster, type Layer } from "../../../environments/derived/layers";
import { confirmYes } from "../terminal/confirm";
import type { Context } from "../terminal/context";
import { dockerHost } from "../docker/docker";
import { messageOf, UserError } from "../../../ground/errors";
import { Cluster } from "../kubernetes/client";
import { type DefinitionChanges, definitionChanges } from "./crds";
import { departures } from "./removed-resources";
import { joinTokenOf, leftoversOnHost } from "./docker-leftovers";
import { type Leftovers, leftoversInCluster, together } from "./leftovers";
import { endOrphans } from "../terraform/orphans";
import { secondsSince, shownPath } from "../terminal/output";
import { progress } from "../terraform/progress";
import { failure, type LayerResult } from "./report";
import type { Session } from "../site/session";
import { dockerThings } from "../site/stack-questions";
import type { StackView } from "../../../synthesized/stack";
import type { Outcome, PlannedChange, Terraform } from "../terraform/terraform";

/** How layers are applied. */
export interface ApplyOptions {
  /** Plans only. */
  readonly dryRun?: boolean;
  /** Applies without a question. */
  readonly yes?: boolean;
}

/** Applies these layers one after the other; what stands on one that failed is blocked. */
export async function applyLayers(
  context: Context,
  session: Session,
  layers: readonly Layer[],
  options: ApplyOptions,
): Promise<LayerResult[]> {
  const results: LayerResult[] = [];
  for (const layer of layers) {
    const stack = session.stack(layer).name;
    const reason = await blockedBy(session, layer, results);
    const result: LayerResult = reason
      ? { layer, stack, status: "blocked", lines: [reason] }
      : await applyLayer(context, session, layer, options).catch((error: unknown) => failure(layer, stack, error));
    results.push(result);
  }
  return results;
}

/** Why a layer cannot be deployed now; undefined when it can. */
export async function blockedBy(
  session: Pick<Session, "upstream" | "applied" | "stack" | "environment">,
  layer: Layer,
  results: readonly LayerResult[],
): Promise<string | undefined> {
  const upstream = session.upstream(layer);
  if (!upstream) return undefined;
  const { name } = session.stack(upstream);
  const before = results.find((one) => one.layer === upstream);
  if (before && ["failed", "declined"].includes(before.status)) return `${name} was not applied`;
  if ((await session.applied(upstream)).length > 0) return undefined;
  const below = session.upstream(upstream);
  const command = `npm run deploy -- ${session.environment.name}`;
  const alone = !below || (await session.applied(below)).length > 0;
  return `it stands on ${name}, which is not applied: ${alone ? `${command} ${upstream}` : command}`;
}

async function applyLayer(
  context: Context,
  session: Session,
  layer: Layer,
  options: ApplyOptions,
): Promise<LayerResult> {
  const { output } = context;
  const { name: stack, folder } = session.stack(layer);
  const start = Date.now();
  const terraform = session.terraform(layer);
  if (isInsideCluster(layer) && !(await session.ensureKubeconfig()))
    throw new UserError(
      `${shownPath(session.kubeconfig)}, the access to the cluster, is not there and not in the state of its layer`,
    );
  await session.applied(layer);
  for (const line of await endOrphans(folder)) output.note(`${stack}: ${line}`);
  const result = (status: LayerResult["status"], { changes, errors }: Outcome): LayerResult => {
    return { layer, stack, status, changes, seconds: secondsSince(start), lines: errors };
  };
  try {
    output.step(`${stack}: planning`);
    let plan = await terraform.plan({}, progress(output, stack));
    if (!plan.ok) return result("failed", plan);
    // To show a plan Terraform starts every provider again: what changes nothing is known without.
    const changes = plan.changed ? await terraform.plannedChanges() : releasesOf(session.stack(layer));
    const left = await leftoversOf(context, session, layer, changes);
    const definitions = await definitionsOf(session, layer, changes);
    if (!plan.changed && definitions.every(({ lines, obstacles }) => lines.length + obstacles.length === 0))
      return result("unchanged", plan);
    const obstacles = [left, ...definitions].flatMap((one) => one.obstacles);
    if (obstacles.length > 0) throw new UserError(obstacles.join("\n"));
    if (left.imports.length > 0) plan = await planWith(left, terraform, plan);
    if (!plan.ok) return result("failed", plan);
    announce(context, stack, plan, left, [...definitions.flatMap(({ lines }) => lines), ...departures(changes)]);
    if (options.dryRun) return result("planned", plan);
    if (!(await confirmYes(context, `Apply this to ${stack}?`, options.yes))) return result("declined", plan);
    if (!isInsideCluster(layer)) await pullImages(context, session);
    for (const { run } of left.steps) await run();
    for (const { bring } of definitions) await bring();
    session.forget(layer);
    const outcome = await terraform.apply(progress(output, stack));
    return result(outcome.ok ? "applied" : "failed", outcome);
  } finally {
    terraform.forgetPlan();
  }
}

/** The releases of a stack that a plan leaves as they are. */
function releasesOf(stack: StackView): PlannedChange[] {
  return stack.resources("helm_release").map(({ address, type, body }) => ({
    address,
    type,
    change: { actions: ["no-op"], before: body, after: body },
  }));
}

/** What a killed apply left where this plan would make it. */
async function leftoversOf(
  { run, env }: Context,
  session: Session,
  layer: Layer,
  changes: readonly PlannedChange[],
): Promise<Leftovers> {
  if (isInsideCluster(layer)) return leftoversInCluster(changes, new Cluster({ file: session.kubeconfig }));
  const created = new Set(
    changes.filter(({ change }) => change.actions.join() === "create").map(({ address }) => address),
  );
  const unknown = dockerThings(session.stack(layer), env).filter(({ address }) => created.has(address));
  const token = joinTokenOf(await session.terraform(layer).statePull());
  const hosts = [...new Set(unknown.map(({ host }) => host))];
  return together(
    await Promise.all(
      hosts.map((address) =>
        leftoversOnHost(
          address,
          dockerHost(address, run),
          unknown.filter(({ host }) => host === address),
          token,
        ),
      ),
    ),
  );
}

/** What the charts of this plan define anew. */
async function definitionsOf(
  session: Session,
  layer: Layer,
  changes: readonly PlannedChange[],
): Promise<DefinitionChanges[]> {
  if (!isInsideCluster(layer)) return [];
  const { chartSource } = session.environment;
  const mirror = chartSource === "upstream" ? undefined : chartSource;
  const written = session.stacks.flatMap((stack) => stack.customResources());
  return definitionChanges(changes, new Cluster({ file: session.kubeconfig }), mirror, written);
}

/**
 * Plans again, with what was left taken into the state.
 *
 * @throws {UserError} when something of it would be replaced: whatever it holds would be lost.
 */
async function planWith({ imports }: Leftovers, terraform: Terraform, { changes }: Outcome): Promise<Outcome> {
  terraform.takeIn(imports);
  const plan = await terraform.plan();
  const taken = new Set(imports.map(({ address }) => address));
  const lost = plan.actions.filter(({ address, action }) => taken.has(address) && action === "replace");
  if (lost.length > 0)
    throw new UserError(
      lost
        .map(
          ({ address }) => `${address} was left by a killed apply and differs from what is planned: remove it by hand`,
        )
        .join("\n"),
    );
  // Without a change of its own a plan that only takes in must still be applied.
  return { ...plan, changed: plan.changed || changes.add > 0 };
}

/** Says what a plan does; what it removes or replaces by name. */
function announce(
  { output }: Context,
  stack: string,
  { changes, actions }: Outcome,
  left: Leftovers,
  more: readonly string[],
): void {
  if (left.imports.length + left.steps.length > 0)
    output.note(
      `${stack}: the state does not know all that is there, as after an apply that was killed; this one goes on from it`,
    );
  for (const { address } of left.imports) output.note(`  takes in ${address}`);
  for (const { text } of left.steps) output.note(`  ${text}`);
  for (const line of more) output.note(`  ${line}`);
  output.note(`${stack}: ${changes.add} to add, ${changes.change} to change, ${changes.remove} to remove`);
  for (const { address, action } of actions)
    if (["delete", "replace", "remove"].includes(action)) output.problem(`  ${action} ${address}`);
}

/** Gets the cluster's images before anything goes: the provider removes the old container before it pulls the new image. */
export async function pullImages({ output, run, env }: Context, session: Session): Promise<void> {
  for (const { name, host: address } of dockerThings(session.stack("cluster"), env).filter(
    ({ kind }) => kind === "image",
  )) {
    const host = dockerHost(address, run);
    try {
      if (await host.hasImage(name)) continue;
      output.step(`pulling ${name} on ${address}`);
      await host.pull(name);
    } catch (error) {
      throw new UserError(`image ${name} cannot be pulled on ${address}, nothing was changed: ${messageOf(error)}`);
    }
  }
}
