import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHECKOUT } from "../../cli/lib/program";

const folder = mkdtempSync(join(tmpdir(), "efd-loading-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program that imports what stands between the two. */
function load(site: string, after = "loaded();") {
  writeFileSync(join(folder, "site.ts"), site);
  writeFileSync(
    join(folder, "main.ts"),
    `import { loaded } from ${JSON.stringify(join(CHECKOUT, "cli", "lib", "loading"))};\nimport { site } from "./site";\n${after}\nconsole.log(site);`,
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

test("a mistake of the program comes with its stack, while it loads and later", () => {
  const early = load('export const site = "x"; throw new Error("while it loads");');
  expect(early).toMatchObject({ status: 1, stderr: expect.stringMatching(/^Error: while it loads\n +at /) });
  const later = load('export const site = "x";', 'loaded(); throw new Error("later");');
  expect(later).toMatchObject({ status: 1, stderr: expect.stringMatching(/Error: later\n +at /) });
});

test("what can be read is", () => {
  expect(load('export const site = "toy";')).toEqual({ status: 0, stdout: "toy\n", stderr: "" });
});
