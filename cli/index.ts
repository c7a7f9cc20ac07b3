/** The command line: runs one command, and explains its errors. */
import { CommanderError } from "commander";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import {
  CHECK_EXIT,
  diskProblem,
  Interrupted,
  INTERRUPTED_EXIT,
  REVIEW_EXIT,
  UsageError,
  UserError,
} from "../ground/errors";
import type { GlobalOptions } from "./program";
import { catchSignals, interruption } from "./shared/process/interruption";
import { npmCall, refuseWhatNpmKept } from "./shared/process/npm-options";
import { run } from "./shared/process/process";
import { allOptions } from "./shared/process/tool";
import { siteFileMistake } from "./site-files";
import type { Context } from "./shared/terminal/context";
import { Output } from "./shared/terminal/output";

let exitCode = 0;
const command = process.argv[2] ?? "";
/** Exit code of a command that was called wrongly; of a review 2 means "changes", of a check "something fails". */
const usageExit = command === "review" ? REVIEW_EXIT.failed : command === "check" ? CHECK_EXIT.unknown : 2;
/** Exit code of a command that failed; of a check 1 means "a warning". */
const failureExit = command === "check" ? CHECK_EXIT.unknown : 1;
/** Commands that only look: nothing of theirs must end well, so they end at once. */
const isOnlyLooking = ["check", "data"].includes(command);

async function ask(question: string, output: Writable = process.stderr): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output, terminal: output !== process.stderr || undefined });
  try {
    return await terminal.question(question, { signal: interruption });
  } catch {
    throw new Interrupted();
  } finally {
    terminal.close();
  }
}

/** Nothing of what is typed is shown; the terminal itself shows nothing as long as it is read key by key. */
async function askHidden(question: string): Promise<string> {
  const answer = ask("", new Writable({ write: (_chunk, _encoding, done) => done() }));
  // The terminal has stopped to echo by now, so a password that is pasted at once is not shown either.
  process.stderr.write(question);
  try {
    return await answer;
  } finally {
    process.stderr.write("\n");
  }
}

function contextOf({ json = false }: GlobalOptions): Context {
  const { env, stdout, stderr, stdin } = process;
  const output = new Output({ json, stdout, stderr, env });
  catchSignals((line) => {
    if (!isOnlyLooking) output.note(line);
  });
  return { output, run, env, ...(stdin.isTTY ? { ask: (question: string) => ask(question), askHidden } : {}) };
}

/** Prints an error; with `--json` on stdout too: `{"errors": [<line>, …]}`. */
function printError(message: string, shown = `${message}\n`): void {
  // Progress may stand on the line.
  process.stderr.write(process.stderr.isTTY && shown !== "" ? `\r\u001b[K${shown}` : shown);
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
    if (error instanceof UsageError) return usageExit;
    return error instanceof UserError && error.exitCode !== 1 ? error.exitCode : failureExit;
  }
  const disk = diskProblem(error);
  if (disk !== undefined) {
    printError(disk);
    return failureExit;
  }
  printError(
    "this is a mistake of the program, not yours: please report it with the lines below (DEBUG=1 adds the places in our files)",
  );
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return failureExit;
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
  .finally(() => {
    process.exitCode = exitCode !== 0 && interruption.aborted ? INTERRUPTED_EXIT : exitCode;
    // A server that never answers, or a program that was asked, must not keep the process. What was written goes out first.
    if (isOnlyLooking) process.stdout.write("", () => process.stderr.write("", () => process.exit()));
  });
