import fc from "fast-check";
import { boolYaml11Tag, CORE_SCHEMA, floatYaml11Tag, intYaml11Tag, load, mergeTag, type Schema } from "js-yaml";
import { GO_SCHEMA, toYaml } from "../../synthesized/yaml";

/** What the libraries of Helm, Kubernetes and k3s take for something else than a text where it has no quotes. */
const NO_TEXTS = [
  ...["yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF", "y", "Y", "n", "N"],
  ...["true", "True", "FALSE", "", "~", "null", "Null", "NULL", "<<"],
  ...[
    "0",
    "-0",
    "+1",
    "0777",
    "0_7",
    "0o17",
    "0O17",
    "0x1f",
    "0X1f",
    "0b11",
    "0B11",
    "-0b11",
    "1_000",
    "1_",
    "-_1",
    "08",
  ],
  ...["1.0", ".5", "5.", "1e3", "1E+3", "1.e3", "1_0e3", "1_0.5", ".inf", "-.Inf", "+.INF", ".nan", ".NaN"],
  // Too large for a number: some readers take it for infinity.
  ...["228e2136", "-1.5E9999"],
];

/** Texts that no quotes need, however much they look like something else. */
const TEXTS = ["12:30", "12:30:45", "2026-01-01", "2026-01-01T00:00:00Z", "10.0.0.1", "1Gi", "30d", "_1", "v1", "nope"];

test("numbers are never quoted", () => {
  expect(toYaml([1e21, 5e-7, 0.1, -3])).not.toMatch(/"|!!/);
});

test.each(NO_TEXTS)("quotes %p as a value, in a list and as a key", (text) => {
  const quoted = JSON.stringify(text);
  expect(toYaml({ a: text })).toBe(`a: ${quoted}\n`);
  expect(toYaml([text])).toBe(`- ${quoted}\n`);
  expect(toYaml({ [text]: 1 })).toBe(`${quoted}: 1\n`);
});

test.each(TEXTS)("leaves %p as it is", (text) => {
  expect(toYaml({ [text]: text })).toBe(`${text}: ${text}\n`);
});

test.each([
  ["a\n  b\n", "a: |\n  a\n    b\n"],
  ["  a\nb", "a: |2-\n    a\n  b\n"],
  ["a\n\n", "a: |+\n  a\n\n...\n"],
  ["a\tb", 'a: "a\\tb"\n'],
  ["a\rb", 'a: "a\\rb"\n'],
  // Line breaks of YAML 1.1, and marks that nobody sees.
  ["a\u0085b", 'a: "a\\Nb"\n'],
  ["a\u2028b", 'a: "a\\Lb"\n'],
  ["a\u00a0", 'a: "a\\_"\n'],
  ["\ufeffa", 'a: "\\uFEFFa"\n'],
  [" a ", 'a: " a "\n'],
  ["=", 'a: "="\n'],
])("writes %j so that each reader sees the same lines", (text, written) => {
  expect(toYaml({ a: text })).toBe(written);
});

test("a key that begins like a document is no document", () => {
  expect(toYaml({ "--- a": 1, "... b": 2 })).toBe('"--- a": 1\n"... b": 2\n');
});

test("keeps the order of keys, leaves out what is undefined, writes out what is shared", () => {
  const shared = { b: 1, a: undefined };
  expect(toYaml({ d: shared, c: [shared] })).toBe("d:\n  b: 1\nc:\n  - b: 1\n");
});

test("folds no line", () => {
  const long = "word ".repeat(100).trim();
  expect(toYaml({ long })).toBe(`long: ${long}\n`);
});

test("what no JSON has is an error", () => {
  expect(() => toYaml({ a: () => 1 })).toThrow(/unacceptable kind of an object/);
  expect(() => toYaml({ a: new Date(0) })).toThrow(/unacceptable kind of an object/);
});

const text = fc.oneof(
  fc.constantFrom(...NO_TEXTS, ...TEXTS),
  fc
    .array(fc.constantFrom(..." \t\n\r:#-?[]{},&*!|>'\"%@`~=<.+_01789eExXobByYnN\\/\u0085\u2028\u00a0\ufeff"))
    .map((all) => all.join("")),
  fc.string({ unit: "grapheme" }),
  fc.string({ minLength: 200, maxLength: 300 }),
);
const value = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    { weight: 3, arbitrary: text },
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("any"), { maxLength: 3 }),
    fc.dictionary(text, tie("any"), { maxKeys: 3, noNullPrototype: true }),
  ),
})).any;

/** Numbers to base 60, which YAML 1.1 has and no reader of ours. */
const BASE_60 = /^[-+]?\d[\d_]*(:[0-5]?\d)+(\.[\d_]*)?$/;

test.each<[string, Schema, RegExp?]>([
  ["the programs that we write for", GO_SCHEMA],
  ["a reader of YAML 1.2", CORE_SCHEMA],
  ["a reader of YAML 1.1", CORE_SCHEMA.withTags(boolYaml11Tag, intYaml11Tag, floatYaml11Tag, mergeTag), BASE_60],
])("%s read what was written", (_who, schema, except = /$^/) => {
  fc.assert(
    fc.property(value, (one) => {
      fc.pre(!textsOf(one).some((each) => except.test(each)));
      expect(load(toYaml(one), { schema })).toStrictEqual(one);
    }),
    { numRuns: 250 },
  );
});

function textsOf(one: unknown): string[] {
  if (typeof one === "string") return [one];
  if (typeof one !== "object" || one === null) return [];
  return Object.entries(one).flatMap(([key, inner]) => [key, ...textsOf(inner)]);
}
