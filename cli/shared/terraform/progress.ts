import { type Output, secondsSince } from "../terminal/output";
import type { OnEvent } from "./terraform";

/** How many completions Terraform reports for a planned action. */
const STEPS: Readonly<Record<string, number>> = { create: 1, read: 1, update: 1, delete: 1, replace: 2 };

/**
 * Shows how far Terraform is with a layer: steps done of those planned, and what runs longest. A replacement is two
 * steps. On a terminal one line that changes, elsewhere a line for each step.
 */
export function progress(output: Output, name: string): OnEvent {
  const running = new Map<string, number>();
  let planned = 0;
  let done = 0;
  return ({ type, hook, change, changes }) => {
    const address = hook?.resource.addr;
    if (type === "planned_change") planned += STEPS[change?.action ?? ""] ?? 0;
    else if (type === "apply_start" && address) running.set(address, Date.now());
    else if ((type === "apply_complete" || type === "apply_errored") && address) {
      const seconds = secondsSince(running.get(address) ?? Date.now());
      running.delete(address);
      if (type === "apply_complete") done++;
      output.step(`${name}: ${done}/${planned} ${address}${type === "apply_errored" ? " failed" : ""} (${seconds} s)`);
      return;
    } else if (type === "change_summary" && changes?.operation === "plan") {
      output.step(`${name}: ${changes.add} to add, ${changes.change} to change, ${changes.remove} to remove`, false);
      return;
    } else if (type === "refresh_start" && address) {
      output.step(`${name}: looking at ${address}`, false);
      return;
    }
    const [longest] = running;
    if (longest)
      output.step(`${name}: ${done}/${planned}, ${longest[0]} for ${Math.round(secondsSince(longest[1]))} s`, false);
  };
}
