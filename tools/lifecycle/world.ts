/** A throw-away cluster with a site on it, worked on by the code that `npm run deploy` runs. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { benchProgram, refuseRealCluster } from "../../cli/lib/rehearsal/control-plane";
import type { Context } from "../../cli/lib/context";
import { applyLayers } from "../../cli/lib/deployment";
import { Cluster } from "../../cli/lib/kubernetes";
import { Output } from "../../cli/lib/output";
import { CHECKOUT } from "../../cli/lib/program";
import type { LayerResult } from "../../cli/lib/report";
import { Session } from "../../cli/lib/session";
import { parseEnvironment } from "../../environments/parse";
import type { Environment, EnvironmentInput } from "../../environments/schema";
import { smallest } from "./site";

const SCRIPTS = join(CHECKOUT, "bench", "control-plane");

/** What a scenario says when something is not as it must be. */
export class Unexpected extends Error {}

/** Ends the scenario unless it holds. */
export function expect(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Unexpected(otherwise);
}

/** What a deployment did. */
export interface Deployed {
  readonly results: readonly LayerResult[];
  /** All that the user was told. */
  readonly said: string;
  /** Addresses in the order in which they were done. */
  readonly done: readonly string[];
}

/** A port that nothing listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** Terraform's processes that work below a folder. */
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

/** A control plane of the bench, its folder, and the folder of a site's stacks and states beside it. */
export class World {
  /** Where the site's stacks are synthesized; states and logs are beside it. */
  readonly outdir: string;

  constructor(
    private readonly context: Context,
    /** Folder of everything. */
    readonly folder: string,
    private readonly packages: string,
    /** Port of the API; 0 for a free one. */
    private port: number = 0,
  ) {
    this.outdir = join(folder, "cdktf.out");
  }

  /** Folder with charts of its own: links to the packages, which a scenario may replace. */
  get charts(): string {
    const folder = join(this.folder, "charts");
    if (!existsSync(folder)) {
      mkdirSync(folder, { recursive: true });
      for (const name of readdirSync(this.packages)) symlinkSync(join(this.packages, name), join(folder, name));
    }
    return folder;
  }

  /** The administrator's kubeconfig. */
  get kubeconfig(): string {
    return join(this.folder, "plane", "admin.kubeconfig");
  }

  /** The API of the cluster. */
  get api(): Cluster {
    return new Cluster(this.kubeconfig, this.context.run);
  }

  /** Starts the control plane, or starts it again with what it had. */
  async up(...options: string[]): Promise<void> {
    mkdirSync(this.folder, { recursive: true });
    this.port ||= await freePort();
    const args = ["--node", "lifecycle:1000:8Ti", "--max-pods", "1000", "--port", String(this.port), ...options];
    await this.script("up", ...args, join(this.folder, "plane"));
    refuseRealCluster(readFileSync(this.kubeconfig, "utf8"));
  }

  /** Stops the control plane; its data stay unless they are wiped. */
  async down(wipe = true): Promise<void> {
    const args = [...(wipe ? ["--wipe"] : []), join(this.folder, "plane")];
    await this.context.run(join(SCRIPTS, "down"), args, { env: this.context.env, cleanup: true });
  }

  /** Environment of whatever is started. */
  get env(): NodeJS.ProcessEnv {
    return this.context.env;
  }

  /** Waits until Terraform is at this verb in the site's folder; false when `ended` came first. */
  async until(verb: string, ended?: Promise<unknown>): Promise<boolean> {
    let over = false;
    void ended?.finally(() => (over = true));
    for (let tries = 0; !over && tries < 6000; tries++) {
      if (terraformIn(this.outdir).some((one) => one.args.includes(verb))) return true;
      await sleep(50);
    }
    return false;
  }

  /** Ends the Terraform that works in the site's folder, at once: with its providers, or without them. */
  killTerraform(withProviders: boolean): void {
    for (const { pid } of terraformIn(this.outdir)) process.kill(withProviders ? -pid : pid, "SIGKILL");
  }

