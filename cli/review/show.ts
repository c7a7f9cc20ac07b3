/** How a review is printed, and what the process exits with. */
import type { Review } from "../../review/model/model";
import { renderTerminal } from "../../review/render/terminal";
import { REVIEW_EXIT } from "../../ground/errors";
import type { Context } from "../shared/terminal/context";

/** Prints a review, and gives the exit code. */
export function showReview({ output }: Context, found: Review): number {
  output.print(renderTerminal(found, output.colour));
  output.result(found);
  return reviewExitCode(found);
}

/** Exit code for pipelines. A layer that could not be planned is an error, whatever the other layers are. */
export function reviewExitCode({ layers, findings }: Review): number {
  if (layers.some(({ status }) => status === "failed")) return REVIEW_EXIT.failed;
  if (findings.some(({ risk }) => risk === "loses data")) return REVIEW_EXIT.dataAtRisk;
  return layers.some(({ changes }) => changes.length > 0) ? REVIEW_EXIT.changes : REVIEW_EXIT.nothing;
}
