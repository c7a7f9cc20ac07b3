/** `npm run lockfile`: after npm changed package-lock.json. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runToolCommand, toolCommand } from "../../cli/shared/process/tool";
import { completed, type Lockfile } from "./packages";

runToolCommand(toolCommand("lockfile", "completes package-lock.json after npm changed it"), () => {
  const path = join(__dirname, "..", "..", "package-lock.json");
  const lock = JSON.parse(readFileSync(path, "utf8")) as Lockfile;
  writeFileSync(path, `${JSON.stringify(completed(lock), undefined, 2)}\n`);
  return Promise.resolve(0);
});
