/** Clients of Docker hosts: of this machine through its socket, of others through ssh. */
import { request } from "node:http";
import { interruption } from "../process/interruption";
import type { Run, RunResult } from "../process/process";
import { machineNetwork, type MachineNetwork, type Mount, mountOf, MOUNTS_FILE, NETWORK_FILES } from "./machine";

/** What the checks and the pull of images ask of a Docker host. Every method rejects when the host does not answer. */
export interface DockerClient {
  version(): Promise<string>;
  /** Names of all containers, stopped ones too. */
  containers(): Promise<string[]>;
  volumes(): Promise<string[]>;
  /** Names of the volumes with nothing in them. The daemon counts the bytes of all: seconds to minutes. */
  emptyVolumes(): Promise<string[]>;
  /** Environment and mounts of a container; undefined where there is none of this name. */
  container(name: string): Promise<ContainerFacts | undefined>;
  /** Stops a container, gives it a minute for that, and removes it without its volumes. */
  remove(container: string): Promise<void>;
  hasImage(image: string): Promise<boolean>;
  pull(image: string): Promise<void>;
  /** Whether a folder of the machine has entries; false when it does not exist or cannot be read. */
  hasFiles(folder: string): Promise<boolean>;
  /** Ports that programs of the machine listen on; undefined when that cannot be found out. */
  listening(): Promise<ReadonlySet<number> | undefined>;
  /** What the kernel of the machine offers; undefined when that cannot be found out. */
  kernel(): Promise<KernelFacts | undefined>;
  /** Operating system of the daemon, in its own words. */
  system(): Promise<string>;
  /** Addresses and routes of the machine; undefined when they cannot be found out. */
  network(): Promise<MachineNetwork | undefined>;
  /** File system of a folder of the machine; undefined when that cannot be found out. */
  mount(folder: string): Promise<Mount | undefined>;
  /** What a program of the machine says; undefined where it fails or is not there. */
  ask(command: string, ...args: string[]): Promise<string | undefined>;
  /** What a program in a running container says; undefined where it fails or nothing runs. */
  askInside(container: string, command: string, ...args: string[]): Promise<string | undefined>;
}

/** Properties of a machine's kernel that nodes need and a container cannot change. */
export interface KernelFacts {
  readonly inotifyInstances: number;
  /** Parts of files that a program may have in memory (`vm.max_map_count`). @default - not known */
  readonly memoryMaps?: number | undefined;
  /** Whether packets inside a bridge pass iptables: the module `br_netfilter` is there. */
  readonly filtersBridges: boolean;
  readonly cgroups: 1 | 2;
}

/** A container as its daemon knows it. */
export interface ContainerFacts {
  /** Environment, `NAME=value`. */
  readonly env: readonly string[];
  readonly volumes: readonly string[];
}

/** What `docker inspect` says, as far as we read it. */
interface Inspected {
  readonly Config: { readonly Env: string[] | null };
  readonly Mounts: readonly { readonly Type: string; readonly Name?: string }[];
}

function containerFacts({ Config, Mounts }: Inspected): ContainerFacts {
  return { env: Config.Env ?? [], volumes: Mounts.flatMap(({ Name }) => Name ?? []) };
}

/** Seconds that a node may take to stop. */
const STOP_SECONDS = 60;

/** Reads the ports with a listener out of `/proc/net/tcp` and `/proc/net/tcp6`. */
export function listeningPorts(procNetTcp: string): Set<number> {
  const ports = [...procNetTcp.matchAll(/^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} 0A /gm)];
  return new Set(ports.map((match) => parseInt(match[1] ?? "", 16)));
}

const PROC_NET = ["/proc/net/tcp", "/proc/net/tcp6"];

/**
 * Files that tell what a host's kernel offers. They hold a number, a digit, names of controllers, and a number of
 * several digits; the second and the third exist only where the kernel has the feature.
 */
const KERNEL = [
  "/proc/sys/fs/inotify/max_user_instances",
  "/proc/sys/net/bridge/bridge-nf-call-iptables",
  "/sys/fs/cgroup/cgroup.controllers",
  "/proc/sys/vm/max_map_count",
];

function kernelFacts(text: string): KernelFacts | undefined {
  const [instances = "", ...others] = text.trim().split("\n");
  if (!/^\d+$/.test(instances)) return undefined;
  const maps = others.find((line) => /^\d{2,}$/.test(line));
  return {
    inotifyInstances: Number(instances),
    memoryMaps: maps === undefined ? undefined : Number(maps),
    filtersBridges: others.some((line) => /^\d$/.test(line)),
    cgroups: others.some((line) => /^[a-z]/.test(line)) ? 2 : 1,
  };
}

