/** The program as a user starts it. */
import { join } from "node:path";
import { run } from "../../../../cli/shared/process/process";
import { CHECKOUT, SITE_NAMES } from "../../../support/sites";

const cli = (...args: string[]) =>
  run(process.execPath, ["--import", "tsx", join(CHECKOUT, "cli", "index.ts"), ...args], {
    cwd: CHECKOUT,
    // No Terraform, no Docker, no account: only Node.
    env: { PATH: join(process.execPath, ".."), HOME: "/nonexistent" },
  });

test("an unknown site, layer or option is one line and exit code 2", async () => {
  const [site, layer, option] = await Promise.all([
    cli("deploy", "nowhere"),
    cli("deploy", SITE_NAMES[0] ?? "", "nothing"),
    cli("deploy", SITE_NAMES[0] ?? "", "--nothing"),
  ]);
  expect(site).toEqual({ code: 2, stdout: "", stderr: `unknown site nowhere: known are ${SITE_NAMES.join(", ")}` });
  expect(layer).toEqual({ code: 2, stdout: "", stderr: expect.stringMatching(/^unknown layer nothing: .* efd$/) });
  expect(option).toEqual({ code: 2, stdout: "", stderr: expect.stringMatching(/^error: unknown option '--nothing'/) });
});

test("help is exit code 0 and has examples", async () => {
  const { code, stdout } = await cli("deploy", "--help");
  expect(code).toBe(0);
  expect(stdout).toMatch(/Examples:\n {2}npm run deploy -- \w+/);
});

test("without Terraform it says so in one line", async () => {
  expect(await cli("validate")).toEqual({
    code: 1,
    stdout: "",
    stderr: "Terraform was not found: install Terraform 1.11 or newer and put it on PATH",
  });
});
