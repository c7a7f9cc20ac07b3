import { rmSync } from "node:fs";

/** Removes what global-setup.ts made. */
export default function teardown(): void {
  const folder = process.env["EFD_TEST_FOLDER"];
  if (folder) rmSync(folder, { recursive: true, force: true });
}
