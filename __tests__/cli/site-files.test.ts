/** What is said of a site's file that cannot be loaded, by the errors of Node and tsx themselves. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHECKOUT } from "../support/sites";

const FILES: Readonly<Record<string, string>> = {
  "environments/sites/name.ts": "export const site = { name: toy };",
  "environments/sites/import.ts": 'import "./other";',
  "environments/sites/value.ts": "const none: any = undefined;\nexport const site = none.x;",
  "environments/sites/folder.ts": 'import { readdirSync } from "node:fs";\nexport const all = readdirSync("/none");',
  "environments/sites/json.ts": "export const site = JSON.parse('{');",
  "environments/sites/text.ts": 'throw "a text";',
  "environments/sites/syntax.ts": "export const site = {\n  name: (\n};",
  "environments/sites/nothing.ts": "throw undefined;",
  "environments/sites/user.ts": 'import { x } from "./shared";\nexport const site = x;',
  "environments/index.ts": 'import "./sites/other";',
  "program.ts": 'throw new Error("a mistake of the program");',
};

/** What another file imports. */
const SHARED = "environments/sites/shared.ts";

let told: (string | null)[];
beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), "efd-site-files-"));
  mkdirSync(join(folder, "environments", "sites"), { recursive: true });
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, SHARED), 'throw "of what is shared";\nexport const x = 1;');
  const paths = Object.keys(FILES).map((name) => join(folder, name));
  const program = `
    const { siteFileMistake } = require(${JSON.stringify(join(CHECKOUT, "cli", "site-files.ts"))});
    const load = (path) => import(path).then(() => "loaded", (error) => siteFileMistake(error, ${JSON.stringify(folder)})?.message ?? null);
    Promise.all(process.argv.slice(1).map(load)).then((all) => console.log(JSON.stringify(all)));`;
  const args = ["--import", "tsx", "-e", program, ...paths];
  told = JSON.parse(execFileSync(process.execPath, args, { cwd: CHECKOUT, encoding: "utf8" })) as typeof told;
  rmSync(folder, { recursive: true });
});

test("a name, a file or a value that does not exist: one line with its place; a mistake of the program is none", () => {
  expect(told).toEqual([
    "environments/sites/name.ts:1:29: toy is not defined. Correct the file.",
    "environments/sites/import.ts: Cannot find module './other'. Correct the file.",
    expect.stringMatching(
      /^environments\/sites\/value\.ts:2:26: Cannot read properties of undefined .*Correct the file\.$/,
    ),
    "environments/sites/folder.ts:2:20: ENOENT: no such file or directory, scandir '/none'. Correct the file.",
    expect.stringMatching(/^environments\/sites\/json\.ts:1:26: Expected property name .*Correct the file\.$/),
    "environments/sites/text.ts: a text. Correct the file.",
    'environments/sites/syntax.ts:3:0: Unexpected "}". Correct the file.',
    "environments/sites/nothing.ts: undefined. Correct the file.",
    "environments/sites/shared.ts: of what is shared. Correct the file.",
    "environments/index.ts: Cannot find module './sites/other'. Correct the file.",
    null,
  ]);
});
