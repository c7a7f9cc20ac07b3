import { insertTests } from "../../tools/docs/acceptance";

const page = ["| EFD-1 | one server | |", "| EFD-2 | a page | not built: comes later |"].join("\n");
const test1 = { path: "__tests__/a.test.ts", text: 'test("EFD-1: one server", () => {});\n// EFD-1 again' };

test("each row names the tests that cite it, once each, and stays as it is the second time", () => {
  const written = insertTests("EFD", page, [test1, { path: "__tests__/b.test.ts", text: "" }]);
  expect(written).toBe(
    ["| EFD-1 | one server | [a.test.ts](../../__tests__/a.test.ts) |", page.split("\n")[1]].join("\n"),
  );
  expect(insertTests("EFD", written, [test1])).toBe(written);
});

test("a row that no test cites, and a test of a row that is not there, are refused", () => {
  expect(() => insertTests("EFD", page, [])).toThrow(/^EFD-1 is cited by no test/);
  const other = { path: "__tests__/b.test.ts", text: "EFD-3" };
  expect(() => insertTests("EFD", page, [test1, other])).toThrow(/^EFD-3 is cited by .*b\.test\.ts.* and is no row/);
});

test("a list takes the numbers of its own system only, and a name of a program is no number", () => {
  const list = "| LOVE-C01 | one namespace | |";
  const both = { path: "__tests__/a.test.ts", text: "EFD-3 LOVE-C01 LOVE-manager" };
  expect(insertTests("LOVE", list, [both])).toBe(
    "| LOVE-C01 | one namespace | [a.test.ts](../../__tests__/a.test.ts) |",
  );
  expect(() => insertTests("LOVE", list, [both, { path: "b", text: "LOVE-C63" }])).toThrow(/^LOVE-C63 is cited by/);
});