abstract class BaseDockerClient {
  constructor(protected readonly run: Run) {}

  protected abstract execute(command: string, ...args: string[]): Promise<RunResult>;

  async hasFiles(folder: string): Promise<boolean> {
    const { code, stdout } = await this.execute("ls", "-A", folder);
    return code === 0 && stdout.trim() !== "";
  }

  async listening(): Promise<ReadonlySet<number> | undefined> {
    const { code, stdout } = await this.execute("cat", ...PROC_NET);
    // A machine without IPv6 has only the first of them.
    return code === 0 || stdout !== "" ? listeningPorts(stdout) : undefined;
  }

  async kernel(): Promise<KernelFacts | undefined> {
    // Not every kernel has all of them.
    return kernelFacts((await this.execute("cat", ...KERNEL)).stdout);
  }

  async network(): Promise<MachineNetwork | undefined> {
    return machineNetwork((await this.execute("cat", ...NETWORK_FILES)).stdout);
  }

  async mount(folder: string): Promise<Mount | undefined> {
    return mountOf((await this.execute("cat", MOUNTS_FILE)).stdout, folder);
  }

  async ask(command: string, ...args: string[]): Promise<string | undefined> {
    const { code, stdout } = await this.execute(command, ...args);
    return code === 0 ? stdout : undefined;
  }
}

/** What a daemon answered. */
export interface DockerReply {
  readonly status: number;
  readonly body: Buffer;
}

/** How a daemon is asked. */
interface CallOptions {
  /** Milliseconds that the answer may take. @default - as long as it takes */
  readonly timeout?: number | undefined;
  readonly json?: object;
  /** Goes on when the user interrupts: for what cleans up. @default false */
  readonly cleanup?: boolean;
}

/** The daemon behind a socket of this machine. */
export class SocketDockerClient extends BaseDockerClient implements DockerClient {
  private readonly socketPath: string;

