import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Makes the folder that all workers of one run write to. */
export default function setup(): void {
  process.env["EFD_TEST_FOLDER"] = mkdtempSync(join(tmpdir(), "efd-test-"));
}
