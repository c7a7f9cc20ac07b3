import { UserError } from "../../ground/errors";
import { readDocuments, readYaml } from "../../synthesized/yaml";

test.each([
  ["yes", true],
  ["Off", false],
  ["y", true],
  ["TRUE", true],
  ["0644", 420],
  ["0o644", 420],
  ["0X1f", 31],
  ["1_000", 1000],
  ["08", 8],
  ["1e3", 1000],
  ["1_0.5", 10.5],
  ["~", null],
  ["", null],
  ["12:30:45", "12:30:45"],
  ["2026-01-01", "2026-01-01"],
  ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"],
  ["nope", "nope"],
  ['"yes"', "yes"],
  ["!!str 1", "1"],
])("reads %s as Helm does", (text, value) => {
  expect(readYaml(`a: ${text}\n`)).toEqual({ a: value });
});

test("keys are texts, whatever they look like", () => {
  expect(readYaml("on: 1\n1.0: 2\n0777: 3\n")).toEqual({ true: 1, "1": 2, "511": 3 });
});

test("merges what << names", () => {
  expect(readYaml("a: &a {b: 1}\nc: {<<: *a, d: 2}\n")).toEqual({ a: { b: 1 }, c: { b: 1, d: 2 } });
});

test("reads document by document", () => {
  expect(readDocuments("# none\n---\n# none either\n---\na: 1\n---\n")).toEqual([null, { a: 1 }, null]);
  for (const text of ["", "\n", "# none\n"]) {
    expect(readDocuments(text)).toEqual([]);
    expect(readYaml(text)).toBeNull();
  }
  expect(() => readYaml("a: 1\n---\nb: 2\n", { place: "x.yaml" })).toThrow(
    new UserError("x.yaml: has 2 documents, one was expected"),
  );
});

test.each([
  ["kind: [", "unexpected end of the stream within a flow collection at line 1, column 8"],
  ["a: 1\nb:\n\tc: 2\n", "tab characters must not be used in indentation at line 3, column 1"],
  ["a: 1\n---\na: 1\na: 2\n", "duplicated mapping key at line 4, column 1"],
  ["a: !none 1\n", "unknown scalar tag !<!none> at line 1, column 4"],
])("says in one line what is wrong with %j, and where", (text, fault) => {
  expect(() => readDocuments(text)).toThrow(new UserError(fault));
  expect(() => readDocuments(text, { place: "a.tgz: values.yaml" })).toThrow(
    new UserError(`a.tgz: values.yaml: ${fault}`),
  );
});

test("the last one of a key's values counts where that is asked for", () => {
  expect(readYaml("a: 1\na: 2\n", { repeatedKeys: true })).toEqual({ a: 2 });
});

test("a small text does not become a huge value", () => {
  const layers = [..."abcdefgh"].map((name, i, all) => `${name}: &${name} [${`*${all[i - 1] ?? "z"},`.repeat(9)}]`);
  expect(() => readYaml(`z: &z 1\n${layers.join("\n")}\n`)).toThrow(/^aliases exceeded maxAliases \(20\) at line 4/);
  expect(readYaml("z: &z 1\na: *z\n")).toEqual({ z: 1, a: 1 });
  expect(() => readYaml("z: &z 1\na: *z\n", { maxAliases: 0 })).toThrow(UserError);
});
