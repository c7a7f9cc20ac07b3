/** `npm run lint`: everything that can be said of the sources without running them. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { docsAreCurrent } from "./docs/files";
import { type Lockfile, missingPackages } from "./lockfile/packages";

const BIN = join(__dirname, "..", "node_modules", ".bin");

/** A check: its name, and its output where it fails. */
interface Check {
  readonly name: string;
  readonly run: () => string | undefined;
  /** What puts it right. */
  readonly remedy: string;
}

/** A program of node_modules/.bin that must end well. */
function program(remedy: string, name: string, ...args: string[]): Check {
  const run = () => {
    const { status, error, stdout, stderr } = spawnSync(join(BIN, name), args, {
      cwd: join(__dirname, ".."),
      encoding: "utf8",
      maxBuffer: 2 ** 26,
    });
    return status === 0 ? undefined : [error?.message, stdout, stderr].filter(Boolean).join("\n").trim();
  };
  return { name, run, remedy };
}

/** Names of packages that package-lock.json lacks. */
function lockfileIsWhole(): string | undefined {
  const lock = JSON.parse(readFileSync(join(__dirname, "..", "package-lock.json"), "utf8")) as Lockfile;
  const missing = missingPackages(lock).map(({ name }) => name);
  return missing.length > 0 ? `package-lock.json lacks ${missing.join(", ")}` : undefined;
}

const CHECKS: readonly Check[] = [
  program("npm run format", "prettier", "--check", "--log-level=warn", "."),
  program("correct the types", "tsc", "--noEmit"),
  program("npx eslint --fix, then by hand", "eslint", ".", "--max-warnings=0"),
  program("remove what nothing uses", "knip", "--no-progress"),
  { name: "lockfile", run: lockfileIsWhole, remedy: "npm run lockfile" },
  { name: "docs", run: () => docsAreCurrent(), remedy: "npm run docs, and commit what it writes" },
];

let failed = 0;
for (const { name, run, remedy } of CHECKS) {
  const begin = Date.now();
  const output = run();
  const seconds = ((Date.now() - begin) / 1000).toFixed(1);
  console.log(`${output === undefined ? "ok    " : "FAILED"}  ${name} (${seconds} s)`);
  if (output === undefined) continue;
  failed++;
  console.log(`${output}\n-> ${remedy}\n`);
}
process.exitCode = failed > 0 ? 1 : 0;
