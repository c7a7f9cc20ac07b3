/** A table of a document. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows].map(
    (cells) => `| ${cells.map((cell) => cell.replace(/\\n|\n/g, " ").trim()).join(" | ")} |`,
  );
  return ["<!-- prettier-ignore -->", ...lines].join("\n");
}
