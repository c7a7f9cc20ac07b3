/** Providers that outlived a killed Terraform. */
import { readdirSync, readlinkSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../../ground/errors";
import { signal } from "../process/process";

/**
 * Ends the providers that a killed Terraform left in a stack's folder: they could still change resources during the
 * next apply. Does nothing where there is no `/proc`.
 *
 * @returns a line for each that was ended.
 * @throws {UserError} when a Terraform still runs there.
 */
export async function endOrphanedProviders(folder: string): Promise<string[]> {
  const there = processesIn(folder);
  const working = there.find(({ program }) => program === "terraform");
  if (working)
    throw new UserError(`Terraform still works on this layer (process ${working.pid}): wait until it has ended`);
  const orphans = there.filter(({ program }) => program.startsWith("terraform-provider-"));
  for (const { pid } of orphans) signal(pid, "SIGKILL");
  // A request that it sent to a cluster may still be carried out.
  if (orphans.length > 0) await sleep(1000);
  return orphans.map(({ pid, program }) => `ended ${program} (process ${pid}) of an apply that was killed`);
}

function processesIn(folder: string): { pid: number; program: string }[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => processOf(name, folder));
  } catch {
    return [];
  }
}

/** None for a process that works elsewhere, has ended, or belongs to another account. */
function processOf(pid: string, folder: string) {
  try {
    if (readlinkSync(`/proc/${pid}/cwd`) !== folder) return [];
    const program = basename(readlinkSync(`/proc/${pid}/exe`)).replace(/_v[\d.]+.*$/, "");
    return [{ pid: Number(pid), program }];
  } catch {
    return [];
  }
}
