/** Reviews whose every name and value is somebody's text. */
import fc from "fast-check";
import type { Change, Difference, Finding, Review, Shown } from "../../review/model/model";
import { EXAMPLE } from "./example";

/** Texts that some reader of Markdown, HTML or a terminal takes for its own. */
export const HOSTILE: readonly string[] = [
  "</code></pre></details><script>alert(1)</script>",
  '<img src=x onerror="alert(1)">',
  "`` ``` ```` ~~~",
  "a | b || c \\| d \\\\| e",
  "line\nline\n\n# heading\n- list\n```diff\n+ x",
  "@somebody and org/team @org/team a@example.org",
  "#1 GH-2 org/repo#3 :tada: $x$ www.example.org http://example.org https://example.org/?a=b&c=d",
  "[link](http://example.org) ![image](https://example.org/x.png) [x]: http://example.org",
  "**bold** _it_ ~~gone~~ <!-- comment --> --> ]]> &amp; &#64;somebody &lt;b&gt;",
  "\u202egnp.exe\u2066 \u200b\ufeff\u0000\u001b[31mred\u0007 \ud800 \u2028",
  "$${x} %{if} {{ .Values }} ${{ github.token }}",
  "</style><style>*{display:none}</style>",
  "-->",
  "  padded  ",
  "",
  "` `",
  "[!NOTE]",
  "1. one",
  "    indented",
  "\t",
  "=== ---",
  "::set-output name=x::y",
  "x".repeat(2000),
];

/** Any text, the hostile ones often. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: "binary", maxLength: 30 }),
  fc
    .array(fc.constantFrom("`", "|", "\\", "<", ">", "&", "\n", "*", "_", "[", "]", "@a", "~", "#", " ", "b", "$"))
    .map((signs) => signs.join("")),
);

/** Of one line: a text of several is shown line by line, and so has other tags. */
const shown = (text: string): Shown => ({ kind: "value", value: text.replaceAll("\n", "\r") });

/** The example with these texts in every place that a plan fills; the same texts give the same review. */
export function reviewOf(texts: readonly string[]): Review {
  let next = 0;
  const text = () => texts[next++ % texts.length] ?? "";
  const names = new Map<string, string>();
  /** What is one name in the example stays one. */
  const same = (name: string) => names.get(name) ?? names.set(name, text()).get(name) ?? "";
  const difference = (one: Difference): Difference => ({
    ...one,
    path: text(),
    ...(one.before?.kind === "value" ? { before: shown(text()) } : {}),
    ...(one.after?.kind === "value" ? { after: shown(text()) } : {}),
  });
  const change = (one: Change): Change => ({
    ...one,
    address: same(one.address),
    type: text(),
    name: text(),
    ...(one.reason === undefined ? {} : { reason: text() }),
    ...(one.previousAddress === undefined ? {} : { previousAddress: text() }),
    differences: one.differences.map(difference),
    ...(one.release
      ? {
          release: {
            namespace: text(),
            name: text(),
            chart: { name: text(), from: "1", to: text() },
            notes: one.release.notes.map(text),
            values: one.release.values.map(difference),
            objects: one.release.objects.map((object) => ({
              ...object,
              kind: text(),
              namespace: text(),
              name: text(),
              differences: object.differences.map(difference),
            })),
          },
        }
      : {}),
  });
  const finding = (one: Finding): Finding => ({
    ...one,
    stack: same(one.stack),
    address: same(one.address),
    what: text(),
    why: text(),
    remedy: text(),
    ...(one.allow === undefined ? {} : { allow: text() }),
  });
  return {
    ...EXAMPLE,
    site: text(),
    title: text(),
    comparison: { kind: "base", base: text() },
    revision: text(),
    layers: EXAMPLE.layers.map((layer) => ({
      ...layer,
      layer: text(),
      stack: same(layer.stack),
      lines: layer.lines.map(text),
      changes: layer.changes.map(change),
      ...(layer.versions ? { versions: { terraform: text(), providers: { [`p${text()}`]: text() } } } : {}),
    })),
    findings: EXAMPLE.findings.map(finding),
  };
}
