/** Folders that a user names for our output. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Makes a folder, with `mode` where it is new. An empty one gets a `.gitignore`: plans do not belong into a repository,
 * and files that are not committed would make the checkout differ from the reviewed revision.
 */
export function makeOutputFolder(path: string, mode?: number): void {
  mkdirSync(path, { recursive: true, mode });
  if (readdirSync(path).length === 0) writeFileSync(join(path, ".gitignore"), "*\n");
}
