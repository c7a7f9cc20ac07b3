/** The texts of our own files, for tests of what may stand in them. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../../cli/shared/site/program";

/** A file of ours. */
export interface Source {
  /** Path from the checkout. */
  readonly path: string;
  readonly text: string;
}

/** Folders of the program: everything but tests. */
export const PRODUCT = [
  ...["ground", "synthesized", "environments", "constructs", "stacks", "review", "cli", "e2e", "tools"],
  ".github/scripts",
];

/** The TypeScript files below some folders, by path. */
export function sourcesIn(folders: readonly string[]): Source[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(CHECKOUT, folder), { recursive: true, encoding: "utf8" }).map((file) => `${folder}/${file}`),
    )
    .filter((path) => path.endsWith(".ts"))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(CHECKOUT, path), "utf8") }));
}

/** Lines of files that a pattern matches: `path:number: line`. */
export function linesWith(pattern: RegExp, sources: readonly Source[]): string[] {
  return sources.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, i) => (pattern.test(line) ? [`${path}:${i + 1}: ${line.trim()}`] : [])),
  );
}
