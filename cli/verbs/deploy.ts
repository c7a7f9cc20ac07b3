import { SITES } from "../../environments";
import { unjudged } from "../../environments/rules";
import type { Layer } from "../../stacks/base-stack";
import { layersOf } from "../../stacks/site";
import { type Access, accessOf } from "../lib/access";
import { confirmYes } from "../lib/confirm";
import type { Context } from "../lib/context";
import { dockerHost } from "../lib/docker";
import { UserError } from "../lib/errors";
import type { Outcome } from "../lib/terraform";
import { secondsSince, shownPath } from "../lib/output";
import { progress } from "../lib/progress";
import { exitCodeOf, failure, type LayerResult, printResults } from "../lib/report";
import { Session } from "../lib/session";
import { selectLayers, selectSite } from "../lib/sites";
import { dockerThings } from "../lib/stack-questions";

/** What a deploy is told. */
export interface DeployOptions {
  /** Plans only. */
  readonly dryRun?: boolean;
  /** Applies without a question. */
  readonly yes?: boolean;
  /** Lets a new cluster find data that lies below the host path. */
  readonly reuseData?: boolean;
}

/** `npm run deploy -- <site> [layer]`: applies layers in the order in which they depend on one another. */
export async function deploy(
  context: Context,
  name: string,
  layerName: string | undefined,
  options: DeployOptions,
): Promise<number> {
  const environment = selectSite(SITES, name);
  const layers = selectLayers(name, layersOf(environment), layerName);
  if (!options.dryRun && !options.yes && !context.ask)
    throw new UserError("there is no terminal to ask on: say --yes to deploy without a question, or --dry-run to plan");
  const session = new Session(environment, context);
  for (const line of unjudged(session.environment)) context.output.note(`note: ${line}`);
  await session.preflight(layers, { reuseData: options.reuseData });

  const results: LayerResult[] = [];
  for (const layer of layers) {
    const stack = session.stack(layer).name;
    const reason = await blockedBy(session, layer, results);
    const result: LayerResult = reason
      ? { layer, stack, status: "blocked", lines: [reason] }
      : await deployLayer(context, session, layer, options).catch((error: unknown) => failure(layer, stack, error));
    results.push(result);
  }
  printResults(context.output, results);
  const done = results.every(({ status }) => status === "applied" || status === "unchanged");
  const whole = done && layers.at(-1) === session.stacks.at(-1)?.layer;
  const access = whole ? accessOf(environment, session.stacks, shownPath(session.kubeconfig)) : undefined;
  if (access) printAddresses(context, access);
  const next = access ? `npm run access -- ${name}` : `npm run deploy -- ${name}`;
  if (done || options.dryRun) context.output.print(`\nNext: ${context.output.colour.bold(next)}`);
  context.output.result({ site: name, layers: results, ...(access ? { access } : {}), next });
  // A plan of the whole site cannot see past the first layer that is not applied: that is no failure.
  const expected = options.dryRun && layerName === undefined;
  return exitCodeOf(results.filter(({ status }) => !(expected && status === "blocked")));
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

async function deployLayer(
  context: Context,
  session: Session,
  layer: Layer,
  options: DeployOptions,
): Promise<LayerResult> {
  const { output } = context;
  const { name: stack } = session.stack(layer);
  const start = Date.now();
  const terraform = session.terraform(layer);
  if (layer !== "cluster" && !(await session.ensureKubeconfig()))
    throw new UserError(
      `${shownPath(session.kubeconfig)}, the access to the cluster, is not there and not in the state of its layer`,
    );
  await session.applied(layer);
  try {
    output.step(`${stack}: planning`);
    const plan = await terraform.plan({}, progress(output, stack));
    const result = (status: LayerResult["status"], { changes, errors }: Outcome): LayerResult => {
      return { layer, stack, status, changes, seconds: secondsSince(start), lines: errors };
    };
    if (!plan.ok) return result("failed", plan);
    if (!plan.changed) return result("unchanged", plan);
    announce(context, stack, plan);
    if (options.dryRun) return result("planned", plan);
    if (!(await confirmYes(context, `Apply this to ${stack}?`, options.yes))) return result("declined", plan);
    if (layer === "cluster") await pullImages(context, session);
    session.forget(layer);
    const outcome = await terraform.apply(progress(output, stack));
    return result(outcome.ok ? "applied" : "failed", outcome);
  } finally {
    terraform.forgetPlan();
  }
}

/** Says what a plan does; what it removes or replaces by name. */
function announce({ output }: Context, stack: string, { changes, actions }: Outcome): void {
  output.note(`${stack}: ${changes.add} to add, ${changes.change} to change, ${changes.remove} to remove`);
  for (const { address, action } of actions)
    if (["delete", "replace", "remove"].includes(action)) output.problem(`  ${action} ${address}`);
}

/** Gets the cluster's images before anything goes: the provider removes the old container before it pulls the new image. */
async function pullImages({ output, run }: Context, session: Session): Promise<void> {
  for (const { name, host: address } of dockerThings(session.stack("cluster")).filter(({ kind }) => kind === "image")) {
    const host = dockerHost(address, run);
    try {
      if (await host.hasImage(name)) continue;
      output.step(`pulling ${name} on ${address}`);
      await host.pull(name);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new UserError(`image ${name} cannot be pulled on ${address}, nothing was changed: ${reason}`);
    }
  }
}

function printAddresses({ output }: Context, { addresses, authority, names }: Access): void {
  output.print("");
  for (const { name, address } of addresses) output.print(`${name}: ${address}`);
  output.print(`Authority of the certificates: ${authority}`);
  if (names) output.print(`Names: ${names}`);
}
