/** Markdown as GitHub reads it: CommonMark with GitHub's additions, HTML let through. */
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";

/** The HTML of a comment. */
export function githubHtml(markdown: string): string {
  return micromark(markdown, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"' };

/** The tags of HTML in their order, each as it is written. */
export function tagsOf(html: string): string[] {
  return html.match(/<[^>]*>/g) ?? [];
}

/** The texts of HTML outside code, as GitHub looks through them for people, issues and addresses. */
export function textsOutsideCode(html: string): string[] {
  return html
    .replace(/<pre[\s\S]*?<\/pre>|<code[\s\S]*?<\/code>/g, "<i>")
    .split(/<[^>]*>/)
    .map(decoded);
}

/** A text of HTML as one sees it. */
export function decoded(text: string): string {
  return text.replace(/&(amp|lt|gt|quot);/g, (_, name: string) => ENTITIES[name] ?? "");
}
