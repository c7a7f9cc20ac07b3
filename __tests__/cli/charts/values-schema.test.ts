import { coalesced, schemaFaults } from "../../../cli/charts/values-schema";

const VALUES = "a: { b: 1, c: x }\n";
const schema = (draft: string) => ({
  $schema: draft,
  type: "object",
  required: ["needed"],
  properties: {
    a: { type: "object", properties: { b: { type: "integer" }, c: { enum: ["x", "y"] } }, additionalProperties: false },
    needed: { type: "string" },
  },
});

test.each(["http://json-schema.org/draft-07/schema#", "https://json-schema.org/draft/2020-12/schema"])(
  "%s",
  (draft) => {
    const faults = (values: Record<string, unknown>) => schemaFaults(values, { values: VALUES, schema: schema(draft) });
    expect(faults({ needed: "a", a: { b: 2 } })).toEqual([]);
    expect(faults({ a: { b: "2", c: "z", d: 1 } }).sort()).toEqual([
      "a.b must be integer",
      "a.c must be equal to one of the allowed values: x, y",
      "a: the schema knows no key d",
      "the values must have required property 'needed'",
    ]);
  },
);

test("a chart without a schema refuses nothing", () => {
  expect(schemaFaults({ a: { z: 1 } }, { values: VALUES })).toEqual([]);
});

test("our values lie over the chart's, and null takes one away", () => {
  expect(coalesced({ a: { b: 1, c: 2 }, l: [1] }, { a: { b: 3, c: null }, l: [2] })).toEqual({ a: { b: 3 }, l: [2] });
});
