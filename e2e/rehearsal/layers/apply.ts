/** Applies the layers of a site one after the other and judges each, also where one of them fails. */
import { errorLines } from "../../../ground/errors";
import { interruption } from "../../../cli/shared/process/interruption";
import { secondsSince } from "../../../cli/shared/terminal/output";
import { NOTHING, RehearsedLayer } from "./layer";
import type { Outcome } from "../../../cli/shared/terraform/terraform";
import { Timeline, type Times, timesOf } from "./timeline";

/** What became of a layer. */
export interface LayerReport {
  readonly stack: string;
  /**
   * `applied`; `failed`; `planned`, where a lower layer failed and only the plan could be judged; `not run`, where
   * nothing was tried any more.
   */
  readonly status: "applied" | "failed" | "planned" | "not run";
  /** How many resources the first apply made. */
  readonly resources: number;
  /** What the first plan did, such as `replace kubernetes_job_v1.x`. */
  readonly actions: readonly string[];
  /** Seconds of the first plan, with getting providers. */
  readonly plan: number;
  readonly times: Times;
  /** What a second plan finds to do; undefined where there was none. */
  readonly secondPlan?: string;
  /** Seconds of the removal; undefined where nothing was removed. */
  readonly destroy?: number;
  readonly errors: readonly string[];
}

const NO_TIMES: Times = { apply: 0, chain: [], releasesAtOnce: 0, releases: 0 };

/** The report of a layer of which nothing was tried. */
function untried({ stack: { name: stack } }: RehearsedLayer): LayerReport {
  return { stack, status: "not run", resources: 0, actions: [], plan: 0, times: NO_TIMES, errors: [] };
}

/** Lines of a mistake that the user can put right, without the name of the stack; our own go on. */
function errorsOf(error: unknown, stack: string): string[] {
  return errorLines(error).map((line) => line.replace(`${stack}: `, ""));
}

const actionsOf = ({ actions }: Outcome): string[] => actions.map(({ address, action }) => `${action} ${address}`);

/** Plans, applies and plans again. */
async function applyLayer(layer: RehearsedLayer): Promise<LayerReport> {
  const { stack } = layer;
  const begin = Date.now();
  const timeline = new Timeline();
  let plan = 0;
  let actions: string[] = [];
  try {
    actions = actionsOf(await layer.plan({}, "first"));
    plan = secondsSince(begin);
    const { changes } = await layer.apply(timeline.onEvent);
    const secondPlan = RehearsedLayer.describe(await layer.plan({}, "second"));
    const times = timesOf(stack, timeline.spans);
    return { ...untried(layer), status: "applied", actions, resources: changes.add, plan, times, secondPlan };
  } catch (error) {
    const times = timesOf(stack, timeline.spans);
    const errors = errorsOf(error, stack.name);
    return { ...untried(layer), status: "failed", actions, resources: timeline.spans.size, plan, times, errors };
  }
}

/** Plans only: what can be judged of a layer whose lower layer is not there. */
async function planLayer(layer: RehearsedLayer): Promise<LayerReport> {
  const begin = Date.now();
  try {
    const actions = actionsOf(await layer.plan({}, "first"));
    return { ...untried(layer), actions, status: "planned", plan: secondsSince(begin) };
  } catch (error) {
    const errors = errorsOf(error, layer.stack.name);
    return { ...untried(layer), status: "failed", plan: secondsSince(begin), errors };
  }
}

/** Applies layers, lowest first. Above one that failed they are planned only, or left alone with `failFast`. */
export async function applyLayers(
  layers: readonly RehearsedLayer[],
  { failFast = false }: { readonly failFast?: boolean } = {},
): Promise<LayerReport[]> {
  const reports: LayerReport[] = [];
  for (const layer of layers) {
    const failed = reports.some(({ status }) => status === "failed");
    if (!failed) reports.push(await applyLayer(layer));
    else if (!failFast && !interruption.aborted) reports.push(await planLayer(layer));
    else reports.push(untried(layer));
  }
  return reports;
}

/** Removes what was applied, topmost first; a removal that fails is an error of its layer, and the others go on. */
export async function removeLayers(
  layers: readonly RehearsedLayer[],
  reports: readonly LayerReport[],
): Promise<LayerReport[]> {
  const result = [...reports];
  for (const [i, layer] of [...layers.entries()].reverse()) {
    const report = result[i];
    if (!report || report.status === "planned" || report.status === "not run") continue;
    try {
      result[i] = { ...report, destroy: await layer.remove() };
    } catch (error) {
      const errors = errorsOf(error, layer.stack.name).map((line) => `not removed: ${line}`);
      result[i] = { ...report, status: "failed", errors: [...report.errors, ...errors] };
    }
  }
  return result;
}

/** Whether a layer is as it must be. */
export function isSound({ status, secondPlan, errors }: LayerReport): boolean {
  return status === "applied" && secondPlan === NOTHING && errors.length === 0;
}
