/** Applies the layers of a site in the order of their dependencies. */
import { isInsideCluster, type Layer } from "../../environments/derived/layers";
import { confirmYes, type Context } from "../shared/terminal/context";
import { confirmLoss, consentLine, needingConsentOf } from "./consent";
import { dockerClient } from "../shared/docker/docker";
import { messageOf, UserError } from "../../ground/errors";
import { Cluster } from "../shared/kubernetes/client";
import { type CrdChanges, crdChanges, removedCustomResources } from "./crds";
import { joinTokenOf, recoveryOnDockerHost } from "../shared/recovery/on-docker-host";
import { type Recovery, recoveryInCluster, mergeRecoveries } from "../shared/recovery/in-cluster";
import { giveBackGeneratedSecrets, keptGeneratedSecrets } from "../shared/recovery/generated-secrets";
import { endOrphanedProviders } from "../shared/terraform/orphans";
import { secondsSince, shownPath } from "../shared/terminal/output";
import { PowerMemory } from "../shared/power/memory";
import { progress } from "../shared/terraform/progress";
import { type LayerResult, resultOf, whyBlocked } from "../shared/session/layer-results";
import type { Session } from "../shared/session/session";
import { dockerResources } from "../shared/site/stack-facts";
import type { StackView } from "../../synthesized/stack";
import type { Outcome, PlannedChange, Terraform } from "../shared/terraform/terraform";

/** Options for applying layers. */
export interface DeployLayersOptions {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  /** The site's name, instead of typing it where data would be lost. */
  readonly confirm?: string;
}

/** Applies these layers one after the other; a layer is blocked when the one below it failed. */
export async function deployLayers(
  context: Context,
  session: Session,
  layers: readonly Layer[],
  options: DeployLayersOptions,
): Promise<LayerResult[]> {
  const results: LayerResult[] = [];
  for (const layer of layers) {
    const reason = await whyBlocked(session, layer, results);
    const work = () => deployLayer(context, session, layer, options);
    results.push(await resultOf(layer, session.stack(layer).name, reason, work));
  }
  return results;
}

async function deployLayer(
  context: Context,
  session: Session,
  layer: Layer,
  options: DeployLayersOptions,
): Promise<LayerResult> {
  const { output } = context;
  const { name: stack, folder } = session.stack(layer);
  const start = Date.now();
  const terraform = session.terraform(layer);
  if (isInsideCluster(layer)) await session.needKubeconfig();
  await session.applied(layer);
  for (const line of await endOrphanedProviders(folder)) output.note(`${stack}: ${line}`);
  const result = (status: LayerResult["status"], { changes, errors }: Outcome): LayerResult => {
    return { layer, stack, status, changes, seconds: secondsSince(start), lines: errors };
  };
  try {
    output.step(`${stack}: planning`);
    let plan = await terraform.plan({}, progress(output, stack));
    if (!plan.ok) return result("failed", plan);
    // Terraform starts every provider again to show a plan, which is not needed for one that changes nothing.
    const changes = plan.changed ? await terraform.plannedChanges() : releasesOf(session.stack(layer));
    const left = await recoveryOf(context, session, layer, changes);
    const crds = await crdChangesOf(session, layer, changes);
    if (!plan.changed && crds.every(({ lines, obstacles }) => lines.length + obstacles.length === 0))
      return result("unchanged", plan);
    const obstacles = [left, ...crds].flatMap((one) => one.obstacles);
    if (obstacles.length > 0) throw new UserError(obstacles.join("\n"));
    if (left.imports.length > 0) plan = await planWithImports(left, terraform, plan);
    if (!plan.ok) return result("failed", plan);
    const secrets = layer === "efd" ? keptGeneratedSecrets(session.keptSecrets) : 0;
    describePlan(context, stack, plan, left, [
      ...(secrets > 0 ? [`gives back ${secrets} generated secrets, of ${shownPath(session.keptSecrets)}`] : []),
      ...crds.flatMap(({ lines }) => lines),
      ...removedCustomResources(changes),
    ]);
    const stopped = await stoppedLine(session, layer);
    if (stopped !== undefined) output.problem(`${stack}: ${stopped}`);
    const asked = await needingConsentOf(context, session, layer);
    for (const finding of asked) output.problem(`  ${consentLine(finding)}`);
    if (options.dryRun) return result("planned", plan);
    if (asked.length > 0) await confirmLoss(context, session, layer, asked, options.confirm);
    else if (!(await confirmYes(context, `Apply this to ${stack}?`, options.yes))) return result("declined", plan);
    if (!isInsideCluster(layer)) await pullImages(context, session);
    for (const { run } of left.steps) await run();
    for (const { apply } of crds) await apply();
    // Their namespaces are the platform's.
    if (secrets > 0) await giveBackGeneratedSecrets(session.keptSecrets, new Cluster({ file: session.kubeconfig }));
    session.forget(layer);
    const outcome = await terraform.apply(progress(output, stack));
    return result(outcome.ok ? "applied" : "failed", outcome);
  } finally {
    terraform.forgetPlan();
  }
}

