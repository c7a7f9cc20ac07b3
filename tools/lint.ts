/** `npm run lint`: everything that can be said of the sources without running them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { secondsSince } from "../cli/lib/output";
import { run } from "../cli/lib/process";
import { CHECKOUT } from "../cli/lib/program";
import { docsAreCurrent } from "./docs/files";
import { type Lockfile, missingPackages } from "./lockfile/packages";
import { runTool } from "./tool";

/** A check: its name, and its output where it fails. */
interface Check {
  readonly name: string;
  readonly run: () => string | undefined | Promise<string | undefined>;
  /** What puts it right. */
  readonly remedy: string;
}

/** A program of node_modules/.bin that must end well. */
function program(remedy: string, name: string, ...args: string[]): Check {
  const check = async () => {
    const { code, stdout, stderr } = await run(join(CHECKOUT, "node_modules", ".bin", name), args, { cwd: CHECKOUT });
    return code === 0 ? undefined : [stdout, stderr].filter(Boolean).join("\n").trim();
  };
  return { name, run: check, remedy };
}

/** Names of packages that package-lock.json lacks. */
function lockfileIsWhole(): string | undefined {
  const lock = JSON.parse(readFileSync(join(CHECKOUT, "package-lock.json"), "utf8")) as Lockfile;
  const missing = missingPackages(lock).map(({ name }) => name);
  return missing.length > 0 ? `package-lock.json lacks ${missing.join(", ")}` : undefined;
}

/** The longest first. What prettier and tsc found out of files that stay as they are, they remember in node_modules. */
const CHECKS: readonly Check[] = [
  program("npx eslint --fix, then by hand", "eslint", ".", "--max-warnings=0"),
  program("correct the types", "tsc", "--noEmit", "--incremental", "--tsBuildInfoFile", "node_modules/.cache/tsc.json"),
  program("npm run format", "prettier", "--check", "--log-level=warn", "--cache", "."),
  program("remove what nothing uses", "knip", "--no-progress"),
  { name: "lockfile", run: lockfileIsWhole, remedy: "npm run lockfile" },
  { name: "docs", run: docsAreCurrent, remedy: "npm run docs, and commit what it writes" },
];

/** Runs check after check until none is left, and says how many failed; two such lanes keep two cores busy. */
async function lane(left: Check[]): Promise<number> {
  let failed = 0;
  for (let check = left.shift(); check; check = left.shift()) {
    const { name, run, remedy } = check;
    const begin = Date.now();
    const output = await run();
    console.log(`${output === undefined ? "ok    " : "FAILED"}  ${name} (${secondsSince(begin).toFixed(1)} s)`);
    if (output === undefined) continue;
    failed++;
    console.log(`${output}\n-> ${remedy}\n`);
  }
  return failed;
}

async function main(): Promise<number> {
  const left = [...CHECKS];
  const failed = await Promise.all([lane(left), lane(left)]);
  return failed.some((count) => count > 0) ? 1 : 0;
}

runTool(main);
