import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { SITES } from "../../environments";
import type { Context } from "../lib/context";
import { UserError } from "../lib/errors";
import { secondsSince } from "../lib/output";
import { terraformProblem } from "../lib/preflight";
import { RehearsedLayer } from "../lib/rehearsal/layer";
import { nodesOf } from "../lib/rehearsal/nodes";
import { Rehearsal } from "../lib/rehearsal/rehearsal";
import { type LayerReport, passed, printReport } from "../lib/rehearsal/report";
import { selectSite } from "../lib/sites";
import { terraformVersion } from "../lib/terraform";

/** What a rehearsal is told. */
export interface RehearseOptions {
  /** Folder with the charts. @default - where the site gets them */
  readonly charts?: string;
  /** Leaves everything for a look. */
  readonly keep?: boolean;
}

/** `npm run rehearse -- <site>`: a site's upper layers on a throw-away control plane, with the real providers. */
export async function rehearse(context: Context, name: string, options: RehearseOptions): Promise<number> {
  const environment = selectSite(SITES, name);
  const charts = options.charts === undefined ? undefined : resolve(options.charts);
  if (charts !== undefined && !existsSync(charts)) throw new UserError(`there is no folder ${charts} with charts`);
  const problem = terraformProblem(await terraformVersion(context.run));
  if (problem) throw new UserError(problem);

  const rehearsal = await Rehearsal.open(context, nodesOf(environment));
  try {
    const layers = rehearsal.synthesize({ environment, charts });
    const rows: LayerReport[] = [];
    for (const layer of layers) rows.push(await applyTwice(layer));
    const secrets = rehearsal.findSecrets();
    if (!options.keep)
      for (const [i, layer] of [...layers.entries()].reverse())
        Object.assign(rows[i] ?? {}, { destroy: await layer.remove() });
    const report = { site: name, layers: rows, secrets };
    printReport(context.output, report);
    return passed(report) ? 0 : 1;
  } finally {
    await rehearsal.close(options);
  }
}

async function applyTwice(layer: RehearsedLayer): Promise<LayerReport> {
  const start = Date.now();
  await layer.plan({}, "first");
  const { changes } = await layer.apply();
  const apply = secondsSince(start);
  const secondPlan = RehearsedLayer.describe(await layer.plan({}, "second"));
  return { stack: layer.stack.name, resources: changes.add, apply, secondPlan };
}
