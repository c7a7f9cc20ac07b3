/** The revision of the checkout. */
import type { Run } from "../process/process";
import { CHECKOUT } from "../site/program";

/** Suffix of a commit where files of the checkout differ from it. */
export const DIRTY = "-dirty";

/** Commit of the checkout, with `-dirty` where files differ from it; undefined outside of git. */
export async function currentRevision({ run }: { readonly run: Run }): Promise<string | undefined> {
  const commit = await run("git", ["rev-parse", "HEAD"], { cwd: CHECKOUT });
  if (commit.code !== 0) return undefined;
  const status = await run("git", ["status", "--porcelain"], { cwd: CHECKOUT });
  return `${commit.stdout.trim()}${status.stdout.trim() === "" ? "" : DIRTY}`;
}
