/**
 * A file that is no TypeScript, most often a site's with a bracket too few, or that names what is not there, ends the
 * program while it loads: said in a line for each place. To be imported before everything else.
 */
import { dirname, join, relative } from "node:path";

/** `<file>:<line>:<column>: ERROR: <text>`, as esbuild, which reads the files for us, says it; columns from 0. */
const PLACE = /^(.+):(\d+):(\d+): ERROR: (.+)$/gm;

/** A place of ours in a stack. */
const FRAME = /^ +at .*?\(?(?:file:\/\/)?(\/[^()]*?):(\d+):(\d+)\)?$/gm;

const shown = (file: string) => relative(process.cwd(), file);

/** One line for each place that cannot be read. */
function unreadable(message: string): string[] {
  return [...message.matchAll(PLACE)].map(
    ([, file = "", line, column, text]) => `${shown(file)}:${line}:${Number(column) + 1}: ${text}, correct the file`,
  );
}

/** The first place of a stack below `environments/`, which is all that a site's author writes. */
function placeIn(folder: string, stack = ""): string | undefined {
  const [, file = "", line, column] = [...stack.matchAll(FRAME)][0] ?? [];
  return dirname(file) === folder ? `${shown(file)}:${line}:${column}` : undefined;
}

/** What a file of `environments/` got wrong while it was loaded, a line each; none where the error is another one. */
function mistakesOf(error: NodeJS.ErrnoException & { requireStack?: string[] }): string[] {
  if (error.name === "TransformError") return unreadable(error.message);
  const folder = join(process.cwd(), "environments");
  const [from = ""] = error.requireStack ?? [];
  if (error.code === "MODULE_NOT_FOUND" && dirname(from) === folder)
    return [`${shown(from)}: ${error.message.split("\n")[0]}, correct the import or add the file`];
  const place = /^(Reference|Type|Range)Error$/.test(error.name) ? placeIn(folder, error.stack) : undefined;
  return place === undefined ? [] : [`${place}: ${error.message}, correct the file`];
}

function explain(error: Error): never {
  const lines = mistakesOf(error);
  process.stderr.write(`${lines.length > 0 ? lines.join("\n") : (error.stack ?? String(error))}\n`);
  process.exit(1);
}

process.once("uncaughtException", explain);

/** Everything was read. */
export function loaded(): void {
  process.removeListener("uncaughtException", explain);
}
