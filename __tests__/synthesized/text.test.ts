import fc from "fast-check";
import { createHash } from "node:crypto";
import { literal, shortHash, stableJson } from "../../synthesized/text";
import { unescaped } from "../constructs/support";

describe("literal", () => {
  test.each([
    ["${PASSWORD}", "$${PASSWORD}"],
    ["a %{ if x } b", "a %%{ if x } b"],
    ["$${x}", "$$${x}"],
    ["%%{x}", "%%%{x}"],
    // A reference to an input stays Terraform's; what looks like one does not.
    ["a ${var.connect_image} b", "a ${var.connect_image} b"],
    ["${var.x.y} ${var.X} ${vars.x}", "$${var.x.y} $${var.X} $${vars.x}"],
    // Nothing for Terraform in these.
    ["$HOME", "$HOME"],
    ['"$1" $(quoted) 100% $', '"$1" $(quoted) 100% $'],
    ["{a: $ {b}}", "{a: $ {b}}"],
    ["", ""],
  ])("%s", (text, escaped) => {
    expect(literal(text)).toBe(escaped);
  });

  /** How HCL reads a template without expressions: `$${` and `%%{` stand for `${` and `%{`. */
  test("Terraform reads back what was given", () => {
    const pieces = fc.array(fc.constantFrom("$", "%", "{", "}", "a", "${", "%{", " "), { maxLength: 20 });
    fc.assert(
      fc.property(
        pieces.map((parts) => parts.join("")),
        (text) => {
          expect(unescaped(literal(text))).toBe(text);
          expect(literal(text).replaceAll("$${", "-").replaceAll("%%{", "-")).not.toMatch(/[$%]\{/);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("shortHash", () => {
  test("is the head of SHA-256", () => {
    expect(shortHash("")).toBe("e3b0c442");
    expect(shortHash("abc")).toBe("ba7816bf");
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(shortHash(text)).toMatch(/^[0-9a-f]{8}$/);
        expect(createHash("sha256").update(text).digest("hex").startsWith(shortHash(text))).toBe(true);
      }),
    );
  });

  test("tells revisions apart", () => {
    const texts = Array.from({ length: 2000 }, (_, i) => `revision ${i}`);
    expect(new Set(texts.map(shortHash)).size).toBe(texts.length);
  });
});

describe("stableJson", () => {
  /** The same value with its keys put in in another order. */
  const reversed = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(reversed)
      : value && typeof value === "object"
        ? Object.fromEntries(
            Object.entries(value)
              .map(([key, inner]) => [key, reversed(inner)])
              .reverse() as [string, unknown][],
          )
        : value;

  test("does not depend on the order of keys, at any depth", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(stableJson(reversed(value))).toBe(stableJson(value));
      }),
    );
  });

  test("is JSON of the value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(stableJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
        expect(JSON.parse(stableJson(value, 2))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test("sorts keys and keeps lists", () => {
    expect(stableJson({ b: [{ z: 1, a: 2 }, "x", null], a: { d: 1, c: [] } })).toBe(
      '{"a":{"c":[],"d":1},"b":[{"a":2,"z":1},"x",null]}',
    );
    expect(stableJson({ b: 1, a: 2 }, 2)).toBe('{\n  "a": 2,\n  "b": 1\n}');
  });
});
