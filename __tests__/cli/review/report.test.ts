import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { graphText, writeReport } from "../../../cli/review/report";
import { readReview } from "../../../.github/scripts/reviews";
import { EXAMPLE } from "../../review/example";
import { allStacks } from "../../support/sites";

const folder = mkdtempSync(join(tmpdir(), "efd-report-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const stacks = allStacks().filter(({ site }) => site === allStacks()[0]?.site);

test("a report is data, Markdown, a page and the picture, and its data can be read back", async () => {
  const report = join(folder, "plan-base");
  await writeReport(report, stacks, EXAMPLE);
  // Git passes over it: a checkout with a report in it is still the revision that was reviewed.
  expect(readFileSync(join(report, ".gitignore"), "utf8")).toBe("*\n");
  expect(readdirSync(report).sort()).toEqual([
    ".gitignore",
    "review.html",
    "review.json",
    "review.md",
    "site.mmd",
    "site.svg",
  ]);
  expect(readReview(folder, "plan", "base")).toEqual(EXAMPLE);
  const page = readFileSync(join(report, "review.html"), "utf8");
  expect(page.match(/<svg /g)).toHaveLength(1);
  // The policy of the page allows no style but its own.
  expect(page.match(/<style>/g)).toHaveLength(1);
  expect(readFileSync(join(report, "site.svg"), "utf8").match(/<style>/g)).toHaveLength(1);
  expect(readFileSync(join(report, "site.mmd"), "utf8")).toBe(`${graphText(stacks, EXAMPLE)}\n`);
});

test("a folder that holds something is left to whoever made it", async () => {
  const report = join(folder, "theirs");
  mkdirSync(report);
  writeFileSync(join(report, "notes.txt"), "");
  await writeReport(report, stacks, EXAMPLE);
  expect(readdirSync(report)).not.toContain(".gitignore");
});
