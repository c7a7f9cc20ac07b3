/**
 * A file that is no TypeScript, most often a site's with a bracket too few, ends the program while it loads: said in a
 * line for each place. To be imported before everything else.
 */
import { relative } from "node:path";

/** `<file>:<line>:<column>: ERROR: <text>`, as esbuild, which reads the files for us, says it; columns from 0. */
const PLACE = /^(.+):(\d+):(\d+): ERROR: (.+)$/gm;

/** One line for each place that cannot be read; none where the error is another one. */
function unreadable({ name, message }: Error): string[] {
  if (name !== "TransformError") return [];
  return [...message.matchAll(PLACE)].map(
    ([, file = "", line, column, text]) =>
      `${relative(process.cwd(), file)}:${line}:${Number(column) + 1}: ${text}, correct the file`,
  );
}

function explain(error: Error): never {
  const lines = unreadable(error);
  process.stderr.write(`${lines.length > 0 ? lines.join("\n") : (error.stack ?? String(error))}\n`);
  process.exit(1);
}

process.once("uncaughtException", explain);

/** Everything was read. */
export function loaded(): void {
  process.removeListener("uncaughtException", explain);
}