/** That `power` has stopped programs which this layer would start. */
async function stoppedLine({ kubeconfig, environment }: Session, layer: Layer): Promise<string | undefined> {
  if (layer !== "efd" && layer !== "love") return undefined;
  const { since } = await PowerMemory.read(new Cluster({ file: kubeconfig }));
  return since === undefined
    ? undefined
    : `programs of ${environment.name} are stopped since ${since}: an apply starts some of them, in no order. First: npm run power -- ${environment.name} up`;
}

/** The releases of a stack as changes that do nothing. */
function releasesOf(stack: StackView): PlannedChange[] {
  return stack.resources("helm_release").map(({ address, type, body }) => ({
    address,
    type,
    change: { actions: ["no-op"], before: body, after: body },
  }));
}

/** What a killed apply left of the resources that this plan would create. */
async function recoveryOf(
  { run, env }: Context,
  session: Session,
  layer: Layer,
  changes: readonly PlannedChange[],
): Promise<Recovery> {
  if (isInsideCluster(layer)) return recoveryInCluster(changes, new Cluster({ file: session.kubeconfig }));
  const created = new Set(
    changes.filter(({ change }) => change.actions.join() === "create").map(({ address }) => address),
  );
  const unknown = dockerResources(session.stack(layer), env).filter(({ address }) => created.has(address));
  const token = joinTokenOf(await session.terraform(layer).statePull());
  const hosts = [...new Set(unknown.map(({ host }) => host))];
  return mergeRecoveries(
    await Promise.all(
      hosts.map((address) =>
        recoveryOnDockerHost(
          address,
          dockerClient(address, run),
          unknown.filter(({ host }) => host === address),
          token,
        ),
      ),
    ),
  );
}

/** What changes in the CRDs of this plan's charts. */
async function crdChangesOf(session: Session, layer: Layer, changes: readonly PlannedChange[]): Promise<CrdChanges[]> {
  if (!isInsideCluster(layer)) return [];
  const { chartSource } = session.environment;
  const mirror = chartSource === "upstream" ? undefined : chartSource;
  const written = session.stacks.flatMap((stack) => stack.customResources());
  return crdChanges(changes, new Cluster({ file: session.kubeconfig }), mirror, written);
}

/**
 * Plans again, and imports what a killed apply left.
 *
 * @throws {UserError} when an imported resource would be replaced, which loses its data.
 */
async function planWithImports({ imports }: Recovery, terraform: Terraform, { changes }: Outcome): Promise<Outcome> {
  terraform.writeImports(imports);
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
  // A plan that only imports must be applied too.
  return { ...plan, changed: plan.changed || changes.add > 0 };
}

/** Prints what a plan does, and each resource that it removes or replaces. */
function describePlan(
  { output }: Context,
  stack: string,
  { changes, actions }: Outcome,
  left: Recovery,
  more: readonly string[],
): void {
  if (left.imports.length + left.steps.length > 0)
    output.note(
      `${stack}: the state lacks resources that exist, as after an apply that was killed; this apply continues from them`,
    );
  for (const { address } of left.imports) output.note(`  imports ${address}`);
  for (const { text } of left.steps) output.note(`  ${text}`);
  for (const line of more) output.note(`  ${line}`);
  output.note(`${stack}: ${changes.add} to add, ${changes.change} to change, ${changes.remove} to remove`);
  for (const { address, action } of actions)
    if (["delete", "replace", "remove"].includes(action)) output.problem(`  ${action} ${address}`);
}

/** Pulls the cluster's images first: the provider removes the old container before it pulls the new image. */
export async function pullImages({ output, run, env }: Context, session: Session): Promise<void> {
  for (const { name, host: address } of dockerResources(session.stack("cluster"), env).filter(
    ({ kind }) => kind === "image",
  )) {
    const host = dockerClient(address, run);
    try {
      if (await host.hasImage(name)) continue;
      output.step(`pulling ${name} on ${address}`);
      await host.pull(name);
    } catch (error) {
      throw new UserError(`image ${name} cannot be pulled on ${address}, nothing was changed: ${messageOf(error)}`);
    }
  }
}