  /** Ends the API server alone, at once. */
  killApi(): void {
    const [pid] = readFileSync(join(this.folder, "plane", "pid", "kube-apiserver"), "utf8").split(" ");
    process.kill(Number(pid), "SIGKILL");
  }

  /** The site on this cluster. */
  site(change: (site: EnvironmentInput) => EnvironmentInput = (site) => site): Environment {
    return parseEnvironment(change(smallest(this.kubeconfig, this.charts)));
  }

  /** Forgets all states, as a new cluster has none. */
  forget(): void {
    rmSync(join(this.folder, ".state"), { recursive: true, force: true });
  }

  /** A session of `deploy` with this site; what it says is kept. */
  session(site: Environment): { session: Session; context: Context; said: () => string } {
    let text = "";
    const stream = { write: (more: string) => (text += more) };
    const output = new Output({ json: false, stdout: stream, stderr: stream, env: { NO_COLOR: "1" } });
    const context: Context = { ...this.context, output };
    return { session: new Session(site, context, this.outdir), context, said: () => text };
  }

  /** Deploys layers of the site, as `npm run deploy -- <site> --yes` does. */
  async deploy(site: Environment, options: { layers?: string[]; dryRun?: boolean } = {}): Promise<Deployed> {
    const { session, context, said } = this.session(site);
    const layers = session.stacks.map(({ layer }) => layer).filter((one) => options.layers?.includes(one) ?? true);
    const results = await applyLayers(context, session, layers, { yes: true, dryRun: options.dryRun });
    const done = [...said().matchAll(/: \d+\/\d+ (\S+) \(/g)].map((match) => match[1] ?? "");
    writeFileSync(join(this.folder, "said.log"), said(), { flag: "a" });
    return { results, said: said(), done };
  }

  /** Deploys, and expects every layer to be as it is planned. */
  async settle(site: Environment): Promise<Deployed> {
    const deployed = await this.deploy(site);
    const bad = deployed.results.filter(({ status }) => status !== "applied" && status !== "unchanged");
    expect(
      bad.length === 0,
      bad.map(({ stack, status, lines }) => `${stack} ${status}: ${lines.join("; ")}`).join("\n"),
    );
    return deployed;
  }

  /** Expects that a second plan has nothing to do. */
  async isSettled(site: Environment): Promise<void> {
    const { results } = await this.deploy(site, { dryRun: true });
    const open = results.filter(({ status }) => status !== "unchanged");
    expect(
      open.length === 0,
      `a second plan is not empty: ${open.map(({ stack, lines }) => `${stack} ${lines.join()}`).join(", ")}`,
    );
  }

  /** Runs a program that must end well; what it printed. */
  async program(name: string, ...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.context.run(name, args, { env: this.context.env });
    expect(code === 0, `${name} ${args[0]}: ${stderr.trim()}`);
    return stdout;
  }

  /** kubectl as the administrator; what it printed. */
  kubectl(...args: string[]): Promise<string> {
    return this.program(benchProgram(this.env, "kubectl"), `--kubeconfig=${this.kubeconfig}`, ...args);
  }

  /** Runs commands as somebody types them at a terminal of this cluster. */
  async shell(commands: readonly string[]): Promise<void> {
    const path = [dirname(benchProgram(this.env, "kubectl")), this.env["PATH"]].join(":");
    const env = { ...this.env, PATH: path, KUBECONFIG: this.kubeconfig };
    const { code, stderr } = await this.context.run("bash", ["-euo", "pipefail", "-c", commands.join("\n")], { env });
    expect(code === 0, `${commands.join("; ")}: ${stderr.trim()}`);
  }

  private async script(name: string, ...args: string[]): Promise<void> {
    const { code, stderr } = await this.context.run(join(SCRIPTS, name), args, { env: this.context.env });
    expect(code === 0, `bench/control-plane/${name}: ${stderr.trim()}`);
  }
}
