/** The command line as programs call it. */
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
