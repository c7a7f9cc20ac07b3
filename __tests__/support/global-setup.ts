import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Makes the folder that all workers of one run write to, and all that they start: cdktf leaves a folder for each app. */
export default function setup(): void {
  const folder = mkdtempSync(join(tmpdir(), "efd-test-"));
  process.env["EFD_TEST_FOLDER"] = folder;
  process.env["TMPDIR"] = folder;
}
