/** What the nodes take of the machine, as their control groups count it. */
import type { RunningSite } from "./running-site";

/** Bytes of a MiB. */
const MIB = 1024 * 1024;

/** MiB that the programs of a node hold, files that they could give back left out; by the node's container. */
export async function memoryOfNodes(site: RunningSite): Promise<Map<string, number>> {
  const { cluster } = site.environment;
  const names = cluster.kind === "k3s" ? [cluster.serverName, ...cluster.agents.map(({ name }) => name)] : [];
  const found = await Promise.all(
    names.map(async (name): Promise<[string, number]> => {
      const { stdout } = await site.docker("exec", name, "/bin/busybox", "sh", "-c", READ);
      return [name, Math.round(heldBytes(stdout) / MIB)];
    }),
  );
  return new Map(found);
}

/** Both versions of control groups: use, and the file that says how much of it is files. */
const READ =
  "cat /sys/fs/cgroup/memory.current /sys/fs/cgroup/memory.stat 2>/dev/null || " +
  "cat /sys/fs/cgroup/memory/memory.usage_in_bytes /sys/fs/cgroup/memory/memory.stat";

/** Use without inactive files, which is what the kubelet calls the working set. */
export function heldBytes(text: string): number {
  const used = Number(/^\d+/.exec(text)?.[0] ?? NaN);
  // Version 1 counts a group alone, and with all below it.
  const [, files = "0"] = /^total_inactive_file (\d+)$/m.exec(text) ?? /^inactive_file (\d+)$/m.exec(text) ?? [];
  return used - Number(files);
}
