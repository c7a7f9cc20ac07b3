import { SITES } from "../../environments";
import { isInsideCluster, type Layer, layersOf } from "../../environments/derived/layers";
import { checkConfirmation, confirmName, confirmYes, type Context } from "../shared/terminal/context";
import { UserError } from "../../ground/errors";
import { keepGeneratedSecrets } from "../shared/recovery/generated-secrets";
import { secondsSince, shownPath } from "../shared/terminal/output";
import { progress } from "../shared/terraform/progress";
import { type DestroyScope, destroyScopeOf, type ProtectedSplit } from "./destroy-scope";
import { Cluster } from "../shared/kubernetes/client";
import { endKafkaNodes, removesKafka } from "./kafka-nodes";
import { exitCodeOfLayers, type LayerResult, printLayerResults, resultOf } from "../shared/session/layer-results";
import { Session } from "../shared/session/session";
import { isPrecious } from "../shared/site/precious";
import { selectLayers, selectSite } from "../shared/site/sites";

/** Options of `destroy`. */
export interface DestroyOptions {
  readonly confirm?: string;
  /** Does not ask, where every layer of the site may be destroyed. */
  readonly yes?: boolean;
}

/** `npm run destroy -- <site> [layer]`: removes layers, the topmost first. Data is destroyed only where the environment allows it. */
export async function destroy(
  context: Context,
  name: string,
  layerName: string | undefined,
  options: DestroyOptions,
): Promise<number> {
  const { output } = context;
  const environment = selectSite(SITES, name);
  checkConfirmation(name, options.confirm);
  const all = layersOf(environment);
  const layers = selectLayers(name, all, layerName).reverse();
  const precious = isPrecious(environment);
  if (!context.ask && options.confirm === undefined && (precious || !options.yes))
    throw new UserError(
      `there is no terminal to ask on: add --confirm ${name} to destroy ${layerName ? `${layerName} of ` : ""}${name}`,
    );

  const session = new Session(environment, context);
  await session.preflight(layers, { destroying: true });
  const removals = new Map<Layer, DestroyScope>();
  for (const layer of all) removals.set(layer, await destroyScopeOf(session, layer));
  for (const layer of layers) describeScope(context, session.stack(layer).name, removals.get(layer));
  if (precious || options.confirm !== undefined) await confirmName(context, name, options.confirm);
  else if (!(await confirmYes(context, `Destroy ${layers.join(", ")} of ${name}?`, options.yes)))
    throw new UserError("not confirmed, nothing was changed");

  const results: LayerResult[] = [];
  for (const layer of layers) {
    const stack = session.stack(layer).name;
    const reason = whyInUse(session, layer, removals);
    const work = () => destroyLayer(context, session, layer, removals.get(layer));
    const result = await resultOf(layer, stack, reason, work);
    results.push(result);
    if (result.status === "destroyed") removals.set(layer, await destroyScopeOf(session, layer));
  }
  printLayerResults(output, results);
  output.print(`\nNext: ${output.colour.bold(`npm run deploy -- ${name}`)}  (builds it again)`);
  output.result({ site: name, layers: results });
  // A named layer that is kept is a failure; of a whole site only what is allowed is destroyed.
  const refused = layerName !== undefined && results.every(({ status }) => status === "kept");
  return refused ? 1 : exitCodeOfLayers(results);
}

/** Why a layer cannot be destroyed yet: a layer above it still exists. */
function whyInUse(session: Session, layer: Layer, removals: ReadonlyMap<Layer, DestroyScope>): string | undefined {
  const own = removals.get(layer);
  if (own?.kind === "nothing" || own?.kind === "stays") return undefined;
  const above = session.stacks.slice(session.stacks.indexOf(session.stack(layer)) + 1);
  const standing = above.find((one) => {
    const removal = removals.get(one.layer);
    if (removal?.kind !== "some") return removal?.kind === "all";
    // What an upper layer keeps needs this layer: it can lose what is not protected, not everything.
    return removal.targets.length > 0 || own?.kind === "all";
  });
  return (
    standing &&
    `${standing.name} depends on it, destroy that first: npm run destroy -- ${standing.site} ${standing.layer}`
  );
}

function describeScope({ output }: Context, stack: string, removal: DestroyScope | undefined): void {
  switch (removal?.kind) {
    case "all":
      output.note(`${stack}: all ${removal.count} resources will be destroyed, data included`);
      return;
    case "some":
      output.note(
        `${stack}: ${removal.targets.length} resources will be destroyed, ${removal.kept.length} that hold data or an identity are kept`,
      );
      return;
    case "stays":
      output.note(`${stack}: kept, because allowDestroys of the environment does not name it`);
      return;
    default:
      output.note(`${stack}: not applied, nothing to destroy`);
  }
}

function keptLine(stack: string, { kept, needed }: ProtectedSplit): string {
  const more = needed.length > 0 ? ` and ${needed.length} that they need` : "";
  return `kept, because allowDestroys of the environment does not name ${stack}: ${kept.join(", ")}${more}`;
}

/** Destroys what {@link destroyScopeOf} found of a layer. */
export async function destroyLayer(
  { output }: Context,
  session: Session,
  layer: Layer,
  removal: DestroyScope | undefined,
): Promise<LayerResult> {
  const { name: stack } = session.stack(layer);
  if (!removal || removal.kind === "nothing") return { layer, stack, status: "absent", lines: [] };
  if (removal.kind === "stays")
    return {
      layer,
      stack,
      status: "kept",
      lines: [
        `the cluster and its data are kept, because allowDestroys of the environment does not name ${stack}: name it there to destroy it`,
      ],
    };
  const lines = removal.kind === "some" && removal.kept.length > 0 ? [keptLine(stack, removal)] : [];
  if (removal.kind === "some" && removal.targets.length === 0) return { layer, stack, status: "kept", lines };

  const start = Date.now();
  const terraform = session.terraform(layer);
  if (isInsideCluster(layer)) await session.needKubeconfig();
  try {
    output.step(`${stack}: planning`);
    const targets = removal.kind === "some" ? removal.targets : [];
    const plan = await terraform.plan({ destroy: true, targets }, progress(output, stack));
    if (plan.ok && layer === "platform" && removal.kind === "all") await keepSecrets(output, session);
    if (plan.ok && removesKafka(plan)) await endKafkaNodes(new Cluster({ file: session.kubeconfig }), { output });
    session.forget(layer);
    const outcome = plan.ok ? await terraform.apply(progress(output, stack)) : plan;
    return {
      layer,
      stack,
      status: outcome.ok ? "destroyed" : "failed",
      changes: outcome.changes,
      seconds: secondsSince(start),
      lines: outcome.ok ? lines : outcome.errors,
    };
  } finally {
    terraform.forgetPlan();
  }
}

/** With their namespaces generated secrets go, which data below the host path know. */
async function keepSecrets(output: Context["output"], session: Session): Promise<void> {
  const { keptSecrets: file, stacks, kubeconfig } = session;
  const count = await keepGeneratedSecrets(file, stacks, new Cluster({ file: kubeconfig }));
  if (count > 0)
    output.note(`${count} generated secrets are kept in ${shownPath(file)}: the next deploy gives them back`);
}
