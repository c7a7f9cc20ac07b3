/** Results of the layers that a command worked on. */
import type { Layer } from "../../../environments/derived/layers";
import { errorLines } from "../../../ground/errors";
import type { Changes } from "../terraform/messages";
import { type Output, table } from "../terminal/output";

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

/** Turns an error that the user can correct into a result of the layer; other errors are thrown again. */
export function failedLayer(layer: Layer, stack: string, error: unknown): LayerResult {
  return { layer, stack, status: "failed", lines: errorLines(error) };
}
