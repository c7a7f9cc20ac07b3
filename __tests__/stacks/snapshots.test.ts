import { join } from "node:path";
import { readableStack } from "../support/readable";
import { expectCommitted, staleFiles, updating } from "../support/committed";
import { allStacks, CHECKOUT } from "../support/sites";

const FOLDER = join(CHECKOUT, "__tests__", "snapshots");
const REMEDY = "read the change, then `npm run snapshots` and commit";
/** Above this nobody reads it any more. */
const BUDGET = 170 * 1024;

const stacks = allStacks().map((stack) => [stack.name, readableStack(stack)] as const);

test.each(stacks)("%s is as committed", (name, text) => {
  expectCommitted(join(FOLDER, `${name}.yaml`), text, REMEDY, updating());
});

test.each(stacks)("%s stays within its budget", (_name, text) => {
  expect(Buffer.byteLength(text)).toBeLessThan(BUDGET);
});

test("every file belongs to a stack", () => {
  expect(
    staleFiles(
      FOLDER,
      stacks.map(([name]) => `${name}.yaml`),
      updating(),
    ),
  ).toEqual([]);
});
