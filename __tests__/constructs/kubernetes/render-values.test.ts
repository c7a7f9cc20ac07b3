import fc from "fast-check";
import { readYaml } from "../../../synthesized/yaml";
import { renderValues } from "../../../constructs/kubernetes/render-values";
import { unescaped } from "../support";

/** Values as Helm reads them, after Terraform. */
const read = (text: string): unknown => readYaml(unescaped(text));

/** JSON objects with the characters that trouble YAML and Terraform. */
const text = fc.oneof(
  fc.string(),
  fc.constantFrom(
    "${x}",
    "%{if}",
    "$${x}",
    "yes",
    "no",
    "off",
    "y",
    "0o17",
    "1_000",
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
    { numRuns: 200 },
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
  expect(renderValues({ b: { d: 1, c: [{ z: 1, v: 2 }] }, a: "x" })).toBe(
    "a: x\nb:\n  c:\n    - v: 2\n      z: 1\n  d: 1\n",
  );
});

test("leaves Terraform nothing to read", () => {
  expect(renderValues({ a: "${local.secret}", b: "%{ for }" })).toBe('a: $${local.secret}\nb: "%%{ for }"\n');
});
