/** The command line as people and programs call it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../cli/shared/process/process";
import { layersOf } from "../../environments/derived/layers";
import { CHECKOUT, environmentOf, SITE_NAMES } from "../support/sites";

/** No Terraform, no Docker, no account: only Node. */
const NODE_ONLY = { PATH: join(process.execPath, ".."), HOME: "/nonexistent" };

const call = (...args: string[]) =>
  run(process.execPath, ["--import", "tsx", join(CHECKOUT, "cli", "index.ts"), ...args], {
    cwd: CHECKOUT,
    env: NODE_ONLY,
  });

test.each([
  [2, /^unknown site nowhere: known are /, ["validate", "nowhere"]],
  [1, /^unknown site nowhere: known are /, ["review", "nowhere"]],
  [3, /^unknown site nowhere: known are /, ["check", "nowhere"]],
  [3, /^unknown subject kafkaa: allowed are kafka, host, /, ["check", SITE_NAMES[0] ?? "", "kafkaa"]],
  [3, /^--watch: got kafka, allowed whole seconds /, ["check", SITE_NAMES[0] ?? "", "--watch", "kafka"]],
  [2, /^error: unknown option '--dryrun'/, ["deploy", "nowhere", "--dryrun"]],
])("for programs: exit code %d and %s, as JSON too", async (expected, first, args) => {
  const { code, stdout, stderr } = await call(...args, "--json");
  expect(code).toBe(expected);
  expect(stderr).toMatch(first);
  expect((JSON.parse(stdout) as { errors: string[] }).errors[0]).toMatch(first);
});

test("for people: one line, and no JSON", async () => {
  const [layer, terraform] = await Promise.all([call("deploy", SITE_NAMES[0] ?? "", "nothing"), call("validate")]);
  const layers = layersOf(environmentOf(SITE_NAMES[0] ?? "")).join(", ");
  expect(layer).toEqual({
    code: 2,
    stdout: "",
    stderr: expect.stringMatching(new RegExp(`^unknown layer nothing: .* ${layers}$`)),
  });
  expect(terraform).toEqual({
    code: 1,
    stdout: "",
    stderr: "Terraform was not found: install Terraform 1.11 or newer and put it on PATH",
  });
});

test.each(["deploy", "review", "destroy", "access", "rehearse", "check"])(
  "%s without a site lists the sites",
  async (command) => {
    const { code, stdout, stderr } = await call(command, "--json");
    const line = `error: missing required argument 'site'. Allowed: ${SITE_NAMES.join(", ")}`;
    expect([code, stderr.split("\n")[0], JSON.parse(stdout)]).toEqual([
      { review: 1, check: 3 }[command] ?? 2,
      line,
      { errors: [line] },
    ]);
  },
);

test("a folder without reviewed plans is refused before anything is looked at", async () => {
  const { code, stderr } = await call("deploy", SITE_NAMES[0] ?? "", "--reviewed", "/nonexistent/plans");
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/^\/nonexistent\/plans\S* does not exist: make it with .*$/),
  ]);
});

test("another name than the site's confirms nothing, before anything is looked at", async () => {
  for (const command of ["destroy", "deploy"]) {
    const { code, stderr } = await call(command, SITE_NAMES[0] ?? "", "--confirm", "another", "--yes");
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^not confirmed: expected \w+, got "another"; nothing was changed$/),
    ]);
  }
});

test("help is exit code 0 and has examples", async () => {
  const { code, stdout } = await call("deploy", "--help");
  expect(code).toBe(0);
  expect(stdout).toMatch(/Examples:\n {2}npm run deploy -- \w+/);
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
