import fc from "fast-check";
import { createHash } from "node:crypto";
import { renderHtml } from "../../../review/render/html/page";
import { renderMarkdown } from "../../../review/render/markdown";
import { visible } from "../../../review/render/show";
import { decoded, tagsOf } from "../../support/github-markdown";
import { EXAMPLE } from "../example";
import { anyText, HOSTILE, reviewOf } from "../hostile";

const content = (page: string, tag: string) => new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(page)?.[1] ?? "";
const body = (page: string) => page.replace(content(page, "style"), "").replace(content(page, "script"), "");
/** Tags of the page; where all names are one, a link leads to any that bears it. */
const shape = (texts: readonly string[]) =>
  tagsOf(body(renderHtml(reviewOf(texts)))).map((tag) => tag.replace(/"#change-\d+-\d+"/, '"#change"'));

test("hostile names and values change no tag and no attribute", () => {
  const tame = shape(["x"]);
  expect(tame.filter((tag) => tag === "<summary>").length).toBeGreaterThan(3);
  for (const text of HOSTILE) expect([text, shape([text])]).toEqual([text, tame]);
  fc.assert(
    fc.property(fc.array(anyText, { minLength: 1, maxLength: 12 }), (texts) => {
      expect(shape(texts)).toEqual(tame);
    }),
    { numRuns: 30 },
  );
});

test("what is hostile is legible, and nothing of it that cannot be seen gets through", () => {
  for (const text of HOSTILE.filter((one) => one.trim() !== "")) {
    const seen = decoded(body(renderHtml(reviewOf([text]))).replace(/<[^>]*>/g, ""))
      .replaceAll("&#39;", "'")
      .replaceAll("\n", " ");
    expect(seen).toContain(visible(text));
    expect(seen).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  }
});

test("lines of hostile texts are lines of a text", () => {
  const lines = (before: string, after: string) => {
    const [, platform] = EXAMPLE.layers;
    const sides = { before: { kind: "value", value: before }, after: { kind: "value", value: after } } as const;
    const changes = [{ ...platform!.changes[1]!, differences: [{ path: "data", ...sides }] }];
    return tagsOf(body(renderHtml({ ...EXAMPLE, layers: [{ ...platform!, changes }] })));
  };
  const tame = lines("a\nb", "a\nc");
  expect(tame).toContain('<span class="gone">');
  for (const text of HOSTILE.map((one) => one.replaceAll("\n", " ")))
    expect([text, lines(`a\n1${text}`, `a\n2${text}`)]).toEqual([text, tame]);
});

describe("the page needs nothing else", () => {
  const page = renderHtml(EXAMPLE, "<svg></svg>");
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? "";

  test("it allows its own script and style, and nothing besides", () => {
    for (const tag of ["script", "style"]) {
      expect(page.match(new RegExp(`<${tag}`, "g"))).toHaveLength(1);
      const hash = createHash("sha256").update(content(page, tag)).digest("base64");
      expect(policy.split("; ")).toContain(`${tag}-src 'sha256-${hash}'`);
    }
    expect(policy.split("; ")).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  });

  test("no tag names another place, and no attribute holds code or style", () => {
    for (const tag of tagsOf(body(page))) {
      expect(tag).not.toMatch(/\s(src|action|srcset|style|on[a-z]+)=/);
      expect(/\shref="([^"]*)"/.exec(tag)?.[1] ?? "#").toMatch(/^(#|data:,$)/);
    }
    expect(content(page, "style")).not.toMatch(/url\(|@import/);
  });

  test("every link leads somewhere", () => {
    const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const links = [...page.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id);
    expect(links.length).toBeGreaterThan(3);
    expect(links.filter((id) => !ids.includes(id))).toEqual([]);
  });
});

test("what loses data stands before all else, with what would allow it", () => {
  const text = decoded(body(renderHtml(EXAMPLE)).replace(/<[^>]*>/g, " ")).replace(/\s+/g, " ");
  const order = [
    "Do not approve",
    "PVC influxdb/influxdb is replaced",
    "not allowed",
    "rolls every",
    "Layers,",
    "Changes, worst",
  ];
  const places = order.map((one) => text.indexOf(one));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places).not.toContain(-1);
});

test("a secret is not shown, even where a value came along", () => {
  const canary = "canary-4711";
  const secret = { kind: "secret", value: canary } as const;
  const unknown = { kind: "unknown", value: canary } as const;
  const [, platform] = EXAMPLE.layers;
  const differences = [{ path: "password", before: secret, after: unknown }];
  const changes = platform!.changes.map((change) => ({
    ...change,
    differences,
    ...(change.release ? { release: { ...change.release, values: differences } } : {}),
  }));
  const review = { ...EXAMPLE, layers: [{ ...platform!, changes }] };
  for (const rendering of [renderHtml(review), renderMarkdown(review)]) {
    expect(rendering).toContain("(secret)");
    expect(rendering).not.toContain(canary);
  }
});
