/** A review for people and for pipelines: printed, and written as JSON, Markdown, HTML and a picture of the site. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { mermaidPicture } from "../../review/graph/mermaid";
import { siteGraph } from "../../review/graph/site-graph";
import { svgFile, svgPicture } from "../../review/graph/svg";
import { painted } from "../../review/graph/touched";
import type { Review } from "../../review/model/model";
import { renderHtml } from "../../review/render/html/page";
import { renderMarkdown } from "../../review/render/markdown";
import { renderTerminal } from "../../review/render/terminal";
import { REVIEW_EXIT } from "../../ground/errors";
import type { Context } from "../shared/terminal/context";
import { makeOutputFolder } from "../shared/terminal/output-folder";
import type { StackView } from "../../synthesized/stack";

function write(folder: string, files: Readonly<Record<string, string>>): void {
  makeOutputFolder(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

/** Picture of a site as Mermaid; coloured where a review is laid over it. */
export function graphText(stacks: readonly StackView[], review?: Review): string {
  return mermaidPicture(painted(siteGraph(stacks), review));
}

/** Writes `site.svg` and `site.mmd`, coloured where a review is laid over it; the SVG as it stands in a page. */
export async function writeGraph(folder: string, stacks: readonly StackView[], review?: Review): Promise<string> {
  const graph = painted(siteGraph(stacks), review);
  const picture = await svgPicture(graph);
  write(folder, { "site.svg": svgFile(picture), "site.mmd": `${mermaidPicture(graph)}\n` });
  return picture;
}

/** Writes `review.json`, `review.md`, `review.html`, and the picture. */
export async function writeReport(folder: string, stacks: readonly StackView[], review: Review): Promise<void> {
  const picture = await writeGraph(folder, stacks, review);
  write(folder, {
    "review.json": `${JSON.stringify(review, undefined, 2)}\n`,
    "review.md": renderMarkdown(review),
    "review.html": renderHtml(review, picture),
  });
}

/** Prints a review, and gives the exit code. */
export function showReview({ output }: Context, found: Review): number {
  output.print(renderTerminal(found, output.colour));
  output.result(found);
  return reviewExitCode(found);
}

/**
 * Exit code for pipelines. A layer that could not be planned is an error, whatever the other layers are. One that is
 * blocked is an error where nothing else changes: nobody knows whether there is something to do. What drifts can be
 * looked at again tomorrow.
 */
export function reviewExitCode({ layers, findings, comparison }: Review): number {
  if (layers.some(({ status }) => status === "failed")) return REVIEW_EXIT.failed;
  if (findings.some(({ risk }) => risk === "loses data")) return REVIEW_EXIT.dataAtRisk;
  if (layers.some(({ changes }) => changes.length > 0)) return REVIEW_EXIT.changes;
  const unknown = comparison.kind !== "drift" && layers.some(({ status }) => status === "blocked");
  return unknown ? REVIEW_EXIT.failed : REVIEW_EXIT.nothing;
}
