/** The command line: runs one command, and explains its errors. */
import { CommanderError } from "commander";
import { createInterface } from "node:readline/promises";
import { diskProblem, Interrupted, INTERRUPTED_EXIT, REVIEW_EXIT, UsageError, UserError } from "../ground/errors";
import type { GlobalOptions } from "./program";
import { catchSignals, interruption } from "./shared/process/interruption";
import { npmCall, refuseWhatNpmKept } from "./shared/process/npm-options";
import { run } from "./shared/process/process";
import { allOptions } from "./shared/process/tool";
import { siteFileMistake } from "./site-files";
import type { Context } from "./shared/terminal/context";
import { Output } from "./shared/terminal/output";

let exitCode = 0;
/** Exit code of a command that was called wrongly; of a review 2 means "changes". */
const usageExit = process.argv[2] === "review" ? REVIEW_EXIT.failed : 2;

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question, { signal: interruption });
  } catch {
    throw new Interrupted();
  } finally {
    terminal.close();
  }
}

function contextOf({ json = false }: GlobalOptions): Context {
  const { env, stdout, stderr, stdin } = process;
  const output = new Output({ json, stdout, stderr, env });
  catchSignals((line) => output.note(line));
  return { output, run, env, ...(stdin.isTTY ? { ask } : {}) };
}

/** Prints an error; with `--json` on stdout too: `{"errors": [<line>, …]}`. */
function printError(message: string, shown = `${message}\n`): void {
  process.stderr.write(shown);
  if (process.argv.includes("--json"))
    process.stdout.write(`${JSON.stringify({ errors: message.split("\n") }, undefined, 2)}\n`);
}

/** Names of errors in a site's data or syntax; their classes are not loaded here, to start fast. */
const OF_SITES = ["EnvironmentError", "TransformError"];

/** Explains an error, and gives the exit code; only mistakes of the program come with a stack trace. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    printError(error.message, "");
    return usageExit;
  }
  if (interruption.aborted) {
    printError("interrupted");
    return INTERRUPTED_EXIT;
  }
  const isOfUser = error instanceof UserError || (error instanceof Error && OF_SITES.includes(error.name));
  if (isOfUser) {
    printError(error.message);
    if (process.env["DEBUG"]) process.stderr.write(`${error.stack}\n`);
    return error instanceof UsageError ? usageExit : error instanceof UserError ? error.exitCode : 1;
  }
  const disk = diskProblem(error);
  if (disk !== undefined) {
    printError(disk);
    return 1;
  }
  printError(
    "this is a mistake of the program, not yours: please report it with the lines below (DEBUG=1 adds the places in our files)",
  );
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return 1;
}

/** Loads the commands and the sites only here: a site's file that cannot be read is explained like any other error. */
async function main(): Promise<void> {
  const { commandLine } = await import("./program").catch((error: unknown) => {
    throw siteFileMistake(error) ?? error;
  });
  // Source maps of our own code cost a tenth of the start. Mistakes in a site's file were found above, with their lines.
  if (!process.env["DEBUG"]) process.setSourceMapsEnabled(false);
  const program = commandLine({ contextOf, exit: (code) => (exitCode = code) });
  refuseWhatNpmKept(npmCall(), allOptions(program));
  await program.parseAsync();
}

// What a site's file leaves to itself ends later, in nobody's hands.
process.on("unhandledRejection", (error) => process.exit(explain(siteFileMistake(error) ?? error)));
// A closed pipe (`| head`) must not end an apply.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
// States, plans and logs are readable by their owner only: the cluster layer's state holds keys.
process.umask(0o077);
main()
  .catch((error: unknown) => (exitCode = explain(error)))
  .finally(() => (process.exitCode = exitCode !== 0 && interruption.aborted ? INTERRUPTED_EXIT : exitCode));
