/** A clean checkout in a folder of the run, in which the project's commands work: states and logs go with it. */
import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../../ground/errors";
import { run } from "../../../cli/shared/process/process";
import { CHECKOUT } from "../../../cli/shared/site/program";
import type { SitePatch } from "./patch";

const SITES = join("environments", "sites");
const [SITE, CHANGES] = ["local.ts", "local-changes.json"];
/** Where the shipped file is then: beside the sites, for what is among them is one. */
const SHIPPED = join("environments", "shipped");

/** The site's file once it is changed: the shipped one with the changes on top. */
const CHANGED = `import { readFileSync } from "node:fs";
import { join } from "node:path";
import { patched } from "../../e2e/nodes/site/patch";
import { local as shipped } from "../shipped/local";

/** The shipped site with the changes of the run on top. */
export const local = patched(shipped, JSON.parse(readFileSync(join(__dirname, "${CHANGES}"), "utf8")));
`;

/** Copies what git has or would take of this checkout, as it is now, and lends it the installed packages. */
export async function makeCheckout(folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const listed = `git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' f; do [ -e "$f" ] && printf '%s\\0' "$f"; done`;
  const copy = `${listed} | tar --null -T - -cf - | tar -xf - -C "$1"`;
  const { code, stderr } = await run("bash", ["-o", "pipefail", "-c", copy, "copy", folder], { cwd: CHECKOUT, env });
  if (code !== 0 || !existsSync(join(folder, "package.json")))
    throw new UserError(
      `the checkout cannot be copied (${stderr.trim() || "git lists no files"}): run this in a clone`,
    );
  symlinkSync(join(CHECKOUT, "node_modules"), join(folder, "node_modules"), "dir");
  mkdirSync(join(folder, SHIPPED));
  renameSync(join(folder, SITES, SITE), join(folder, SHIPPED, SITE));
  writeFileSync(join(folder, SITES, SITE), CHANGED);
  writeChanges(folder, {});
}

/** Writes what the site's file of such a checkout changes of the shipped one. */
export function writeChanges(folder: string, changes: SitePatch): void {
  writeFileSync(join(folder, SITES, CHANGES), `${JSON.stringify(changes, undefined, 2)}\n`);
}

/** What it changes now. */
export function readChanges(folder: string): SitePatch {
  return JSON.parse(readFileSync(join(folder, SITES, CHANGES), "utf8")) as SitePatch;
}
