/** Results of the layers that a command works on, and what keeps one from being worked on. */
import type { Layer } from "../../../environments/derived/layers";
import { errorLines } from "../../../ground/errors";
import type { Changes } from "../terraform/messages";
import { type Output, table } from "../terminal/output";
import type { Session } from "./session";

/** How a layer ended. */
export type LayerStatus =
  "applied" | "unchanged" | "planned" | "blocked" | "failed" | "declined" | "destroyed" | "kept" | "absent";

/** What became of one layer. */
export interface LayerResult {
  readonly layer: Layer;
  readonly stack: string;
  readonly status: LayerStatus;
  readonly changes?: Changes;
  readonly seconds?: number;
  /** Why, and what to do: errors, reasons, what was kept. */
  readonly lines: readonly string[];
}

/** Prints what became of each layer. */
export function printLayerResults(output: Output, results: readonly LayerResult[]): void {
  const { colour } = output;
  const paint = (status: LayerStatus): string =>
    status === "failed" ? colour.red(status) : status === "blocked" ? colour.yellow(status) : colour.green(status);
  const figures = results.map(({ changes, seconds }) => [
    changes ? `+${changes.add} ~${changes.change} -${changes.remove}` : "-",
    seconds === undefined ? "-" : `${seconds} s`,
  ]);
  output.print(
    table(
      ["layer", "status", "resources", "time"],
      results.map(({ stack, status }, i) => [stack, paint(status), ...(figures[i] ?? [])]),
    ),
  );
  for (const { stack, lines } of results) for (const line of lines) output.print(`${stack}: ${line}`);
}

/** Exit code: 1 when anything failed, was blocked or declined. */
export function exitCodeOfLayers(results: readonly LayerResult[]): number {
  return results.some(({ status }) => ["failed", "blocked", "declined"].includes(status)) ? 1 : 0;
}

/** Works on a layer unless there is a reason not to; an error that the user can correct is a result of the layer. */
export async function resultOf(
  layer: Layer,
  stack: string,
  reason: string | undefined,
  work: () => Promise<LayerResult>,
): Promise<LayerResult> {
  if (reason) return { layer, stack, status: "blocked", lines: [reason] };
  return work().catch((error: unknown) => ({ layer, stack, status: "failed", lines: errorLines(error) }));
}

/** Why a layer cannot be deployed now; undefined when it can. */
export async function whyBlocked(
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
  return `it depends on ${name}, which is not applied: ${alone ? `${command} ${upstream}` : command}`;
}