  /** `address` begins with `unix://`. */
  constructor(
    readonly address: string,
    run: Run,
  ) {
    super(run);
    this.socketPath = address.replace(/^unix:\/\//, "");
  }

  async version(): Promise<string> {
    return ((await this.json("/version", { timeout: 5000 })) as { Version: string }).Version;
  }

  async containers(options: CallOptions = {}): Promise<string[]> {
    const all = (await this.json("/containers/json?all=1", options)) as { Names: string[] }[];
    return all.flatMap(({ Names }) => Names.map((name) => name.replace(/^\//, "")));
  }

  async volumes(options: CallOptions = {}): Promise<string[]> {
    const { Volumes } = (await this.json("/volumes", options)) as { Volumes: { Name: string }[] | null };
    return (Volumes ?? []).map(({ Name }) => Name);
  }

  async emptyVolumes(): Promise<string[]> {
    const { Volumes } = (await this.json("/system/df")) as {
      Volumes: { Name: string; UsageData?: { Size: number } | null }[] | null;
    };
    return (Volumes ?? []).filter(({ UsageData }) => UsageData?.Size === 0).map(({ Name }) => Name);
  }

  async container(name: string): Promise<ContainerFacts | undefined> {
    const { status, body } = await this.call("GET", `/containers/${name}/json`);
    if (status === 404) return undefined;
    if (status !== 200) throw new Error(`status ${status}`);
    return containerFacts(JSON.parse(body.toString()) as Inspected);
  }

  async remove(container: string): Promise<void> {
    await this.call("POST", `/containers/${container}/stop?t=${STOP_SECONDS}`);
    const { status, body } = await this.call("DELETE", `/containers/${container}?force=true`);
    if (status !== 204 && status !== 404)
      throw new Error(`container ${container} cannot be removed: ${body.toString()}`);
  }

  async system(): Promise<string> {
    return ((await this.json("/info", { timeout: 5000 })) as { OperatingSystem: string }).OperatingSystem;
  }

  async askInside(container: string, ...command: string[]): Promise<string | undefined> {
    const json = { Cmd: command, AttachStdout: true, Tty: true };
    const made = await this.call("POST", `/containers/${container}/exec`, { json });
    if (made.status !== 201) return undefined;
    const { Id } = JSON.parse(made.body.toString()) as { Id: string };
    const { body } = await this.call("POST", `/exec/${Id}/start`, { json: { Detach: false, Tty: true } });
    const { ExitCode } = (await this.json(`/exec/${Id}/json`)) as { ExitCode: number | null };
    return ExitCode === 0 ? body.toString() : undefined;
  }

  async hasImage(image: string): Promise<boolean> {
    return (await this.call("GET", `/images/${image}/json`)).status === 200;
  }

  async pull(image: string): Promise<void> {
    const [, name = image, tag = "latest", digest = tag] = /^(.+?)(?::([^:/@]+))?(?:@(.+))?$/.exec(image) ?? [];
    const query = new URLSearchParams({ fromImage: name, tag: digest });
    const { status, body } = await this.call("POST", `/images/create?${query.toString()}`);
    // The daemon answers 200 at once, and reports a failure in the last line of the progress.
    const last = JSON.parse(body.toString().trim().split("\n").at(-1) ?? "{}") as { error?: string; message?: string };
    if (status !== 200 || last.error) throw new Error(last.error ?? last.message ?? `status ${status}`);
  }

  protected execute(command: string, ...args: string[]): Promise<RunResult> {
    return this.run(command, args);
  }

  protected async json(path: string, options: CallOptions = {}): Promise<unknown> {
    const { status, body } = await this.call("GET", path, options);
    if (status !== 200) throw new Error(`status ${status}`);
    return JSON.parse(body.toString());
  }

  protected call(method: string, path: string, { timeout, json, cleanup }: CallOptions = {}): Promise<DockerReply> {
    return new Promise((resolve, reject) => {
      const signals = [cleanup ? [] : interruption, timeout ? AbortSignal.timeout(timeout) : []].flat();
      const headers = { host: "docker", ...(json ? { "content-type": "application/json" } : {}) };
      const signal = AbortSignal.any(signals);
      const call = request({ socketPath: this.socketPath, method, path, headers, signal }, (reply) => {
        const parts: Buffer[] = [];
        reply.on("data", (part: Buffer) => parts.push(part));
        reply.on("end", () => resolve({ status: reply.statusCode ?? 0, body: Buffer.concat(parts) }));
        reply.on("error", reject);
      });
      call.on("error", reject);
      call.end(json && JSON.stringify(json));
    });
  }
}

const quote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** The daemon of another machine. */
export class SshDockerClient extends BaseDockerClient implements DockerClient {
  private readonly target: string[];

  constructor(address: string, run: Run) {
    super(run);
    const url = new URL(address);
    const port = url.port ? ["-p", url.port] : [];
    this.target = [...port, "--", `${url.username ? `${url.username}@` : ""}${url.hostname}`];
  }

  async version(): Promise<string> {
    return (await this.docker("version", "--format", "{{.Server.Version}}")).trim();
  }

  async containers(): Promise<string[]> {
    return lines(await this.docker("ps", "--all", "--format", "{{.Names}}"));
  }

  async volumes(): Promise<string[]> {
    return lines(await this.docker("volume", "ls", "--format", "{{.Name}}"));
  }

  async emptyVolumes(): Promise<string[]> {
    const text = await this.docker("system", "df", "--verbose", "--format", "{{json .Volumes}}");
    const all = JSON.parse(text) as { Name: string; Size: string }[] | null;
    return (all ?? []).filter(({ Size }) => Size === "0B").map(({ Name }) => Name);
  }

  async container(name: string): Promise<ContainerFacts | undefined> {
    const { code, stdout } = await this.execute("docker", "container", "inspect", "--format", "{{json .}}", name);
    return code === 0 ? containerFacts(JSON.parse(stdout) as Inspected) : undefined;
  }

  async remove(container: string): Promise<void> {
    await this.docker("stop", "--time", String(STOP_SECONDS), container);
    await this.docker("rm", "--force", container);
  }

  async system(): Promise<string> {
    return (await this.docker("info", "--format", "{{.OperatingSystem}}")).trim();
  }

  async askInside(container: string, ...command: string[]): Promise<string | undefined> {
    return this.ask("docker", "exec", container, ...command);
  }

  async hasImage(image: string): Promise<boolean> {
    return (await this.execute("docker", "image", "inspect", "--format", "{{.Id}}", image)).code === 0;
  }

  async pull(image: string): Promise<void> {
    await this.docker("pull", "--quiet", image);
  }

  private async docker(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.execute("docker", ...args);
    if (code !== 0) throw new Error(stderr.trim().split("\n").at(-1) || `ssh ended with ${code}`);
    return stdout;
  }

  protected execute(...words: string[]): Promise<RunResult> {
    const options = ["-o", "BatchMode=yes", "-o", "ConnectTimeout=5"];
    return this.run("ssh", [...options, ...this.target, words.map(quote).join(" ")]);
  }
}

const lines = (text: string): string[] => text.split("\n").filter((line) => line !== "");

/** The Docker host of an address such as `unix:///var/run/docker.sock` or `ssh://host`. */
export function dockerClient(address: string, run: Run): DockerClient {
  return address.startsWith("unix://") ? new SocketDockerClient(address, run) : new SshDockerClient(address, run);
}
