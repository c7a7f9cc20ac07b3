/** The command line as programs call it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../cli/shared/process/process";
import { CHECKOUT } from "../../cli/shared/site/program";

const call = (...args: string[]) =>
  run(process.execPath, ["--import", "tsx", join(CHECKOUT, "cli", "index.ts"), ...args], { cwd: CHECKOUT });

test.each([
  [2, /^unknown site nowhere: known are /, ["validate", "nowhere"]],
  [1, /^unknown site nowhere: known are /, ["review", "nowhere"]],
  [2, /^error: unknown option '--dryrun'/, ["deploy", "nowhere", "--dryrun"]],
])("exit code %d and %s, as JSON too", async (expected, first, args) => {
  const { code, stdout, stderr } = await call(...args, "--json");
  expect(code).toBe(expected);
  expect(stderr).toMatch(first);
  expect((JSON.parse(stdout) as { errors: string[] }).errors[0]).toMatch(first);
});

test("people get no JSON", async () => {
  expect(await call("charts", "pull")).toEqual({ code: 2, stdout: "", stderr: expect.stringMatching(/'dir'/) });
});
test("a site's file that is no TypeScript is explained by its place, as the program knows the error", async () => {
  const folder = mkdtempSync(join(tmpdir(), "efd-broken-"));
  const file = join(folder, "site.ts");
  writeFileSync(file, 'export const site = {\n  name: "toy"\n  title: "a"\n};');
  const program = `import(${JSON.stringify(file)}).catch((error) => console.log(error.name + ": " + error.message))`;
  const { stdout } = await run(process.execPath, ["--import", "tsx", "-e", program], { cwd: CHECKOUT });
  rmSync(folder, { recursive: true });
  expect(stdout).toMatch(/^TransformError: /);
  expect(stdout).toContain(`${file}:3:2: ERROR: Expected "}" but found "title"`);
});
