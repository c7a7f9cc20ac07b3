import { folderCycles } from "../../../tools/lint/imports";

const modules = (imports: Readonly<Record<string, readonly string[]>>) =>
  Object.entries(imports).map(([source, targets]) => ({
    source,
    dependencies: targets.map((resolved) => ({ resolved })),
  }));

test("folders may import one another one way, and a folder below another is one of its own", () => {
  const tree = { "a/x.ts": ["a/y.ts", "a/b/x.ts"], "a/y.ts": [], "a/b/x.ts": ["c/x.ts"], "c/x.ts": ["node:fs"] };
  expect(folderCycles(modules(tree))).toEqual([]);
});

test("a cycle of folders whose files have none is told, with an import for each arrow", () => {
  const tree = { "a/x.ts": ["b/x.ts"], "b/x.ts": [], "b/y.ts": ["c/x.ts"], "c/x.ts": ["a/y.ts"], "a/y.ts": [] };
  expect(folderCycles(modules(tree))).toEqual([
    [
      "folders a, b, c import one another:",
      "  a/x.ts imports b/x.ts",
      "  b/y.ts imports c/x.ts",
      "  c/x.ts imports a/y.ts",
    ].join("\n"),
  ]);
});

test("the folder above and the folder below may not import each other", () => {
  const tree = { "a/x.ts": ["a/b/x.ts"], "a/b/x.ts": ["a/y.ts"], "a/y.ts": [] };
  expect(folderCycles(modules(tree))).toHaveLength(1);
});
