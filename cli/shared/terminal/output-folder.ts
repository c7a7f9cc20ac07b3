/** Folders that a user names for our output. */
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../../ground/errors";

/**
 * Makes a folder, with `mode` where it is new. An empty one gets a `.gitignore`: plans do not belong into a repository,
 * and files that are not committed would make the checkout differ from the reviewed revision.
 */
export function makeOutputFolder(path: string, mode?: number): void {
  if (existsSync(path) && !statSync(path).isDirectory())
    throw new UserError(`${path}: got a file. Allowed: a folder, which is made where there is none. Name another one.`);
  mkdirSync(path, { recursive: true, mode });
  if (readdirSync(path).length === 0) writeFileSync(join(path, ".gitignore"), "*\n");
}
