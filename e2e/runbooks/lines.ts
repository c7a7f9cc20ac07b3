/** The commands of the runbooks, and what is said of each. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../../cli/shared/site/program";

/** A command of a runbook. */
export interface Line {
  /** File and line number. */
  readonly where: string;
  /** Without the mark. */
  readonly command: string;
  /** What a comment behind it says: `tried on the bench`, `tried on the data path`, `not run`, or anything; empty where there is none. */
  readonly mark: string;
}

/** Folder of the runbooks. */
export const RUNBOOKS = join(CHECKOUT, "docs", "runbooks");

/** What says that `npm run bench:runbooks` runs a command. */
export const TRIED = "tried on the bench";

/** What says that `npm run bench:data-path` runs a command. */
export const TRIED_ON_DATA = "tried on the data path";

/** The commands in the `sh` blocks of a text. */
export function linesOf(file: string, text: string): Line[] {
  let inside = false;
  return text.split("\n").flatMap((line, i) => {
    const trimmed = line.replace(/^\s*\d+\.\s+/, "").trim();
    if (trimmed.startsWith("```")) {
      inside = trimmed === "```sh";
      return [];
    }
    if (!inside || trimmed === "") return [];
    const [, command = "", mark = ""] = /^(.*?)(?:\s+# (.*))?$/.exec(trimmed) ?? [];
    return [{ where: `${file}:${i + 1}`, command, mark }];
  });
}

/** The commands of all runbooks. */
export function runbookLines(): Line[] {
  return readdirSync(RUNBOOKS)
    .sort()
    .flatMap((file) => linesOf(file, readFileSync(join(RUNBOOKS, file), "utf8")));
}
