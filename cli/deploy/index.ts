import { SITES } from "../../environments";
import { unjudged } from "../../environments/derived/unjudged";
import { isInsideCluster, type Layer, layersOf } from "../../environments/derived/layers";
import { type Access, accessOf } from "../shared/site/addresses";
import { applyReviewedPlans } from "./apply-reviewed-plans";
import type { Context } from "../shared/terminal/context";
import { type DeployLayersOptions, deployLayers } from "./deploy-layers";
import { UserError } from "../../ground/errors";
import { Cluster } from "../shared/kubernetes/client";
import { shownPath } from "../shared/terminal/output";
import { notReadyLines } from "../shared/kubernetes/readiness";
import { exitCodeOfLayers, printLayerResults } from "../shared/session/layer-results";
import { Session } from "../shared/session/session";
import { selectLayers, selectSite } from "../shared/site/sites";

/** What a deploy is told. */
export interface DeployOptions extends DeployLayersOptions {
  /** Lets a new cluster find data that lies below the host path. */
  readonly reuseData?: boolean;
  /** Folder with reviewed plans, which are applied in place of new ones. */
  readonly reviewed?: string;
  /** Why reviewed plans are applied while the telescope observes. */
  readonly duringObserving?: string;
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
  const { reviewed, duringObserving } = options;
  if (reviewed !== undefined && options.dryRun)
    throw new UserError("--reviewed and --dry-run exclude one another: a review is the dry run");
  if (reviewed === undefined && !options.dryRun && !options.yes && !context.ask)
    throw new UserError("there is no terminal to ask on: say --yes to deploy without a question, or --dry-run to plan");
  const session = new Session(environment, context);
  for (const line of unjudged(session.environment)) context.output.note(`note: ${line}`);
  await session.preflight(layers, { reuseData: options.reuseData });

  const results =
    reviewed === undefined
      ? await deployLayers(context, session, layers, options)
      : await applyReviewedPlans(context, session, layers, { reviewed, duringObserving });
  printLayerResults(context.output, results);
  const stands = results.filter(({ status }) => status === "applied" || status === "unchanged");
  const done = stands.length === results.length;
  const unready = await unreadyOf(context, session, options.dryRun ? [] : stands);
  const whole = done && layers.at(-1) === session.stacks.at(-1)?.layer;
  const access = whole ? accessOf(environment, session.stacks, shownPath(session.kubeconfig), context.env) : undefined;
  if (access) printAddresses(context, access);
  const next = access ? `npm run access -- ${name}` : `npm run deploy -- ${name}`;
  if (done || options.dryRun) context.output.print(`\nNext: ${context.output.colour.bold(next)}`);
  context.output.result({ site: name, layers: results, unready, ...(access ? { access } : {}), next });
  // A plan of the whole site cannot see past the first layer that is not applied: that is no failure.
  const expected = options.dryRun && layerName === undefined;
  const code = exitCodeOfLayers(results.filter(({ status }) => !(expected && status === "blocked")));
  return unready.length > 0 ? 1 : code;
}

/** Says what is not ready though it is applied, such as Secrets whose token of Vault ended. */
async function unreadyOf(
  { output }: Context,
  session: Session,
  results: readonly { readonly layer: Layer }[],
): Promise<string[]> {
  const upper = results.filter(({ layer }) => isInsideCluster(layer)).map(({ layer }) => session.stack(layer));
  const cluster = new Cluster({ file: session.kubeconfig });
  const lines = (await Promise.all(upper.map((stack) => notReadyLines(stack, cluster)))).flat();
  for (const line of lines) output.problem(line);
  if (lines.length > 0)
    output.problem("What was just given or changed may take 15 minutes: deploy again to look again");
  return lines;
}

function printAddresses({ output }: Context, { addresses, authority, names }: Access): void {
  output.print("");
  for (const { name, address } of addresses) output.print(`${name}: ${address}`);
  output.print(`Authority of the certificates: ${authority}`);
  if (names) output.print(`Names: ${names}`);
}
