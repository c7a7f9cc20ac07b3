import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHECKOUT } from "../../cli/shared/site/program";

const folder = mkdtempSync(join(tmpdir(), "efd-loading-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program that imports what stands between the two. */
function load(site: string, after = "loaded();", below = ".") {
  mkdirSync(join(folder, below), { recursive: true });
  writeFileSync(join(folder, below, "site.ts"), site);
  writeFileSync(
    join(folder, "main.ts"),
    `import { loaded } from ${JSON.stringify(join(CHECKOUT, "cli", "loading"))};\nimport { site } from "./${below}/site";\n${after}\nconsole.log(site);`,
  );
  const tsx = join(CHECKOUT, "node_modules", "tsx", "dist", "loader.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", tsx, "main.ts"], {
    cwd: folder,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

test("a file that is no TypeScript is one line", () => {
  expect(load('export const site = {\n  name: "toy"\n  title: "a"\n};')).toEqual({
    status: 1,
    stdout: "",
    stderr: 'site.ts:3:3: Expected "}" but found "title", correct the file\n',
  });
});

describe("in a file of environments/", () => {
  test.each([
    ["a name that is not there", "export const site = { name: toy };", "environments/site.ts:1:29: toy is not defined"],
    [
      "a file that is not there",
      'import "./other";\nexport const site = "x";',
      "environments/site.ts: Cannot find module './other'",
    ],
    [
      "a value that is none",
      "const none: any = undefined;\nexport const site = none.x;",
      "environments/site.ts:2:26: ",
    ],
  ])("%s is one line", (_what, site, start) => {
    const { status, stderr } = load(site, "loaded();", "environments");
    expect(status).toBe(1);
    expect(stderr).toMatch(/^[^\n]+, correct [^\n]+\n$/);
    expect(stderr.slice(0, start.length)).toBe(start);
  });
});

test("a mistake of the program comes with its stack, while it loads and later", () => {
  const early = load('export const site = "x"; throw new Error("while it loads");');
  expect(early).toMatchObject({ status: 1, stderr: expect.stringMatching(/^Error: while it loads\n +at /) });
  const later = load('export const site = "x";', 'loaded(); throw new Error("later");');
  expect(later).toMatchObject({ status: 1, stderr: expect.stringMatching(/Error: later\n +at /) });
});

test("what can be read is", () => {
  expect(load('export const site = "toy";')).toEqual({ status: 0, stdout: "toy\n", stderr: "" });
});
