import { join, resolve } from "node:path";
import { SITES } from "../../environments";
import type { Environment } from "../../environments/schema";
import type { Context } from "../shared/terminal/context";
import { UsageError } from "../../ground/errors";
import { type ChartChoice, chooseCharts, stacksOf } from "../../e2e/rehearsal/charts/source";
import { checkRehearsal, thisMachine } from "../../e2e/rehearsal/checks";
import { containersFor } from "../../e2e/rehearsal/containers";
import { type Inventory, lossesOf } from "../../e2e/rehearsal/inventory";
import { applyLayers, removeLayers } from "../../e2e/rehearsal/layers/apply";
import { simulatedNodesOf } from "../../e2e/rehearsal/control-plane/nodes";
import { Rehearsal } from "../../e2e/rehearsal/rehearsal";
import { type Charts, passed, printReport, type Upgrade } from "../../e2e/rehearsal/report";
import { makeStubs } from "../../e2e/rehearsal/charts/stubs";
import { synthesizeBy } from "../../e2e/rehearsal/revision";
import { commitOf, OtherRevision } from "../shared/revision/other-revision";
import { selectSite } from "../shared/site/sites";
import type { StackView } from "../../synthesized/stack";

/** Options of `rehearse`. */
export interface RehearseOptions {
  /** Folder with the charts. @default - where the site gets them */
  readonly charts?: string;
  /** Takes stubs for the charts. @default - where no charts can be had */
  readonly stubCharts?: boolean;
  /** Folder with CRDs, for stubs. @default - CRDs that take everything */
  readonly crds?: string;
  /** Revision that is applied first. */
  readonly from?: string;
  /** Applies the site's cluster layer too, in containers of this machine. */
  readonly docker?: boolean;
  readonly keep?: boolean;
  readonly failFast?: boolean;
}

/** `npm run rehearse -- <site>`: a site's upper layers on a throw-away control plane, with the real providers. */
export async function rehearse(context: Context, name: string, options: RehearseOptions): Promise<number> {
  const environment = selectSite(SITES, name);
  if (options.stubCharts && options.charts !== undefined)
    throw new UsageError("--charts and --stub-charts exclude one another: name one of them");
  const commit = options.from === undefined ? undefined : await commitOf(context, "--from", options.from);
  const choice = await chooseCharts(context, environment, {
    ...options,
    charts: options.charts === undefined ? undefined : resolve(options.charts),
  });
  const stacks = stacksOf(environment);
  const containers = await containersFor(context, environment, options);
  await checkRehearsal(
    { stacks, charts: choice.kind === "folder" ? choice.folder : undefined, docker: containers?.needs },
    thisMachine(context.run, context.env),
  );
  const rehearsal = await Rehearsal.open(context, simulatedNodesOf(environment), containers?.kind);
  try {
    const provided = new Provided(context, rehearsal, choice, options.crds && resolve(options.crds));
    const before =
      commit === undefined
        ? undefined
        : await applyRevision(context, rehearsal, provided, environment, options, commit);
    const { cluster, fidelity } = rehearsal.controlPlane;
    const upper = rehearsal.synthesize({ environment, charts: await provided.for(stacks) });
    const layers = [...(cluster ? [cluster.layer] : []), ...upper];
    let reports = [...(cluster ? [cluster.report] : []), ...(await applyLayers(upper, options))];
    const upgrade = before && {
      ...before.upgrade,
      losses: lossesOf(before.inventory, await rehearsal.inventory()),
    };
    const secrets = await rehearsal.findSecrets();
    const simulated = rehearsal.operators.report();
    if (!options.keep) reports = await removeLayers(layers, reports);
    const report = {
      site: name,
      controlPlane: fidelity,
      charts: provided.charts,
      layers: reports,
      ...(upgrade ? { upgrade } : {}),
      secrets,
      simulated,
    };
    printReport(context.output, report);
    return passed(report) ? 0 : 1;
  } finally {
    await rehearsal.close(options);
  }
}

/** Applies another revision of the site by its own code; what existed then. */
async function applyRevision(
  context: Context,
  rehearsal: Rehearsal,
  provided: Provided,
  { name }: Environment,
  options: RehearseOptions,
  commit: string,
): Promise<{ upgrade: Omit<Upgrade, "losses">; inventory: Inventory }> {
  const revision = await OtherRevision.unpack(context, commit, join(rehearsal.folder, "revision"));
  context.output.step(`synthesizing ${name} of ${commit.slice(0, 8)}`);
  const survey = await synthesizeBy(revision, name, rehearsal.synthesisProps({ out: "survey" }));
  const charts = await provided.for(survey);
  const stacks = await synthesizeBy(revision, name, rehearsal.synthesisProps({ out: "before", charts }));
  const layers = await applyLayers(rehearsal.layersOf(stacks, charts), options);
  return { upgrade: { from: options.from ?? commit, commit, layers }, inventory: await rehearsal.inventory() };
}

/** The charts of a rehearsal: those that can be had, or stubs. */
class Provided {
  private readonly madeUp = new Set<string>();

  constructor(
    private readonly context: Context,
    private readonly rehearsal: Rehearsal,
    private readonly choice: ChartChoice,
    private readonly crds?: string,
  ) {}

  /** Folder with the charts of these stacks; undefined where they come from their repositories. */
  async for(stacks: readonly StackView[]): Promise<string | undefined> {
    const { choice, context, rehearsal } = this;
    if (choice.kind === "folder") return choice.folder;
    if (choice.kind === "upstream") return undefined;
    context.output.note(`charts: stub (${choice.reason})`);
    const folder = join(rehearsal.folder, "charts");
    const props = { folder, crds: this.crds, run: context.run, env: rehearsal.env };
    for (const kind of await makeStubs(stacks, props)) this.madeUp.add(kind);
    return folder;
  }

  get charts(): Charts {
    if (this.choice.kind !== "stub") return { charts: "real", crds: "the charts'" };
    const kinds = [...this.madeUp].sort().join(", ");
    const some = this.crds ? `${this.crds}${kinds ? `; made up for ${kinds}` : ""}` : "made up, they take everything";
    return { charts: "stub", crds: some };
  }
}
