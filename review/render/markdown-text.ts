/** Foreign texts inside Markdown: what GitHub would interpret is escaped. */
import { short, visible } from "./show";

/** Characters of a name, and of a sentence. */
const MOST_OF_A_NAME = 200;
const MOST_OF_A_SENTENCE = 600;

/** A character without width: behind it GitHub sees no mention, link or emoji. */
const JOINER = "\u2060";

/** What begins one: a person, an issue, an address, an emoji. */
const BEGINNINGS = /[@#]|:(?=\/\/)|\bwww(?=\.)|\bGH-|:(?=[\w+-]+:)/gi;

/** What makes a heading, a list or a line of the line that begins with it. */
const BLOCKS = /^(\d*)([-+=#.)])/;

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** A text as a part of a sentence or of a table. */
export function prose(text: string): string {
  return short(visible(text), MOST_OF_A_SENTENCE)
    .trim()
    .replace(BEGINNINGS, (found) => `${found}${JOINER}`)
    .replace(/[\\`*_[\]|~$&<>]/g, (sign) => ENTITIES[sign] ?? `\\${sign}`)
    .replace(BLOCKS, "$1\\$2");
}

const longestRun = (text: string, sign: string) =>
  Math.max(0, ...(text.match(new RegExp(`${sign}+`, "g")) ?? []).map(({ length }) => length));

/** A text as code inside a sentence; not for tables, where a bar ends it. */
export function code(text: string): string {
  const shown = short(visible(text), MOST_OF_A_NAME) || " ";
  const fence = "`".repeat(longestRun(shown, "`") + 1);
  const gap = /^`|`$|^ .* $/.test(shown) ? " " : "";
  return `${fence}${gap}${shown}${gap}${fence}`;
}

/** Lines as a block of code in this language. */
export function codeBlock(language: string, lines: readonly string[]): string {
  const fence = "`".repeat(Math.max(3, longestRun(lines.join("\n"), "`") + 1));
  return [`${fence}${language}`, ...lines, fence].join("\n");
}

/** A text as code inside HTML, where Markdown is not read. */
export function htmlCode(text: string): string {
  return `<code>${short(visible(text), MOST_OF_A_NAME).replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign)}</code>`;
}
