/** Small file systems, so that a full one is made at once and harms nobody. */
import { mkdirSync } from "node:fs";
import { run } from "../../../cli/shared/process/process";
import { endLater } from "../../data-path/program";

/** Mounts memory as the file system of a new folder; false where this machine does not allow it. It goes with everything else. */
export async function mountSmall(folder: string, size: string): Promise<boolean> {
  mkdirSync(folder);
  const { code } = await run("mount", ["-t", "tmpfs", "-o", `size=${size},mode=0700`, "tmpfs", folder]);
  if (code !== 0) return false;
  endLater({
    stop: async () => {
      await run("umount", ["--lazy", folder], { cleanup: true });
    },
  });
  return true;
}
