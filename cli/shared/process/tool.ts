/** Start and end of every tool. */
import { Command, CommanderError, type Option } from "commander";
import { INTERRUPTED_EXIT, messageOf, UserError } from "../../../ground/errors";
import { catchSignals, interruption } from "./interruption";
import { npmCall, refuseWhatNpmKept } from "./npm-options";

/** Exit code of a tool that was called wrongly. */
const USAGE_EXIT = 2;

/** Runs a tool and ends with its exit code; that of the error, else 1, and one line when it throws, 130 when it was interrupted. */
export function runTool(main: (env: NodeJS.ProcessEnv) => Promise<number>): void {
  catchSignals((line) => console.error(line));
  main(process.env).then(
    (code) => (process.exitCode = interruption.aborted ? INTERRUPTED_EXIT : code),
    (error: unknown) => {
      console.error(interruption.aborted ? "interrupted" : messageOf(error));
      const code = error instanceof UserError ? error.exitCode : 1;
      process.exitCode = interruption.aborted ? INTERRUPTED_EXIT : code;
    },
  );
}

/** A tool that people call by its npm script: it has help, and takes no argument that it does not name. */
export function toolCommand(script: string, description: string): Command {
  return new Command(`npm run ${script} --`)
    .description(description)
    .helpCommand(false)
    .allowExcessArguments(false)
    .showHelpAfterError("(--help says more)")
    .exitOverride();
}

/** The options of a command and of all below it. */
export function allOptions({ options, commands }: Command): Option[] {
  return [...options, ...commands.flatMap(allOptions)];
}

/**
 * Reads the arguments of a tool and does what they ask for. Help, and an argument that is none, are answered before
 * anything else happens: exit codes 0 and 2.
 *
 * @returns the exit code: what `codeOf` gives once it is done.
 */
export async function parseTool(command: Command, codeOf: () => number): Promise<number> {
  try {
    refuseWhatNpmKept(npmCall(), allOptions(command));
    await command.parseAsync();
    return codeOf();
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE_EXIT;
    throw error;
  }
}

/** Runs a tool with its arguments. */
export function runToolCommand(command: Command, main: (env: NodeJS.ProcessEnv) => Promise<number>): void {
  runTool((env) => {
    let code = 0;
    command.action(async () => {
      code = await main(env);
    });
    return parseTool(command, () => code);
  });
}

/** Prints the failures and counts of a bench, and gives its exit code; a bench without a single success failed. */
export function printTally(passed: number, failed: readonly string[]): number {
  for (const line of failed) console.log(`FAILED  ${line}`);
  console.log(`${passed} passed, ${failed.length} failed`);
  return failed.length > 0 || passed === 0 ? 1 : 0;
}
