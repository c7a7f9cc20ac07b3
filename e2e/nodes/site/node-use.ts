/** What the nodes take of the machine, as their control groups count it. */
import type { RunningSite } from "./running-site";

/** A reading: nanoseconds of a core since the start, and when that was read. */
export interface Reading {
  readonly spent: number;
  readonly at: number;
  readonly bytes: number;
}

/** Bytes of a MiB. */
const MIB = 2 ** 20;

/** Both versions of control groups: memory, the file that says how much of it is files, and the time of cores. */
const READ = `c=/sys/fs/cgroup
if [ -e $c/cgroup.controllers ]; then
  cat $c/memory.current $c/memory.stat $c/cpu.stat
else
  cat $c/memory/memory.usage_in_bytes $c/memory/memory.stat
  echo "usage_nsec $(cat $c/cpuacct/cpuacct.usage)"
fi`;

/** Memory without inactive files, which is what the kubelet calls the working set. */
export function heldBytes(text: string): number {
  const used = Number(/^\d+/.exec(text)?.[0] ?? NaN);
  // Version 1 counts a group alone, and with all below it.
  const [, files = "0"] = /^total_inactive_file (\d+)$/m.exec(text) ?? /^inactive_file (\d+)$/m.exec(text) ?? [];
  return used - Number(files);
}

/** Nanoseconds of a core that were spent since the group was made. */
export function spentNanoseconds(text: string): number {
  const [, unit, time] = /^usage_([un])sec (\d+)$/m.exec(text) ?? [];
  return time === undefined ? NaN : Number(time) * (unit === "u" ? 1000 : 1);
}

/** What each node has taken so far, by the name of its container: its programs, pods among them. */
export async function readNodes(site: RunningSite): Promise<Map<string, Reading>> {
  const { cluster } = site.environment;
  const names = cluster.kind === "k3s" ? [cluster.serverName, ...cluster.agents.map(({ name }) => name)] : [];
  const found = await Promise.all(
    names.map(async (name): Promise<[string, Reading]> => {
      const { stdout } = await site.docker("exec", name, "/bin/busybox", "sh", "-c", READ);
      return [name, { spent: spentNanoseconds(stdout), at: Date.now(), bytes: heldBytes(stdout) }];
    }),
  );
  return new Map(found);
}

/** Memory of each node in a line, and of all. */
export function memoryLine(nodes: ReadonlyMap<string, Pick<Reading, "bytes">>): string {
  const mib = (bytes: number) => `${Math.round(bytes / MIB)} MiB`;
  const all = [...nodes.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  return `${[...nodes].map(([name, { bytes }]) => `${name} ${mib(bytes)}`).join(", ")}, together ${mib(all)}`;
}
