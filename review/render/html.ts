/** HTML in which every text is escaped, unless it is HTML already. */
import { visible } from "./show";

/** A piece of HTML. */
export class Html {
  constructor(
    /** As it goes into the page. */
    readonly text: string,
  ) {}
}

/** What may stand inside: texts are escaped, lists are joined, nothing is nothing. */
export type HtmlPart = string | number | Html | undefined | false | readonly HtmlPart[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text as HTML; signs that cannot be seen are written out. */
export function escaped(text: string): string {
  return visible(text).replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}

function textOf(part: HtmlPart): string {
  if (part === undefined || part === false) return "";
  if (part instanceof Html) return part.text;
  return typeof part === "object" ? part.map(textOf).join("") : escaped(String(part));
}

/** A template of HTML. */
export function html(literals: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return new Html(literals.reduce((text, literal, i) => text + textOf(parts[i - 1]) + literal));
}

/** Name of a class for a risk. */
export const slug = (risk: string): string => risk.replaceAll(" ", "-");
