/** Words of Mermaid: names of boxes, and texts inside them. */

/** Name of a box; Mermaid knows letters, digits and underlines. */
export const boxId = (...names: string[]): string => names.join("__").replace(/[^A-Za-z0-9_]/g, "_");

/** A text in a box: characters with a meaning in Mermaid or HTML are written as numbers. */
export function boxText(text: string): string {
  return text.replace(/[^\p{L}\p{N} .,/()…×·_-]/gu, (sign) => `#${sign.codePointAt(0)};`);
}
