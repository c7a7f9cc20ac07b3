/** Checks that are run beside one another, and what is said of each. */
import { secondsSince } from "../../cli/shared/terminal/output";

/** A check: its name, and its output where it fails. */
export interface Check {
  readonly name: string;
  readonly run: () => string | undefined | Promise<string | undefined>;
  /** What puts it right. */
  readonly remedy: string;
}

/** How many run at once: they keep two cores busy. */
const LANES = 2;

/**
 * Runs all checks, and gives 1 where one failed. What was at work when the user interrupted was not judged: it is named,
 * and nothing is told to be put right.
 */
export async function runChecks(
  checks: readonly Check[],
  interruption: AbortSignal,
  print: (line: string) => void,
): Promise<number> {
  const left = [...checks];
  let code = 0;
  const lane = async () => {
    for (let check = left.shift(); check && !interruption.aborted; check = left.shift()) {
      const { name, run, remedy } = check;
      const begin = Date.now();
      const output = await run();
      const failed = output !== undefined;
      const outcome = !failed ? "ok         " : interruption.aborted ? "interrupted" : "FAILED     ";
      print(`${outcome}  ${name} (${secondsSince(begin).toFixed(1)} s)`);
      if (!failed) continue;
      code = 1;
      if (!interruption.aborted) print(`${output}\n-> ${remedy}\n`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return code;
}
