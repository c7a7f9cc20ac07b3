/** `--help` of everything that people call helps, and does nothing else. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../cli/shared/process/process";
import { CHECKOUT } from "../support/sites";

interface Package {
  readonly scripts: Readonly<Record<string, string>>;
}

const { scripts } = JSON.parse(readFileSync(join(CHECKOUT, "package.json"), "utf8")) as Package;
const tools = Object.entries(scripts).flatMap(([name, script]) => {
  const [, file] = /^node --import tsx ((?!cli\/).*\.ts)$/.exec(script) ?? [];
  return file ? [[name, file] as const] : [];
});

/** Neither npm nor Terraform nor Docker nor an account, only Node. */
const call = (...words: string[]) =>
  run(process.execPath, ["--import", "tsx", ...words], {
    cwd: CHECKOUT,
    env: { PATH: join(process.execPath, ".."), HOME: "/nonexistent" },
  });

test.each(tools)("npm run %s reads its arguments before it does anything, under its own name", (name, file) => {
  const text = readFileSync(join(CHECKOUT, file), "utf8");
  expect(text).toMatch(new RegExp(`toolCommand\\(\\s*"${name}"`));
  expect(text).toMatch(/^(runToolCommand\(|runTool\(main\);$)/m);
});

// Each writes files or starts something, or has commands of its own.
test.each(["docs", "lockfile", "bench:lifecycle", "github"])("npm run %s -- --help", async (name) => {
  const file = tools.find(([one]) => one === name)?.[1] ?? "";
  const [help, wrong] = [await call(file, "--help"), await call(file, "--no-such-option")];
  expect(help).toEqual({
    code: 0,
    stderr: "",
    stdout: expect.stringMatching(`^Usage: npm run ${name} -- \\[options\\]`),
  });
  const refusal = expect.stringMatching(/^error: unknown option '--no-such-option'/);
  expect(wrong).toEqual({ code: 2, stdout: "", stderr: refusal });
});

const node = ["build", "up", "images", "enter", "status", "down", "test"].map((name) => `e2e/bench/node/${name}`);
const shellScripts = [".ci/run", "e2e/bench/telegraf/build", "e2e/bench/control-plane/up", ...node];

test.each(shellScripts)("%s --help", async (script) => {
  const env = { PATH: "/usr/bin:/bin", HOME: "/nonexistent" };
  const { code, stdout } = await run("bash", [join(CHECKOUT, script), "--help"], { env });
  expect([code, stdout.split("\n")[0]]).toEqual([0, expect.stringMatching(/^(\.ci\/)?\w+.*: [\w-]+/)]);
  expect(stdout).not.toMatch(/^(set -|#)/m);
});
