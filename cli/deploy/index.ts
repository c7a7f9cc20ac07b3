import { SITES } from "../../environments";
import { layersOf } from "../../environments/derived/layers";
import { type Access, accessOf } from "../shared/site/addresses";
import { applyReviewedPlans, type ReviewedPlansOptions } from "./apply-reviewed-plans";
import { checkConfirmation, type Context } from "../shared/terminal/context";
import { type DeployLayersOptions, deployLayers } from "./deploy-layers";
import { UserError } from "../../ground/errors";
import { Cluster } from "../shared/kubernetes/client";
import { shownPath } from "../shared/terminal/output";
import { exitCodeOfLayers, printLayerResults } from "../shared/session/layer-results";
import { readReviewManifest } from "../shared/plan/reviewed-plans";
import { Session } from "../shared/session/session";
import { siteNotes } from "../shared/site/notes";
import { selectLayers, selectSite } from "../shared/site/sites";
import { unreadyAfter, unreadyLines } from "./unready";

/** Options of `deploy`. */
interface DeployOptions extends DeployLayersOptions, Partial<ReviewedPlansOptions> {
  /** Lets a new cluster use data that is already below the host path. */
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
  const { reviewed, duringObserving } = options;
  checkConfirmation(name, options.confirm);
  if (reviewed !== undefined && options.dryRun)
    throw new UserError("--reviewed and --dry-run exclude one another: give one of them, a review is the dry run");
  if (reviewed === undefined && !options.dryRun && !options.yes && !context.ask)
    throw new UserError(
      "there is no terminal to ask on: add --yes to deploy without asking, or --dry-run to plan only",
    );
  // A folder that cannot be applied needs no look at the site.
  if (reviewed !== undefined) await readReviewManifest(context, reviewed, name);
  const session = new Session(environment, context);
  for (const line of siteNotes(session.environment, session.stacks)) context.output.note(`note: ${line}`);
  await session.preflight(layers, { reuseData: options.reuseData });

  const results =
    reviewed === undefined
      ? await deployLayers(context, session, layers, options)
      : await applyReviewedPlans(context, session, layers, { reviewed, duringObserving });
  printLayerResults(context.output, results);
  const stands = results.filter(({ status }) => status === "applied" || status === "unchanged");
  const done = stands.length === results.length;
  const cluster = new Cluster({ file: session.kubeconfig });
  const unready = options.dryRun
    ? []
    : await unreadyAfter(results, {
        look: () => unreadyLines(session, results, cluster),
        tell: (line) => context.output.note(line),
      });
  for (const line of unready) context.output.problem(line);
  if (unready.length > 0)
    context.output.problem("A value that was just changed can take 15 minutes to arrive: deploy again to check again");
  const whole = done && layers.at(-1) === session.stacks.at(-1)?.layer;
  const access = whole ? accessOf(environment, session.stacks, shownPath(session.kubeconfig), context.env) : undefined;
  if (access) printAddresses(context, access);
  const next = access ? `npm run access -- ${name}` : `npm run deploy -- ${name}`;
  if (done || options.dryRun) context.output.print(`\nNext: ${context.output.colour.bold(next)}`);
  context.output.result({ site: name, layers: results, unready, ...(access ? { access } : {}), next });
  // In a plan of the whole site the layers above one that is not applied are blocked, which is no failure.
  const expected = options.dryRun && layerName === undefined;
  const code = exitCodeOfLayers(results.filter(({ status }) => !(expected && status === "blocked")));
  return unready.length > 0 ? 1 : code;
}

function printAddresses({ output }: Context, { addresses, authority, names }: Access): void {
  output.print("");
  for (const { name, address } of addresses) output.print(`${name}: ${address}`);
  output.print(`Authority of the certificates: ${authority}`);
  if (names) output.print(`Names: ${names}`);
}
