/** Start and end of every tool. */
import { INTERRUPTED_EXIT, messageOf } from "../../../ground/errors";
import { catchSignals, interruption } from "./interruption";

/** Runs a tool and ends with its exit code; 1 and one line when it throws, 130 when it was interrupted. */
export function runTool(main: (env: NodeJS.ProcessEnv) => Promise<number>): void {
  catchSignals((line) => console.error(line));
  main(process.env).then(
    (code) => (process.exitCode = interruption.aborted ? INTERRUPTED_EXIT : code),
    (error: unknown) => {
      console.error(interruption.aborted ? "interrupted" : messageOf(error));
      process.exitCode = interruption.aborted ? INTERRUPTED_EXIT : 1;
    },
  );
}

/** Prints the failures and counts of a bench, and gives its exit code; a bench without a single success failed. */
export function printTally(passed: number, failed: readonly string[]): number {
  for (const line of failed) console.log(`FAILED  ${line}`);
  console.log(`${passed} passed, ${failed.length} failed`);
  return failed.length > 0 || passed === 0 ? 1 : 0;
}
