/**
 * Processes of containers and pods, as this machine numbers them. Docker's daemon of the bench has numbers of its own, so
 * what it says of a process is another one here.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A file of a process; empty where it has ended. */
export function ofProcess(pid: number, ...path: string[]): string {
  try {
    return readFileSync(join("/proc", String(pid), ...path), "utf8");
  } catch {
    return "";
  }
}

/** Whose first process it is: the control groups that it is in; empty where it is the first of no namespace. */
function firstOf(pid: number): string {
  const numbers = /^NSpid:\s+(.*)$/m.exec(ofProcess(pid, "status"))?.[1]?.split(/\s+/) ?? [];
  const isFirst = numbers.length > 1 && numbers.at(-1) === "1";
  return isFirst && ofProcess(pid, "comm").trim() !== "pause" ? ofProcess(pid, "cgroup") : "";
}

const pids = (): number[] => readdirSync("/proc").flatMap((one) => (/^\d+$/.test(one) ? [Number(one)] : []));

/** The uid of the pod whose control groups these are, by a kubelet's names; undefined where they are no pod's. */
export const podIn = (groups: string): string | undefined =>
  /\/kubepods[^\n]*?\/pod([0-9a-f-]{36})\//.exec(groups)?.[1];

/** The first process of a container of each pod, by the pod's uid. */
export function podProcesses(): Map<string, number> {
  return new Map(
    pids().flatMap((pid): [string, number][] => {
      const uid = podIn(firstOf(pid));
      return uid === undefined ? [] : [[uid, pid]];
    }),
  );
}

/**
 * The first process of a container of Docker's.
 *
 * @param id - its whole id
 * @throws where it does not run.
 */
export function containerProcess(id: string): number {
  const found = pids().find((pid) => {
    const groups = firstOf(pid);
    return groups.includes(id) && podIn(groups) === undefined;
  });
  if (found === undefined) throw new Error(`container ${id.slice(0, 12)} has no process on this machine`);
  return found;
}
