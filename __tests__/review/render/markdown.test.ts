import fc from "fast-check";
import { renderMarkdown } from "../../../review/render/markdown";
import type { Change, Finding, Review } from "../../../review/model/model";
import { visible } from "../../../review/render/show";
import { decoded, githubHtml, tagsOf, textsOutsideCode } from "../../support/github-markdown";
import { EXAMPLE } from "../example";
import { anyText, HOSTILE, reviewOf } from "../hostile";

/** What GitHub makes a link of in the text of a comment: people, issues, addresses, emoji. */
const LINK = /@[a-z0-9]|(^|[^&\w])#\d|\bGH-\d|:\/\/|\bwww\.|:[a-z]+:/i;

/** Blocks of code differ in their number of lines only. */
const shape = (review: Review) => tagsOf(githubHtml(renderMarkdown(review)));

test("hostile names and values change no tag", () => {
  const tame = shape(reviewOf(["x"]));
  expect(tame.filter((tag) => tag === "<table>")).toHaveLength(1);
  expect(tame.filter((tag) => tag === "<details>").length).toBeGreaterThan(3);
  for (const text of HOSTILE) expect([text, shape(reviewOf([text]))]).toEqual([text, tame]);
  fc.assert(
    fc.property(fc.array(anyText, { minLength: 1, maxLength: 12 }), (texts) => {
      expect(shape(reviewOf(texts))).toEqual(tame);
    }),
    { numRuns: 30 },
  );
});

test("hostile names and values are no mention, reference, address or emoji", () => {
  for (const text of HOSTILE)
    for (const outside of textsOutsideCode(githubHtml(renderMarkdown(reviewOf([text])))))
      expect(outside).not.toMatch(LINK);
});

test("no sign that cannot be seen gets through, but what we put in ourselves", () => {
  for (const text of HOSTILE)
    expect(
      renderMarkdown(reviewOf([text]))
        .replaceAll("\u2060", "")
        .replaceAll("\n", ""),
    ).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
});

test("what is hostile is still legible", () => {
  const all = (text: string) =>
    decoded(githubHtml(renderMarkdown(reviewOf([text]))).replace(/<[^>]*>/g, "")).replaceAll("\u2060", "");
  for (const text of HOSTILE.filter((one) => one.trim() !== "" && one.length < 200))
    expect(all(text)).toContain(visible(text).trim());
});

const many = (count: number, of: Change) =>
  Array.from({ length: count }, (_, i): Change => ({ ...of, address: `toy_box.number_${i}`, name: `box ${i}` }));

const harmless: Change = {
  address: "",
  type: "toy_box",
  name: "",
  action: "update",
  risk: "harmless",
  differences: [
    { path: "size", before: { kind: "value", value: "1" }, after: { kind: "value", value: "y".repeat(250) } },
  ],
};

function withHarmless(count: number, findings: readonly Finding[] = EXAMPLE.findings): Review {
  const [cluster, platform, efd, love] = EXAMPLE.layers;
  return {
    ...EXAMPLE,
    findings,
    layers: [cluster!, { ...platform!, changes: [...many(count, harmless), ...platform!.changes] }, efd!, love!],
  };
}

describe("a review that is too large", () => {
  const text = renderMarkdown(withHarmless(2000));

  test("keeps GitHub's limit and says what it left out", () => {
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_000);
    const details = text.match(/<details>/g)?.length ?? 0;
    const brief = text.split("\n").filter((line) => line.startsWith("- ⬜")).length;
    const left = /_Left out at the end.*?details of (\d+) changes, and (\d+) changes altogether/.exec(text);
    expect(Number(left?.[1])).toBe(brief);
    // 2000 and the four of the example.
    expect(details + brief + Number(left?.[2])).toBe(2004);
    expect(text.trimEnd().split("\n").at(-1)).toBe(left?.input.trimEnd().split("\n").at(-1));
  });

  test("begins with what loses data, and drops from the bottom", () => {
    expect(text.slice(0, 1500)).toContain(EXAMPLE.findings[0]!.what.slice(1));
    expect(text).toContain("spec[0].resources[0].requests.storage: 1Ti → 2Ti");
    expect(text.indexOf("number_0</code>")).toBeGreaterThan(text.indexOf("strimzi_strimzi</code>"));
  });

  test("is legible Markdown to the end", () => {
    const tags = tagsOf(githubHtml(text));
    for (const name of ["details", "code", "pre", "b", "table", "ul"])
      expect(tags.filter((tag) => tag === `</${name}>`)).toHaveLength(
        tags.filter((tag) => tag.startsWith(`<${name}>`) || tag.startsWith(`<${name} `)).length,
      );
  });
});

test("findings alone cannot pass the limit, and the worst stand first", () => {
  const one = EXAMPLE.findings[0]!;
  const findings = Array.from({ length: 3000 }, (_, i) => ({ ...one, why: `reason ${i}`, what: `volume ${i} goes` }));
  const text = renderMarkdown(withHarmless(0, findings));
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_000);
  expect(text).toContain("Volume 0 goes");
  expect(text).toMatch(/_\d+ more findings did not fit/);
  expect(text).toContain("### Layers");
});

test("a value that is a text of many lines is shown by its lines that differ", () => {
  const lines = Array.from({ length: 50 }, (_, i) => `key${i} = ${i}`);
  const change: Change = {
    ...harmless,
    differences: [
      {
        path: 'data["telegraf.conf"]',
        before: { kind: "value", value: lines.join("\n") },
        after: { kind: "value", value: lines.with(25, "key25 = 99").join("\n") },
      },
    ],
  };
  const text = renderMarkdown({ ...EXAMPLE, layers: [{ ...EXAMPLE.layers[1]!, changes: [change] }] });
  expect(text).toContain("- key25 = 25\n+ key25 = 99");
  expect(text).toContain("  key24 = 24");
  expect(text).not.toContain("key30");
});

test("nothing to do is said in one line", () => {
  const text = renderMarkdown({ ...EXAMPLE, risk: undefined, findings: [], layers: [EXAMPLE.layers[0]!] });
  expect(text).toContain("**Nothing changes.**");
  expect(text).not.toContain("### Changes");
});
