/** The throw-away control plane of a rehearsal, and the usual one: the scripts in e2e/bench/control-plane. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../../ground/errors";
import type { Context } from "../../../cli/shared/terminal/context";
import type { Run } from "../../../cli/shared/process/process";
import { CHECKOUT } from "../../../cli/shared/site/program";
import { inside } from "../../../synthesized/stack";
import { cacheFolder } from "./cache";
import type { Canary, Searched } from "../layers/canaries";
import { readYaml } from "../../../synthesized/yaml";
import type { RehearsedLayer } from "../layers/layer";
import type { LayerReport } from "../layers/apply";
import { kubeconfigFaults } from "../layers/loopback";

const SCRIPTS = join(CHECKOUT, "e2e", "bench", "control-plane");

/** Where e2e/bench/control-plane/build puts its programs. */
export function benchHome(env: NodeJS.ProcessEnv): string {
  return join(env["EFD_BENCH_HOME"] || join(cacheFolder(env), "efd-bench"), "control-plane");
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

/** A node that the bench simulates. */
export interface FakeNode {
  readonly name: string;
  /** As Kubernetes writes it; the scheduler counts requests against it, no machine has to have it. */
  readonly cpu: string;
  readonly memory: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Where a control plane is made. */
export interface Place extends Pick<Context, "run" | "env" | "output"> {
  /** Folder of its own, below which everything lies that it writes. */
  readonly folder: string;
}

/** What a rehearsal applies a site to. */
export interface ControlPlane {
  /**
   * Starts it.
   *
   * @returns the path of its administrator's kubeconfig.
   * @throws {UserError} when it does not start, or when its address is none of this machine.
   */
  up(): Promise<string>;
  /** Stops it and removes everything of it, also after an interruption; nothing happens when it is not there. */
  down(): Promise<void>;
  readonly removal: string;
  /** What is real and what is simulated, for the report, once it is up. */
  readonly fidelity: Fidelity;
  /** The cluster layer that made it. @default - it was made otherwise */
  readonly cluster?: { readonly layer: RehearsedLayer; readonly report: LayerReport } | undefined;
  /** Values that may lie nowhere but in {@link cluster}'s state, and what Terraform printed there. */
  secrets?(): Promise<{ readonly values: readonly Canary[]; readonly texts: readonly Searched[] }>;
}

/** What is real on a control plane and what is simulated. */
export interface Fidelity {
  readonly real: string;
  readonly simulated: string;
  /** Whether pods only seem to run: then operators are simulated too, for theirs do nothing. */
  readonly podsAreSimulated: boolean;
  /** Whether a ready Job's pod runs until its command has ended, so that what depends on it waits. */
  readonly holdsJobs: boolean;
}

/** What a bench is started with. */
export interface BenchOptions {
  readonly nodes: readonly FakeNode[];
  readonly maxPods: number;
  /** Label of the Jobs' pods that run until somebody says how they end. @default - all succeed by themselves */
  readonly hold?: { readonly key: string; readonly value: string };
  /** Kubeconfig of an API server on which volumes, load balancers and nodes are simulated. @default - it starts one */
  readonly on?: string;
}

/** A control plane of plain processes. */
export class Bench implements ControlPlane {
  readonly fidelity: Fidelity = {
    real: "API server, scheduler, controllers",
    simulated: "nodes, pods, volumes",
    podsAreSimulated: true,
    holdsJobs: true,
  };

  constructor(
    private readonly place: Place,
    private readonly options: BenchOptions,
  ) {}

  async up(): Promise<string> {
    const { nodes, maxPods, hold, on } = this.options;
    await this.script("build");
    const stdout = await this.script(
      "up",
      ...nodes.flatMap((node) => ["--node", nodeOption(node)]),
      "--max-pods",
      String(maxPods),
      ...(hold ? ["--hold", `${hold.key}=${hold.value}`] : []),
      ...(on ? ["--on", on] : []),
      this.place.folder,
    );
    const kubeconfig = stdout.trim().split("\n").at(-1) ?? "";
    refuseRealCluster(readFileSync(kubeconfig, "utf8"));
    return kubeconfig;
  }

  async down(): Promise<void> {
    const { folder, run, env, output } = this.place;
    const result = await run(join(SCRIPTS, "down"), ["--wipe", folder], { env, cleanup: true });
    if (result.code !== 0) output.problem(`the control plane in ${folder} was not removed: ${result.stderr}`);
  }

  get removal(): string {
    return `${join(SCRIPTS, "down")} --wipe ${this.place.folder}`;
  }

  private async script(name: string, ...args: string[]): Promise<string> {
    const { run, env, output } = this.place;
    const result = await run(join(SCRIPTS, name), args, { env, onErrorLine: (line) => output.step(line) });
    if (result.code === 127) throw new UserError(`${join(SCRIPTS, name)} is not there`);
    if (result.code !== 0) throw new UserError(`the control plane did not start: ${withoutProgress(result.stderr)}`);
    return result.stdout;
  }
}

/** What a script said but how far it was, and where its logs were, which go with the folder. */
function withoutProgress(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line !== "" && !/ after \d+ s$/.test(line));
  return lines.map((line) => line.replace(/: see \/\S+\.log$/, "")).join("\n");
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
  const users = inside(readYaml(kubeconfig), "users");
  const data = inside(users, "user", "client-key-data");
  if (typeof data === "string") return Buffer.from(data, "base64").toString();
  return readFileSync(String(inside(users, "user", "client-key")), "utf8");
}
