/** How names and values of a plan are shown. A plan holds foreign texts: no rendering shows them unescaped. */
import { structuredPatch } from "diff";
import type { Difference, JsonValue, Shown } from "../model/model";

/** Controls, signs without a width, signs that turn the direction of a text, halves of a sign. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/** A text in which every sign that cannot be seen is written out: a line break as `\n`, others as `\u{202e}`. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, (sign) =>
    sign === "\n" ? "\\n" : sign === "\t" ? "\\t" : `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** A text that is no longer than this many characters; it says how many it had. */
export function short(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept = text.slice(0, most).replace(/[\ud800-\udbff]$/, "");
  return `${kept}… (${text.length} characters)`;
}

/** Texts that would be taken for something else without quotes. */
const NEEDS_QUOTES = /^(|true|false|null|-?[\d.]+(e[+-]?\d+)?|[[{("].*|\s.*|.*\s)$/is;

/** A value of JSON as a person writes it: texts without quotes where nothing else looks like them. */
export function written(value: JsonValue): string {
  return visible(typeof value === "string" && !NEEDS_QUOTES.test(value) ? value : JSON.stringify(value));
}

/** One side of a difference in words; undefined where it is not there. */
export function sideText(side: Shown | undefined): string | undefined {
  if (side === undefined) return undefined;
  switch (side.kind) {
    case "value":
      return written(side.value);
    case "unknown":
      return "(known after the apply)";
    case "secret":
      return "(secret)";
  }
}

/** A line of two texts that are compared: gone, new, the same, or a gap of equal lines. */
export interface TextLine {
  readonly sign: "-" | "+" | " " | "…";
  readonly text: string;
}

/** Lines around a change that are shown as well. */
const CONTEXT = 2;
/** Edits between two texts beyond which they are shown one after the other. */
const MOST_EDITS = 2000;

const linesOf = (text: string, sign: "-" | "+"): TextLine[] =>
  text.split("\n").map((line) => ({ sign, text: visible(line) }));

/** The lines of two texts, such as configurations, that differ; undefined where neither side has several lines. */
export function textLines({ before, after }: Difference): TextLine[] | undefined {
  const [old, now] = [before, after].map((side) =>
    side?.kind === "value" && typeof side.value === "string" ? side.value : undefined,
  );
  if (![old, now].some((text) => text?.trimEnd().includes("\n"))) return undefined;
  if ((before && old === undefined) || (after && now === undefined)) return undefined;
  const patch =
    old === undefined || now === undefined
      ? undefined
      : structuredPatch("", "", old, now, "", "", { context: CONTEXT, maxEditLength: MOST_EDITS });
  if (!patch) return [...(old === undefined ? [] : linesOf(old, "-")), ...(now === undefined ? [] : linesOf(now, "+"))];
  return patch.hunks.flatMap(({ lines }, i) => [
    ...(i > 0 ? [{ sign: "…", text: "" } as const] : []),
    ...lines
      .filter((line) => !line.startsWith("\\"))
      .map((line) => ({ sign: line.slice(0, 1) as "-" | "+" | " ", text: visible(line.slice(1)) })),
  ]);
}

/** A text as the beginning of a sentence. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
