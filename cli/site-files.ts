/** Mistakes of a site's file that show while it is loaded. */
import { UserError } from "../ground/errors";

const SITE_FILE = /environments\/(index|sites\/[\w-]+)\.ts(:\d+:\d+)?/;

/** The mistake in a site's file, such as a name, a file or a value that does not exist; undefined for any other error. */
export function siteFileMistake(error: unknown): UserError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { message, stack = "", requireStack } = error as Error & { requireStack?: readonly string[] };
  const first = requireStack?.[0] ?? /^ +at .+$/m.exec(stack)?.[0] ?? "";
  const [place] = SITE_FILE.exec(first) ?? [];
  return place === undefined ? undefined : new UserError(`${place}: ${message.split("\n")[0]}. Correct the file.`);
}
