/** Errors that are printed without a stack trace, and exit codes. */
import { tmpdir } from "node:os";

/** Exit codes of a review: nothing to do, could not look, changes, data at risk. */
export const REVIEW_EXIT = { nothing: 0, failed: 1, changes: 2, dataAtRisk: 3 } as const;

/** Exit codes of a check, as monitoring plugins have them. */
export const CHECK_EXIT = { ok: 0, warn: 1, fail: 2, unknown: 3 } as const;

/** An error that the user can correct: only its message is printed. Exit code 1. */
export class UserError extends Error {
  constructor(
    message: string,
    /** What the process exits with. @default 1 */
    readonly exitCode: number = 1,
  ) {
    super(message);
    this.name = "UserError";
  }
}

/** Providers are not available here, and nothing else is wrong: what needs them was not checked. */
export class ProviderError extends UserError {
  constructor(message: string) {
    super(message);
    this.name = "ProviderError";
  }
}

/** A command that was called wrongly. Exit code 2. */
export class UsageError extends UserError {
  constructor(message: string) {
    super(message, 2);
    this.name = "UsageError";
  }
}

const FULL = ["ENOSPC", "EDQUOT"];
const REFUSED = ["EACCES", "EPERM", "EROFS"];
/** A file stands where a folder should, or the other way round. */
const OTHER_KIND = ["ENOTDIR", "EISDIR", "EEXIST"];

/**
 * What to do about a full disk, or a file that cannot be read or written, or is a folder.
 *
 * @returns one line; undefined where the error is none of these.
 */
export function diskProblem(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = "", path = "a file", dest = path, syscall } = error as NodeJS.ErrnoException & { dest?: string };
  const what = `${dest}: ${error.message.replace(/^\w+: /, "").replace(/,.*/, "")} (${syscall})`;
  if (FULL.includes(code))
    return `${what}: make room, TMPDIR names the folder for temporary files (now ${tmpdir()}), then run the same command again`;
  if (OTHER_KIND.includes(code)) return `${what}: name a folder where one is asked for, and a file where one is`;
  if (REFUSED.includes(code)) return `${what}: let your account do so, then run the same command again`;
  return undefined;
}

/** Exit code after an interruption, as a shell gives it after Ctrl-C. */
export const INTERRUPTED_EXIT = 130;

/** The user pressed Ctrl-C. */
export class Interrupted extends UserError {
  constructor() {
    super("interrupted", INTERRUPTED_EXIT);
    this.name = "Interrupted";
  }
}

/** Message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Lines of an error that the user can correct.
 *
 * @throws every other error, and an interruption, which ends everything.
 */
export function errorLines(error: unknown): string[] {
  if (!(error instanceof UserError) || error instanceof Interrupted) throw error;
  return error.message.split("\n");
}
