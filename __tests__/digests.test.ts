import { createHash } from "node:crypto";
import { join } from "node:path";
import { expectCommitted, updating } from "./support/committed";
import { allStacks, CHECKOUT } from "./support/sites";

const FILE = join(CHECKOUT, "__tests__", "digests.txt");

/** One line for each stack, as `sha256sum` writes it. */
function digests(): string {
  return allStacks()
    .map(({ name, text }) => `${createHash("sha256").update(text).digest("hex")}  ${name}/cdk.tf.json\n`)
    .join("");
}

test("every cdk.tf.json is, byte for byte, the one whose digest is committed", () => {
  expectCommitted(
    FILE,
    digests(),
    "if the change of the JSON is meant, run `npm run snapshots` and commit",
    updating(),
  );
});
