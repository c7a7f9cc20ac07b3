/** Where a rehearsal gets its charts from. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHARTS } from "../../../ground/versions";
import type { Environment } from "../../../environments/schema";
import type { Context } from "../../../cli/shared/terminal/context";
import type { Stack } from "../../../cli/shared/site/program";
import { synthesize } from "../../../cli/shared/site/synthesis";

/** Seconds in which a repository of charts must answer. */
const PATIENCE = 10;

/** Where charts come from. */
export type ChartChoice =
  | { readonly kind: "folder"; readonly folder: string }
  | { readonly kind: "upstream" }
  /** The reason is for people. */
  | { readonly kind: "stub"; readonly reason: string };

/** Whether the repositories of charts can be reached: one is asked for all, as a browser would. */
async function upstreamAnswers({ run, env }: Context): Promise<boolean> {
  const url = `${CHARTS.strimzi.repository}index.yaml`;
  const args = ["--silent", "--fail", "--head", "--location", "--output", "/dev/null"];
  return (await run("curl", [...args, "--max-time", String(PATIENCE), url], { env })).code === 0;
}

/** The folder that is named, or the site's source, or stubs where neither can be had. */
export async function chooseCharts(
  context: Context,
  { chartSource }: Environment,
  options: { readonly charts?: string; readonly stubCharts?: boolean },
): Promise<ChartChoice> {
  if (options.stubCharts) return { kind: "stub", reason: "asked for" };
  if (options.charts !== undefined) return { kind: "folder", folder: options.charts };
  if (chartSource !== "upstream") return { kind: "folder", folder: chartSource };
  return (await upstreamAnswers(context))
    ? { kind: "upstream" }
    : { kind: "stub", reason: "the repositories of the charts do not answer and no --charts was given" };
}

/** The stacks of a site as its file says them, for questions; nothing of them stays on disk. */
export function stacksOf(environment: Environment): Stack[] {
  const folder = mkdtempSync(join(tmpdir(), "efd-survey-"));
  try {
    return synthesize([environment], folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
