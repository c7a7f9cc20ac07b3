/** Pods as their node's kernel has them: their networks, and the ports on which they listen. */
import type { Cluster, LiveObject } from "../../../cli/shared/kubernetes/client";
import type { PolicyPod } from "../../../synthesized/network-policy";
import { inside } from "../../../synthesized/stack";
import { ofProcess, podProcesses } from "../site/machine-processes";

/** A pod that runs, with a network of its own. */
export interface RunningPod extends PolicyPod {
  readonly name: string;
  readonly address: string;
  /** A process of it, as this machine numbers it. */
  readonly process: number;
  /** TCP ports on which it listens for others. */
  readonly ports: readonly number[];
}

/** Of a socket that listens, in the kernel's tables. */
const LISTENING = "0A";

/** Ports in a table of the kernel's (`/proc/<process>/net/tcp`) on which somebody listens for others than himself. */
export function listeningPorts(table: string): number[] {
  const ports = table
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, address = "", , state]) => state === LISTENING && !isLoopback(address.split(":")[0] ?? ""))
    .map(([, address = ""]) => parseInt(address.split(":")[1] ?? "", 16));
  return [...new Set(ports)].sort((a, b) => a - b);
}

/** An address as the kernel writes it, four bytes at a time and each in the machine's order. */
function isLoopback(address: string): boolean {
  if (address.length === 8) return address.endsWith("7F");
  return address === "00000000000000000000000001000000" || /^0{16}FFFF0000.{6}7F$/.test(address);
}

const isRunning = (pod: LiveObject): boolean =>
  inside(pod.status, "phase") === "Running" &&
  inside(pod.spec, "hostNetwork") !== true &&
  pod.metadata.labels?.["batch.kubernetes.io/job-name"] === undefined;

/**
 * The pods that stay: one of a Job may end while others try to reach it.
 *
 * @throws where a pod has no process on this machine.
 */
export async function runningPods(api: Cluster): Promise<RunningPod[]> {
  const processes = podProcesses();
  return (await api.list("/api/v1/pods")).filter(isRunning).map((pod) => {
    const { name, namespace = "", labels = {}, uid } = pod.metadata;
    const process = processes.get(uid);
    if (process === undefined) throw new Error(`pod ${namespace}/${name} has no process on this machine`);
    const ports = ["tcp", "tcp6"].flatMap((table) => listeningPorts(ofProcess(process, "net", table)));
    const address = String(inside(pod.status, "podIP"));
    return { name, namespace, labels, address, process, ports: [...new Set(ports)] };
  });
}
