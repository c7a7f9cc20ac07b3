/** What the documents say that a reader follows word by word: links, and data of a site. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { parseEnvironment } from "../../environments/parse";
import { CHECKOUT } from "../support/sites";
import { smallSite } from "../support/environment";

const documents = [
  join(CHECKOUT, "README.md"),
  join(CHECKOUT, "e2e", "bench", "README.md"),
  ...readdirSync(join(CHECKOUT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(CHECKOUT, "docs", name)),
];
const ROOMS = [
  ...["ground", "synthesized", "environments", "constructs", "stacks", "review", "cli", "e2e", "tools"],
  ...["__tests__", "docs", "charts", ".github"],
];
/** Every file of these folders. */
const TREE = ROOMS.flatMap((room) =>
  readdirSync(join(CHECKOUT, room), { recursive: true, encoding: "utf8" }).map((name) => join(room, name)),
);
const textOf = (path: string) => readFileSync(path, "utf8");

/** The anchor that GitHub gives a heading. */
function anchor(heading: string): string {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\-_ ]/gu, "")
    .replaceAll(" ", "-");
}

function anchorsOf(text: string): string[] {
  return [...text.replace(/^```[^]*?^```/gm, "").matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchor(heading));
}

/** Links of a document that lead nowhere. */
function deadLinks(path: string, text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = ""]) => {
    if (/^https?:/.test(link)) return [];
    const [file = "", part] = link.split("#");
    const target = file === "" ? path : join(dirname(path), file);
    const dead =
      !existsSync(target) || (part !== undefined && !anchorsOf(file === "" ? text : textOf(target)).includes(part));
    return dead ? [`${relative(CHECKOUT, path)}: ${link}`] : [];
  });
}

test("every link leads to a file or heading that is there", () => {
  expect(documents.flatMap((path) => deadLinks(path, textOf(path)))).toEqual([]);
});

test("a link that leads nowhere is found", () => {
  const text = "# A\n\n[here](#a) [there](docs/review.md) [no part](docs/review.md#nowhere) [no file](nowhere.md)";
  expect(deadLinks(join(CHECKOUT, "README.md"), text)).toEqual([
    "README.md: docs/review.md#nowhere",
    "README.md: nowhere.md",
  ]);
});

/** Paths of our tree that a document names and that are not there; `<word>` is any name, and the ending may be missing. */
function deadPaths(path: string, text: string): string[] {
  const rooms = ROOMS.join("|");
  const named = [...text.matchAll(new RegExp(`\`((?:${rooms})/[\\w./<>-]*)\``, "g"))].map(([, name = ""]) => name);
  return named
    .filter((name) => {
      const pattern = name.replace(/\/$/, "").replaceAll(".", "\\.").replace(/<\w+>/g, "[^/]+");
      return !TREE.some((one) => new RegExp(`^${pattern}(\\.ts)?(/|$)`).test(one));
    })
    .map((name) => `${relative(CHECKOUT, path)}: ${name}`);
}

test("every file that a document names is there", () => {
  expect(documents.flatMap((path) => deadPaths(path, textOf(path)))).toEqual([]);
  const text =
    "`docs/nowhere.md` `cli/<command>/nowhere.ts` `docs/review.md` `cli/<command>/index.ts` `stacks/` `docs/re`";
  expect(deadPaths(join(CHECKOUT, "README.md"), text)).toEqual([
    "README.md: docs/nowhere.md",
    "README.md: cli/<command>/nowhere.ts",
    "README.md: docs/re",
  ]);
});

/** TypeScript that stands in a document, without the document's own indentation. */
function typescriptOf(name: string): string {
  const [, indent = "", text = ""] = /^( *)```ts\n([^]*?)^ *```$/m.exec(textOf(join(CHECKOUT, "docs", name))) ?? [];
  return text.replace(new RegExp(`^${indent}`, "gm"), "");
}

/** What a program in TypeScript exports, as JSON. */
function exportsOf(program: string): Record<string, unknown> {
  const folder = mkdtempSync(join(tmpdir(), "efd-documents-"));
  try {
    const absolute = program.replace(
      /from "(\.\.?\/[^"]+)"/g,
      (_, path: string) => `from "${join(CHECKOUT, "environments", "sites", path)}"`,
    );
    writeFileSync(join(folder, "site.ts"), absolute);
    const print = 'console.log(JSON.stringify(require("./site.ts")))';
    const tsx = join(CHECKOUT, "node_modules", "tsx", "dist", "loader.mjs");
    const { stdout, stderr } = spawnSync(process.execPath, ["--import", tsx, "-e", print], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    return JSON.parse(stdout) as Record<string, unknown>;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("the smallest file of docs/development.md is a site", () => {
  const { base } = exportsOf(typescriptOf("development.md"));
  expect(parseEnvironment(base).name).toBe("base");
});

test("the lines of docs/operations.md put a site onto a cluster of somebody else", () => {
  const { lines } = exportsOf(`export const lines = {\n${typescriptOf("operations.md")}};`);
  expect(parseEnvironment({ ...smallSite(), ...(lines as object) }).cluster.kind).toBe("existing");
});
