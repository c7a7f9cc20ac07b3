/** The generated part of a document that people write. */

/** The part between its marks. */
export const marked = (name: string, part: string): string =>
  `<!-- generated:${name} -->\n\n${part}\n\n<!-- /generated:${name} -->`;

/** A document with another part between the marks of this name; undefined where it has none. */
export function insert(text: string, name: string, part: string): string | undefined {
  const there = new RegExp(`<!-- generated:${name} -->[^]*<!-- /generated:${name} -->`);
  return there.test(text) ? text.replace(there, () => marked(name, part)) : undefined;
}
