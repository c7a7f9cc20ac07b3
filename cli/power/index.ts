import { SITES } from "../../environments";
import { busyMinutes } from "../../environments/general/observing";
import type { Environment } from "../../environments/schema";
import { UsageError, UserError } from "../../ground/errors";
import { siteClients } from "../shared/clients/site-clients";
import { Cluster } from "../shared/kubernetes/client";
import { PowerMemory } from "../shared/power/memory";
import { interruption } from "../shared/process/interruption";
import { kubeconfigProblem } from "../shared/session/kubeconfig-problem";
import { Session } from "../shared/session/session";
import { logObserving } from "../shared/session/observing";
import { isPrecious } from "../shared/site/precious";
import { selectSite } from "../shared/site/sites";
import { checkConfirmation, confirmName, confirmYes, type Context } from "../shared/terminal/context";
import { counted } from "../shared/terminal/output";
import { pointsArrive } from "./arrival";
import { componentsOf } from "./components";
import { type Action, scopeOf, selectAction, selectComponent } from "./scope";
import { type Bench, type Done, restart, settle, start, stop, suspendAround } from "./sequence";
import { type ComponentState, printStates, stateJson, statesOf } from "./state";

/** Options of `power`. */
export interface PowerOptions {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  /** The site's name, instead of typing it before programs stop whose data matter. */
  readonly confirm?: string;
  /** Why programs stop or restart while the telescope observes. */
  readonly duringObserving?: string;
}

/** `npm run power -- <site> [down|up|restart] [component]`: stops, starts and restarts programs in order; shows which run. */
export async function power(
  context: Context,
  name: string,
  actionName: string | undefined,
  componentName: string | undefined,
  options: PowerOptions,
): Promise<number> {
  const environment = selectSite(SITES, name);
  const action = actionName === undefined ? undefined : selectAction(actionName);
  checkConfirmation(name, options.confirm);
  if (options.duringObserving?.trim() === "")
    throw new UsageError("--during-observing: got nothing. Allowed: why it cannot wait. Write it in quotes.");
  const all = componentsOf(environment);
  const named = componentName === undefined ? undefined : selectComponent(environment, all, componentName);
  if (action !== undefined && !options.dryRun) mustBeAbleToAsk(context, environment, action, options);
  const session = new Session(environment, context);
  const missing = await kubeconfigProblem(session);
  if (missing !== undefined) throw new UserError(`kubeconfig ${missing}`);
  const { kubeconfig } = session;
  const api = new Cluster({ file: kubeconfig });
  const clients = siteClients({ site: environment, kubeconfig, signal: interruption });
  try {
    const memory = await PowerMemory.read(api);
    const bench = { site: name, api, memory, clients, all, output: context.output };
    return await act(context, session, bench, { action, named: named?.name, options });
  } finally {
    clients.close();
    api.close();
  }
}

/** What somebody asked for. */
export interface Asked {
  /** @default - only show what runs */
  readonly action?: Action | undefined;
  /** Name of a component. @default - all */
  readonly named?: string | undefined;
  readonly options: PowerOptions;
}

/** Does what was asked for at a cluster. */
export async function act(
  context: Context,
  session: Pick<Session, "environment" | "logs">,
  bench: Bench,
  { action, named, options }: Asked,
): Promise<number> {
  const { output } = context;
  const { environment } = session;
  const { site, api, memory, all } = bench;
  const states = await statesOf(api, memory, all);
  if (states.every(({ condition }) => condition === "absent"))
    throw new UserError(`none of the programs of ${site} is in its cluster: npm run deploy -- ${site} makes them`);
  if (action === undefined) return show(context, bench, states);
  const scope = scopeOf(
    action,
    states,
    all.find((one) => one.name === named),
    site,
  );
  if (scope.length === 0) return nothingToDo(context, bench, action, states);
  printPlan(context, action, site, scope);
  if (options.dryRun) {
    output.result({ site, action, planned: scope.map(stateJson) });
    return 0;
  }
  const reason = reasonWhileObserving(environment, action, options);
  await ask(context, environment, action, options);
  if (reason !== undefined) logObserving(session, new Date(), `power ${action} while observing: ${reason}`, context);
  const done = await carryOut(context, bench, { action, named }, scope);
  const after = await statesOf(api, memory, all);
  output.print("");
  printStates(output, after);
  const next = action === "down" ? `npm run power -- ${site} up` : `npm run check -- ${site}`;
  output.print(`\nNext: ${output.colour.bold(next)}`);
  output.result({ site, action, done, components: after.map(stateJson), next });
  return 0;
}

