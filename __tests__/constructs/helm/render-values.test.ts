import fc from "fast-check";
import { parse } from "yaml";
import { renderValues } from "../../../constructs/helm/render-values";
import { unescaped } from "../support";

/** Values as Helm reads them, after Terraform. */
const read = (text: string): unknown => parse(unescaped(text));

/** JSON objects with the characters that trouble YAML and Terraform. */
const text = fc.oneof(
  fc.string(),
  fc.constantFrom(
    "${x}",
    "%{if}",
    "$${x}",
    "yes",
    "no",
    "null",
    "~",
    "1.0",
    "0x10",
    "12:30",
    "a: b",
    "- a",
    "#",
    "|",
    " x ",
  ),
  fc.string({ minLength: 200, maxLength: 300 }),
);
const values = fc.dictionary(
  fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9.-]{0,10}$/),
  fc.oneof(
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(text),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), text),
  ),
);

test("Helm reads what was given", () => {
  fc.assert(
    fc.property(values, (one) => {
      expect(read(renderValues(one))).toEqual(JSON.parse(JSON.stringify(one)));
    }),
    { numRuns: 500 },
  );
});

test("the order of keys does not matter", () => {
  fc.assert(
    fc.property(values, (one) => {
      expect(renderValues(Object.fromEntries(Object.entries(one).reverse()))).toBe(renderValues(one));
    }),
  );
});

test("sorts keys at every depth and keeps lists", () => {
  expect(renderValues({ b: { d: 1, c: [{ z: 1, y: 2 }] }, a: "x" })).toBe(
    "a: x\nb:\n  c:\n    - y: 2\n      z: 1\n  d: 1\n",
  );
});

test("leaves Terraform nothing to read", () => {
  expect(renderValues({ a: "${local.secret}", b: "%{ for }" })).toBe('a: $${local.secret}\nb: "%%{ for }"\n');
});

test("folds no line: a change of one word stays a change of one line", () => {
  const long = "word ".repeat(100).trim();
  expect(renderValues({ long })).toBe(`long: ${long}\n`);
});

test("writes a shared object out each time: Helm's charts do not all know anchors", () => {
  const shared = { cpu: "1" };
  expect(renderValues({ a: shared, b: shared })).toBe('a:\n  cpu: "1"\nb:\n  cpu: "1"\n');
});

test("leaves out what is undefined", () => {
  expect(renderValues({ a: undefined, b: { c: undefined, d: 1 } })).toBe("b:\n  d: 1\n");
});

test("keeps texts that look like numbers texts", () => {
  expect(read(renderValues({ cpu: "1", on: "true", none: "null" }))).toEqual({ cpu: "1", on: "true", none: "null" });
});
