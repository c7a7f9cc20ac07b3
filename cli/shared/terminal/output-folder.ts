/** Folders that a user names for what we write. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Makes a folder, with `mode` where it is new. In an empty one git is told to pass over what comes: plans belong in no
 * repository, and a checkout with a file that is not committed is not the revision that was reviewed.
 */
export function makeOutputFolder(path: string, mode?: number): void {
  mkdirSync(path, { recursive: true, mode });
  if (readdirSync(path).length === 0) writeFileSync(join(path, ".gitignore"), "*\n");
}
