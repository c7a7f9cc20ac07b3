import fc from "fast-check";
import { renderTerminal } from "../../../review/render/terminal";
import { verdict } from "../../../review/render/verdict";
import { EXAMPLE } from "../example";
import { anyText, HOSTILE, reviewOf } from "../hostile";

const plain = (text: string): string => text;
const PAINT = { bold: plain, dim: plain, red: plain, yellow: plain, green: plain };
const show = (review: typeof EXAMPLE) => renderTerminal(review, PAINT).split("\n");

test("begins with the verdict, as every rendering does", () => {
  const { headline, notes } = verdict(EXAMPLE);
  expect(show(EXAMPLE).slice(0, 3 + notes.length)).toEqual([
    "base: made-up test stand · revision 0123456789ab · the plan against what runs",
    headline,
    ...notes,
    "",
  ]);
});

test("has what happens, what follows, what to do, and what allows it", () => {
  const text = show(EXAMPLE).join("\n");
  for (const { why, remedy } of EXAMPLE.findings) {
    expect(text.toLowerCase()).toContain(why.toLowerCase());
    expect(text).toContain(`What to do: ${remedy}.`);
  }
  expect(text).toContain('not allowed; allowDestroys: ["base-efd/influxdb_influxdb"] would allow it');
  expect(text).toContain('allowed by allowDestroys: ["base-efd/kafka"]');
  expect(text).toContain("! spec[0].resources[0].requests.storage: 1Ti → 2Ti  (replaces it)");
  expect(text).toContain("! chart strimzi-kafka-operator: 1.1.0 → 1.2.0");
  expect(text).toContain("base-love: blocked\n  it stands on base-efd");
});

test("shows only what is said of many changes, and how much is left out", () => {
  const efd = EXAMPLE.layers.find(({ layer }) => layer === "efd")!;
  const differences = Array.from({ length: 30 }, (_, i) => ({ path: `a${i}`, after: { kind: "unknown" } as const }));
  const changes = [{ ...efd.changes[0]!, reason: "somebody asked for it", differences }];
  const text = show({ ...EXAMPLE, layers: [{ ...efd, changes }] });
  expect(text).toContain("      … and 19 more, --json has all");
});

test("nothing that a terminal would obey gets through", () => {
  const lines = (texts: readonly string[]) => show(reviewOf(texts));
  const tame = lines(["x"]).length;
  const seen = (texts: readonly string[]) => {
    expect(lines(texts).join(" ")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    if (!texts.some((text) => text.includes("\n"))) expect(lines(texts)).toHaveLength(tame);
  };
  for (const text of HOSTILE) seen([text]);
  fc.assert(fc.property(fc.array(anyText, { minLength: 1, maxLength: 12 }), seen), { numRuns: 60 });
});