/** Step by step; after an interruption it says how to go on. */
async function carryOut(
  { output }: Context,
  bench: Bench,
  { action, named }: { readonly action: Action; readonly named: string | undefined },
  scope: readonly ComponentState[],
): Promise<Done[]> {
  const done: Done[] = [];
  const work = { down: stop, up: start, restart }[action];
  try {
    const components = scope.map(({ component }) => component);
    if (action === "down") await suspendAround(bench, components);
    for (const component of components) {
      const one = await work(bench, component);
      done.push(one);
      if (one.did !== "left stopped")
        output.print(`${output.colour.green("ok")}  ${one.component} ${one.did} (${one.seconds} s)`);
    }
    if (action !== "up") return done;
    await settle(bench);
    if (done.some(({ component }) => component === "sinks"))
      output.print(await pointsArrive(bench.clients, bench.site, bench));
    return done;
  } finally {
    if (interruption.aborted)
      output.note(
        action === "restart"
          ? `not restarted: ${scope
              .slice(done.length)
              .map(({ component: { name } }) => name)
              .join(", ")}`
          : `the same command goes on from here: ${["npm run power --", bench.site, action, ...(named === undefined ? [] : [named])].join(" ")}`,
      );
  }
}

function show({ output }: Context, { site, memory }: Bench, states: readonly ComponentState[]): number {
  printStates(output, states);
  const { since } = memory;
  if (since !== undefined) output.print(`\nStopped by this command since ${since}`);
  const next = since === undefined ? `npm run check -- ${site}` : `npm run power -- ${site} up`;
  output.print(`\nNext: ${output.colour.bold(next)}`);
  output.result({ site, since, components: states.map(stateJson), next });
  return 0;
}

/** Nothing stops or starts; what was left of an `up` that was killed at its end is put right. */
async function nothingToDo(
  { output }: Context,
  bench: Bench,
  action: Action,
  states: readonly ComponentState[],
): Promise<number> {
  if (action === "up") await settle(bench);
  output.print(
    `${bench.site}: nothing to do, for all of it is ${action === "down" ? "stopped" : action === "up" ? "running" : "stopped: nothing restarts"}`,
  );
  output.result({ site: bench.site, action, done: [], components: states.map(stateJson) });
  return 0;
}

function printPlan({ output }: Context, action: Action, site: string, scope: readonly ComponentState[]): void {
  const verb = { down: "stops", up: "starts", restart: "restarts" }[action];
  output.print(`${site} ${verb}, in this order:`);
  for (const [i, { component, condition, ready, groups }] of scope.entries()) {
    const programs = groups.reduce((sum, { parts }) => sum + parts.length, 0);
    const figures = `${counted(programs, "program")}, ${counted(ready, "ready pod")}, ${condition}`;
    output.print(`  ${i + 1}. ${component.name}: ${component.title} (${figures})`);
  }
}

/** Whether nobody can be asked is known before the site is looked at. */
function mustBeAbleToAsk(context: Context, site: Environment, action: Action, { yes, confirm }: PowerOptions): void {
  if (context.ask || action === "up") return;
  if (action === "down" && isPrecious(site)) {
    if (confirm === undefined)
      throw new UserError(
        `there is no terminal to ask on: add --confirm ${site.name} to stop programs of ${site.name}`,
      );
  } else if (!yes && confirm === undefined) throw new UserError("there is no terminal to ask on: add --yes");
}

/** @throws {UserError} unless somebody agrees. What starts again needs no yes. */
async function ask(
  context: Context,
  environment: Environment,
  action: Action,
  { yes, confirm }: PowerOptions,
): Promise<void> {
  const { name } = environment;
  if (action === "up") return;
  if (action === "down" && (isPrecious(environment) || confirm !== undefined))
    return confirmName(context, name, confirm, "stop these programs");
  if (!(await confirmYes(context, action === "down" ? "Stop them?" : "Restart them?", yes ?? confirm !== undefined)))
    throw new UserError("not confirmed, nothing was changed");
}

/** @throws {UserError} while the telescope observes or is about to, without a reason; what starts again needs none. */
export function reasonWhileObserving(
  { observing }: Pick<Environment, "observing">,
  action: Action,
  { duringObserving }: Pick<PowerOptions, "duringObserving">,
  moment = new Date(),
): string | undefined {
  if (action === "up") return undefined;
  const minute = moment.getUTCHours() * 60 + moment.getUTCMinutes();
  const window = observing.find((one) => busyMinutes([one]).has(minute));
  if (window === undefined) return undefined;
  const reason = duringObserving?.trim();
  if (reason) return reason;
  throw new UserError(
    `the telescope observes from ${window.from} to ${window.to} (${window.timeZone}), and nothing stops from an hour before on: wait, or add --during-observing "<reason>"`,
  );
}
