/** `npm run lint`: everything that can be said of the sources without running them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { interruption } from "../../cli/shared/process/interruption";
import { run } from "../../cli/shared/process/process";
import { CHECKOUT } from "../../cli/shared/site/program";
import { type Check, runChecks } from "./checks";
import { importFaults } from "./imports";
import { docsAreCurrent } from "../docs/files";
import { type Lockfile, missingPackages } from "../lockfile/packages";
import { runToolCommand, toolCommand } from "../../cli/shared/process/tool";

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

/** The longest first. What prettier found of files that stay as they are, it remembers in node_modules. */
const CHECKS: readonly Check[] = [
  { name: "imports", run: importFaults, remedy: "import what the room may, or move what both need" },
  { name: "docs", run: docsAreCurrent, remedy: "npm run docs, and commit what it writes" },
  program("npx oxlint --fix, then by hand", "oxlint"),
  program("npm run format", "prettier", "--check", "--log-level=warn", "--cache", "."),
  program("remove what nothing uses", "knip", "--no-progress"),
  { name: "lockfile", run: lockfileIsWhole, remedy: "npm run lockfile" },
];

runToolCommand(
  toolCommand("lint", `checks types and rules, then ${CHECKS.map(({ name }) => name).join(", ")}; changes nothing`),
  () => runChecks(CHECKS, interruption, (line) => console.log(line)),
);
