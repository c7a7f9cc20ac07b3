/** The acceptance lists in docs/acceptance, one for each half of the mission: which tests hold each of their rows. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../../cli/shared/site/program";

/** A file of tests with its text. */
export interface TestFile {
  /** Path from the checkout. */
  readonly path: string;
  readonly text: string;
}

/** Every file of tests but the one that tests this, whose numbers are examples. */
export function testFiles(): TestFile[] {
  return readdirSync(join(CHECKOUT, "__tests__"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts") && !name.endsWith("acceptance.test.ts"))
    .sort()
    .map((name) => ({ path: `__tests__/${name}`, text: readFileSync(join(CHECKOUT, "__tests__", name), "utf8") }));
}

/**
 * A list with the tests that cite each row by its number in the last column: `EFD-12` in the list of `EFD`, `LOVE-C12` in
 * that of `LOVE`.
 *
 * @throws {Error} where a test cites a row that is not there, or a row has neither a test nor the reason why.
 */
export function insertTests(system: string, page: string, tests: readonly TestFile[]): string {
  const numbers = new RegExp(`\\b${system}-C?\\d\\w*`, "g");
  const left = new Map<string, string[]>();
  for (const { path, text } of tests)
    for (const number of new Set(text.match(numbers)))
      left.set(number, [...(left.get(number) ?? []), `[${path.replace("__tests__/", "")}](../../${path})`]);
  const lines = page.split("\n").map((line) => {
    const [, number = "", what = "", last = ""] = /^\| (\w+-C?\d\w*) \| (.*) \| (.*?) ?\|$/.exec(line) ?? [];
    if (!number.startsWith(`${system}-`)) return line;
    const files = left.get(number);
    left.delete(number);
    if (!files && !last.startsWith("not built: "))
      throw new Error(`${number} is cited by no test: write one, or say in its last column why it is not built`);
    return `| ${number} | ${what} | ${files?.join(", ") ?? last} |`;
  });
  const [unknown] = left;
  if (unknown) throw new Error(`${unknown[0]} is cited by ${unknown[1].join(", ")} and is no row of the list: add it`);
  return lines.join("\n");
}
