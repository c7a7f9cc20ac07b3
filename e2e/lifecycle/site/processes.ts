/** Terraform's processes that work below a folder: looked for, waited for, ended. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { signal } from "../../../cli/shared/process/process";

function terraformIn(folder: string): { pid: number; args: string[] }[] {
  return readdirSync("/proc").flatMap((pid) => {
    try {
      if (!/^\d+$/.test(pid) || !readlinkSync(`/proc/${pid}/cwd`).startsWith(`${folder}/`)) return [];
      const args = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      return basename(args[0] ?? "") === "terraform" ? [{ pid: Number(pid), args }] : [];
    } catch {
      return []; // ended meanwhile, or somebody else's
    }
  });
}

/** Waits until Terraform is at this command below the folder; false when `ended` came first, or five minutes. */
export async function untilTerraform(folder: string, command: string, ended?: Promise<unknown>): Promise<boolean> {
  let over = false;
  void ended?.finally(() => (over = true));
  for (const end = Date.now() + 300_000; !over && Date.now() < end;) {
    if (terraformIn(folder).some((one) => one.args.includes(command))) return true;
    await sleep(50);
  }
  return false;
}

/** Ends the Terraform that works below the folder, at once: with its providers, or without them. */
export function killTerraform(folder: string, withProviders: boolean): void {
  for (const { pid } of terraformIn(folder)) signal(withProviders ? -pid : pid, "SIGKILL");
}
