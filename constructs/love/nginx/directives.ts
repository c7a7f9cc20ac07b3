/** nginx's language: directives, and blocks of them. */

/** A directive: its name and its arguments, or a block of directives. */
export type Directive = readonly [name: string, ...args: string[]] | Block;

/** Directives in braces. */
export interface Block {
  readonly block: readonly [name: string, ...args: string[]];
  readonly body: readonly Directive[];
}

/** An argument as nginx reads it: in quotes where it would be more than one, or end the directive. */
function argument(text: string): string {
  return text !== "" && !/[\s;{}"'#\\]/.test(text) ? text : `'${text.replace(/[\\']/g, (mark) => `\\${mark}`)}'`;
}

const isBlock = (directive: Directive): directive is Block => "block" in directive;

/** The text of directives. */
export function nginxText(directives: readonly Directive[], indent = ""): string {
  return directives
    .map((one) =>
      isBlock(one)
        ? `${indent}${one.block.map(argument).join(" ")} {\n${nginxText(one.body, `${indent}  `)}${indent}}\n`
        : `${indent}${one.map(argument).join(" ")};\n`,
    )
    .join("");
}
