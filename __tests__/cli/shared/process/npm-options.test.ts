import { tmpdir } from "node:os";
import { join } from "node:path";
import { keptByNpm, type NpmCall, refuseWhatNpmKept } from "../../../../cli/shared/process/npm-options";
import { run } from "../../../../cli/shared/process/process";
import { CHECKOUT } from "../../../support/sites";

const SCRIPT = "node --import tsx cli/index.ts deploy";
const OPTIONS = [
  { long: "--dry-run", flags: "--dry-run", required: false },
  { long: "--yes", flags: "--yes", required: false },
  { long: "--drift", flags: "--drift", required: false },
  { long: "--reviewed", flags: "--reviewed <dir>", required: true },
  { long: "--during-observing", flags: "--during-observing <reason>", required: true },
];

function call(kept: Record<string, string>, args: readonly string[], more: Partial<NpmCall> = {}): NpmCall {
  const set = Object.fromEntries(Object.entries(kept).map(([name, value]) => [`npm_config_${name}`, value]));
  const env = { npm_lifecycle_event: "deploy", npm_lifecycle_script: SCRIPT, npm_config_userconfig: "/home/me/.npmrc" };
  return { env: { ...env, ...set }, argv: ["/checkout/cli/index.ts", "deploy", ...args], read: () => "", ...more };
}

function typed(asked: NpmCall): string | undefined {
  try {
    refuseWhatNpmKept(asked, OPTIONS);
    return undefined;
  } catch (error) {
    return /Type: (.*)/.exec((error as Error).message)?.[1];
  }
}

test.each([
  [{ dry_run: "true" }, ["local"], "npm run deploy -- local --dry-run"],
  [{ dry_run: "true" }, ["local", "efd", "--yes"], "npm run deploy -- local efd --yes --dry-run"],
  [{ yes: "true", force: "true" }, ["local"], "npm run deploy -- local --force --yes"],
  [{ drift: "" }, ["local"], "npm run deploy -- local --no-drift"],
  [{ reviewed: "true" }, ["local", "efd", "a folder"], 'npm run deploy -- local efd --reviewed "a folder"'],
  [{ reviewed: "dir" }, ["local", "efd"], "npm run deploy -- local efd --reviewed dir"],
  [{ reviewed: "true" }, [], "npm run deploy -- --reviewed <dir>"],
  [
    { reviewed: "true", during_observing: "true" },
    ["local", "dir", "a storm"],
    "npm run deploy -- local --during-observing <reason> --reviewed <dir>",
  ],
])("npm kept %j of %j: type %s", (kept, args, line) => {
  expect(typed(call(kept, args))).toBe(line);
});

test("an option of nobody's is refused as well, one of npm's is not", () => {
  const definitions =
    "'loglevel': new Definition('loglevel', {}) 'dry-run': new Definition('dry-run', {}) userconfig: new Definition('userconfig', {})";
  const asked = call({ auto_approve: "true", dryrun: "true", loglevel: "silent", user_agent: "npm" }, ["local"], {
    read: (path) => (path.endsWith("definitions.js") ? definitions : ""),
  });
  const env = { ...asked.env, npm_execpath: "/npm/bin/npm-cli.js" };
  expect([...keptByNpm({ ...asked, env }, OPTIONS).keys()]).toEqual(["auto_approve", "dryrun"]);
});

test("what .npmrc or the environment of npm says is no option, unless another value was typed", () => {
  const read = (path: string) => (path === "/home/me/.npmrc" ? "# mine\nyes=false\njson = true\n" : "");
  expect(typed(call({ yes: "", json: "true" }, ["local"], { read }))).toBeUndefined();
  expect(typed(call({ yes: "true" }, ["local"], { read }))).toBe("npm run deploy -- local --yes");
  expect(typed(call({ yes: "true" }, ["local"], { npmEnv: { npm_config_yes: "true" } }))).toBeUndefined();
  expect(typed(call({ yes: "true" }, ["local"], { npmEnv: {} }))).toBe("npm run deploy -- local --yes");
});

test("a program that npm started for somebody else is not concerned", () => {
  const { env, argv } = call({ yes: "true" }, ["local"]);
  expect(typed({ env: { ...env, npm_lifecycle_script: "jest" }, argv })).toBeUndefined();
  expect(typed({ env: { npm_config_yes: "true" }, argv })).toBeUndefined();
});

// The npm of this machine, as people type it.
const npm = (...args: string[]) =>
  run("npm", ["run", "-s", ...args], {
    cwd: CHECKOUT,
    env: { PATH: `${join(process.execPath, "..")}:/usr/bin:/bin`, HOME: tmpdir() },
  });

test.each([
  [["deploy", "nowhere", "--dry-run"], "npm run deploy -- nowhere --dry-run"],
  [["review", "nowhere", "--base", "origin/main"], "npm run review -- nowhere --base origin/main"],
  [["destroy", "nowhere", "-y", "--confirm=nowhere"], "npm run destroy -- nowhere --confirm nowhere --yes"],
])("npm run %j does nothing but say what to type", async (args, line) => {
  const { code, stderr } = await npm(...args);
  expect([code, stderr]).toEqual([args[0] === "review" ? 1 : 2, expect.stringContaining(`Type: ${line}\n`)]);
});

test("npm run with what npm sets itself is let through", async () => {
  const { stderr } = await npm("deploy", "nowhere", "--loglevel=silent", "--", "--dry-run");
  expect(stderr).toMatch(/^unknown site nowhere/);
});
