/** The throw-away control plane of a rehearsal: the scripts in bench/control-plane. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { UserError } from "../errors";
import type { Output } from "../output";
import type { Run } from "../process";
import { CHECKOUT } from "../program";
import { inside } from "../stack-view";
import { kubeconfigFaults } from "./loopback";

const SCRIPTS = join(CHECKOUT, "bench", "control-plane");

/** Where bench/control-plane/build puts its programs. */
export function benchHome(env: NodeJS.ProcessEnv): string {
  const cache = env["XDG_CACHE_HOME"] || join(env["HOME"] ?? "", ".cache");
  return join(env["EFD_BENCH_HOME"] || join(cache, "efd-bench"), "control-plane");
}

/** A program of the bench. */
export function benchProgram(env: NodeJS.ProcessEnv, name: string): string {
  return join(benchHome(env), "bin", name);
}

/** What keeps the bench from being built or used, one line each; none where it is there or can be built. */
export async function checkBench(run: Run, env: NodeJS.ProcessEnv): Promise<string[]> {
  const { code, stderr } = await run(join(SCRIPTS, "build"), ["--check"], { env });
  return code === 0 ? [] : stderr.split("\n").filter((line) => line !== "");
}

/** A node that the bench plays. */
export interface FakeNode {
  readonly name: string;
  /** As Kubernetes writes it; the scheduler counts requests against it, no machine has to have it. */
  readonly cpu: string;
  readonly memory: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What a control plane is started with. */
export interface ControlPlaneOptions {
  readonly nodes: readonly FakeNode[];
  /** Pods that fit on one node. */
  readonly maxPods: number;
  /** Label of the Jobs' pods that run until somebody says how they end. @default - all succeed by themselves */
  readonly hold?: { readonly key: string; readonly value: string };
}

/** A control plane in a folder of its own. */
export class ControlPlane {
  constructor(
    private readonly folder: string,
    private readonly run: Run,
    private readonly env: NodeJS.ProcessEnv,
    private readonly output: Output,
  ) {}

  /**
   * Builds what is missing and starts it.
   *
   * @returns the path of its kubeconfig.
   * @throws {UserError} when it does not start, or when its address is none of this machine.
   */
  async up({ nodes, maxPods, hold }: ControlPlaneOptions): Promise<string> {
    await this.script("build");
    const stdout = await this.script(
      "up",
      ...nodes.flatMap((node) => ["--node", nodeOption(node)]),
      "--max-pods",
      String(maxPods),
      ...(hold ? ["--hold", `${hold.key}=${hold.value}`] : []),
      this.folder,
    );
    const kubeconfig = stdout.trim().split("\n").at(-1) ?? "";
    refuseRealCluster(readFileSync(kubeconfig, "utf8"));
    return kubeconfig;
  }

  /** Stops it and removes its folder; nothing happens when it is not there. */
  async down(): Promise<void> {
    const result = await this.run(join(SCRIPTS, "down"), ["--wipe", this.folder], { env: this.env, cleanup: true });
    if (result.code !== 0) this.output.problem(`the control plane in ${this.folder} was not removed: ${result.stderr}`);
  }

  /** How a user removes it. */
  get removal(): string {
    return `${join(SCRIPTS, "down")} --wipe ${this.folder}`;
  }

  private async script(name: string, ...args: string[]): Promise<string> {
    const result = await this.run(join(SCRIPTS, name), args, {
      env: this.env,
      onErrorLine: (line) => this.output.step(line),
    });
    if (result.code === 127) throw new UserError(`${join(SCRIPTS, name)} is not there`);
    if (result.code !== 0) throw new UserError(`the control plane did not start: ${result.stderr.trim()}`);
    return result.stdout;
  }
}

/** A node as `up --node` takes it. */
function nodeOption({ name, cpu, memory, labels }: FakeNode): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return [name, cpu, memory, ...(pairs.length > 0 ? [pairs.join(",")] : [])].join(":");
}

/**
 * A rehearsal reaches this machine and nothing else.
 *
 * @throws {UserError} when a cluster of the kubeconfig is anywhere else.
 */
export function refuseRealCluster(kubeconfig: string): void {
  const faults = kubeconfigFaults("the control plane's kubeconfig", kubeconfig);
  if (faults.length > 0) throw new UserError(`a rehearsal reaches this machine only: ${faults.join(", ")}`);
}

/** The private key by which the administrator of a kubeconfig logs in, PEM. */
export function adminKeyOf(kubeconfig: string): string {
  const users = inside(parse(kubeconfig), "users");
  const data = inside(users, "user", "client-key-data");
  if (typeof data === "string") return Buffer.from(data, "base64").toString();
  return readFileSync(String(inside(users, "user", "client-key")), "utf8");
}
