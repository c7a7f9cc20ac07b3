/** Containers of the site's pods as the nodes' kernel sees them. */
import { inside, type Json } from "../../../synthesized/stack";
import type { LiveObject } from "../../../cli/shared/kubernetes/client";
import type { RunningSite } from "./running-site";

/** Path at which an API server mounts the token of a pod's account. */
export const TOKEN = "/serviceaccount";

/** The first process of a container. */
export interface ContainerProcess {
  /** `kafka/kafka`: namespace and container; pods of a workload are alike. */
  readonly name: string;
  readonly pod: string;
  readonly uid: number;
  /** Effective capabilities, as a mask. */
  readonly capabilities: bigint;
  /** Whether its programs may get more rights than it has. */
  readonly mayGainRights: boolean;
  /** Whether the kernel filters its calls. */
  readonly isFiltered: boolean;
  /** Whether it may write into its root file system. */
  readonly writesRoot: boolean;
  /** Where else it may write, on a disk. */
  readonly writable: readonly string[];
  readonly hasToken: boolean;
}

/**
 * Prints the first process of each container: its control group, status and mounts. A process of a container has a number of
 * its own there, the last of `NSpid`. One that ends meanwhile has no mounts any more, and is left out.
 */
const READ = `for d in /proc/[0-9]*; do
  n=$(sed -n 's/^NSpid:.*\\t//p' $d/status 2>/dev/null) || continue
  [ "$n" = 1 ] || continue
  g=$(grep -o 'cri-containerd-[0-9a-f]*\\|kubepods.*[0-9a-f]\\{64\\}' $d/cgroup 2>/dev/null | grep -o '[0-9a-f]\\{64\\}' | head -n 1)
  [ -n "$g" ] || continue
  s=$(grep -E '^(Uid|CapEff|NoNewPrivs|Seccomp):' $d/status) m=$(sed 's/^/mount /' $d/mountinfo)
  [ -n "$s" ] && [ -n "$m" ] || continue
  printf '= %s\\n%s\\n%s\\n' "$g" "$s" "$m"
done 2>/dev/null`;

/** File systems that are no disk. */
const NO_DISK = /^(proc|sysfs|cgroup2?|devpts|mqueue|tmpfs|devtmpfs)$/;

/** Reads what {@link READ} printed, by the id of the container. */
export function processesIn(text: string): Map<string, Omit<ContainerProcess, "name" | "pod">> {
  const found = text.split(/^= /m).slice(1);
  return new Map(
    found.map((part) => {
      const [id = "", ...lines] = part.split("\n");
      const of = (key: string) => new RegExp(`^${key}:\\s+(\\S+)`, "m").exec(part)?.[1] ?? "";
      const mounts = lines.filter((line) => line.startsWith("mount ")).map(mountIn);
      const writable = mounts.filter(({ at, type, mayWrite }) => mayWrite && at !== "/" && !NO_DISK.test(type));
      const process = {
        uid: Number(of("Uid")),
        capabilities: BigInt(`0x${of("CapEff") || "0"}`),
        mayGainRights: of("NoNewPrivs") !== "1",
        isFiltered: of("Seccomp") === "2",
        writesRoot: mounts.some(({ at, mayWrite }) => at === "/" && mayWrite),
        writable: writable
          .map(({ at }) => at)
          .filter(
            (at) =>
              !at.startsWith("/dev/") && at !== "/etc/hosts" && at !== "/etc/hostname" && at !== "/etc/resolv.conf",
          ),
        hasToken: mounts.some(({ at }) => at.endsWith(TOKEN)),
      };
      return [id, process];
    }),
  );
}

/** A line of `/proc/<pid>/mountinfo`. */
function mountIn(line: string): { readonly at: string; readonly type: string; readonly mayWrite: boolean } {
  const words = line.split(" ");
  const rest = words.indexOf("-");
  const options = `${words[6] ?? ""},${words[rest + 3] ?? ""}`.split(",");
  return { at: words[5] ?? "", type: words[rest + 1] ?? "", mayWrite: !options.includes("ro") };
}

/** The containers of all pods that run now, each by its first process. */
export async function containerProcesses(site: RunningSite): Promise<ContainerProcess[]> {
  const { cluster } = site.environment;
  const nodes = cluster.kind === "k3s" ? [cluster.serverName, ...cluster.agents.map(({ name }) => name)] : [];
  const read = await Promise.all(
    nodes.map(async (node) => processesIn((await site.docker("exec", node, "sh", "-c", READ)).stdout)),
  );
  const processes = new Map(read.flatMap((one) => [...one]));
  const pods = await site.api.list("/api/v1/pods");
  return pods.flatMap((pod) =>
    runningContainers(pod).flatMap(({ container, id }) => {
      const process = processes.get(id);
      const name = `${pod.metadata.namespace}/${container}`;
      return process ? [{ name, pod: pod.metadata.name, ...process }] : [];
    }),
  );
}

/** Names and ids of a pod's containers that run. */
export function runningContainers({ status }: Pick<LiveObject, "status">): { container: string; id: string }[] {
  const all = (status?.["containerStatuses"] ?? []) as Json[];
  return all
    .filter((one) => inside(one, "state", "running") !== undefined)
    .map((one) => ({ container: String(one["name"]), id: String(one["containerID"]).replace(/^.*\/\//, "") }));
}
