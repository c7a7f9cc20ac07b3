/** A throw-away cluster with one site on it, worked on by the code that `npm run deploy` runs. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Context } from "../../../cli/shared/terminal/context";
import { deployLayers } from "../../../cli/deploy/deploy-layers";
import { Cluster } from "../../../cli/shared/kubernetes/client";
import { Output } from "../../../cli/shared/terminal/output";
import type { RunResult } from "../../../cli/shared/process/process";
import { CHECKOUT } from "../../../cli/shared/site/program";
import { benchProgram, refuseRealCluster } from "../../rehearsal/control-plane/control-plane";
import type { LayerResult } from "../../../cli/shared/session/layer-results";
import { Session } from "../../../cli/shared/session/session";
import type { ObjectJson } from "../../../synthesized/stack";
import { stableJson } from "../../../synthesized/text";
import { CHARTS } from "../../../ground/versions";
import { parseEnvironment } from "../../../environments/parse";
import type { Environment, EnvironmentInput } from "../../../environments/schema";
import type { ChartFolder } from "./charts";
import { inventory } from "./inventory";
import { freeApiPort } from "../../rehearsal/control-plane/free-port";
import { killTerraform } from "./processes";
import { smallest } from "./smallest";
import type { Stopwatch } from "./stopwatch";

const SCRIPTS = join(CHECKOUT, "e2e", "bench", "control-plane");

/** Ends the scenario unless it holds. */
export function expect(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise);
}

/** What a deployment did. */
export interface Deployed {
  readonly results: readonly LayerResult[];
  /** All that the user was told. */
  readonly printed: string;
  /** Addresses in the order in which they were done. */
  readonly done: readonly string[];
}

/** `deploy` at work: its session, and all that it says. */
interface Working {
  readonly session: Session;
  readonly context: Context;
  readonly heard: { text: string };
}

/** A change of the site's data. */
export type SiteChange = (site: EnvironmentInput) => EnvironmentInput;

/** Addresses that a deployment said it had done, in that order. */
export function doneIn(printed: string): string[] {
  return [...printed.matchAll(/: \d+\/\d+ (\S+) \(/g)].map((match) => match[1] ?? "");
}

/** A control plane of the bench, the site on it, and beside it the site's stacks, states and logs. */
export class TestSite {
  /** Where the site's stacks are synthesized; states and logs are beside it. */
  readonly outdir: string;
  /** How often the cluster was lost and built again. */
  rebuilds = 0;
  private port = 0;
  private isUp = false;
  /** The site's data; what the last deployment applied where {@link stands}. */
  private data: EnvironmentInput;
  private stands = false;
  private first?: { readonly objects: Map<string, string>; readonly pvcs: readonly ObjectJson[] };
  private last?: Working & { readonly key: string };

  constructor(
    private readonly context: Context,
    readonly folder: string,
    readonly charts: ChartFolder,
    private readonly watch: Stopwatch,
  ) {
    this.outdir = join(folder, "cdktf.out");
    this.data = this.beginning();
  }

  /** The data that the site begins with. */
  beginning(): EnvironmentInput {
    return smallest(this.kubeconfig, this.charts.folder);
  }

  get kubeconfig(): string {
    return join(this.folder, "plane", "admin.kubeconfig");
  }

  get api(): Cluster {
    return new Cluster({ file: this.kubeconfig });
  }

  get env(): NodeJS.ProcessEnv {
    return this.context.env;
  }

  /** The objects at a path of the API. */
  async items(path: string): Promise<ObjectJson[]> {
    return ((await this.api.get(path))?.["items"] ?? []) as ObjectJson[];
  }

  async apiPort(): Promise<number> {
    return (this.port ||= await freeApiPort());
  }

  /** Starts the control plane, or starts it again with what it had; nothing where it runs. */
  async up(...options: string[]): Promise<void> {
    if (this.isUp) return;
    mkdirSync(this.folder, { recursive: true });
    const args = ["--node", "lifecycle:1000:8Ti", "--max-pods", "1000", "--port", String(await this.apiPort())];
    this.isUp = true; // what was started is stopped, also where it does not get up
    await this.program(join(SCRIPTS, "up"), ...args, ...options, join(this.folder, "plane"));
    refuseRealCluster(readFileSync(this.kubeconfig, "utf8"));
  }

  /** Stops the control plane; its data stay unless they are wiped. */
  async down(wipe = true): Promise<void> {
    if (!this.isUp) return;
    const args = [...(wipe ? ["--wipe"] : []), join(this.folder, "plane")];
    await this.context.run(join(SCRIPTS, "down"), args, { env: this.env, cleanup: true });
    this.isUp = false;
  }

  /** Ends the API server alone, at once. */
  killApi(): void {
    const [pid] = readFileSync(join(this.folder, "plane", "pid", "kube-apiserver"), "utf8").split(" ");
    process.kill(Number(pid), "SIGKILL");
  }

  /** Loses the cluster and its states; the site's data are those that it began with. */
  async abandon(): Promise<void> {
    killTerraform(this.outdir, true);
    await this.down();
    rmSync(join(this.folder, ".state"), { recursive: true, force: true });
    this.data = this.beginning();
    this.doubt();
  }

  /** Loses the cluster and starts an empty one. */
  async rebuild(): Promise<void> {
    await this.abandon();
    this.rebuilds++;
    await this.up();
  }

  /** Makes the next scenario deploy first, since the site may differ from its data. */
  doubt(): void {
    this.stands = false;
    this.last = undefined;
  }

  /** The site with its data as they are, or changed. */
  site(change: SiteChange = (site) => site): Environment {
    return parseEnvironment(change(this.data));
  }

  /** The site stands as its data say. */
  async ready(): Promise<void> {
    await this.up();
    if (this.stands) return;
    await this.settle(this.site());
    this.stands = true;
    this.first ??= {
      objects: await inventory(this.api),
      pvcs: await this.items("/api/v1/persistentvolumeclaims"),
    };
  }

  /** What the first, undisturbed deployment made: every object, and the claims. */
  async undisturbed(): Promise<NonNullable<TestSite["first"]>> {
    if (!this.first) await this.ready();
    if (!this.first) throw new Error("the first deployment was not remembered");
    return this.first;
  }

  /** Changes the site's data for good and deploys, all layers or these. */
  async change(change: SiteChange, ...layers: string[]): Promise<Deployed> {
    this.adopt(change);
    return this.settle(this.site(), ...layers);
  }

  /** Changes the site's data for good, which something else deploys. */
  adopt(change: SiteChange): void {
    this.data = change(this.data);
  }

  /** A session of `deploy` with this site; the last one again where neither site nor catalogue changed. */
  session(site: Environment): { session: Session; context: Context; printed: () => string } {
    const key = stableJson([site, CHARTS]);
    if (this.last?.key !== key) this.last = { key, ...this.work(site) };
    const { session, context, heard } = this.last;
    const from = heard.text.length;
    return { session, context, printed: () => heard.text.slice(from) };
  }

  private work(site: Environment): Working {
    const heard = { text: "" };
    const stream = { write: (more: string) => void (heard.text += more) };
    const output = new Output({ json: false, stdout: stream, stderr: stream, env: { NO_COLOR: "1" } });
    const context: Context = { ...this.context, output };
    const start = Date.now();
    const session = new Session(site, context, this.outdir);
    this.watch.add("synthesis", start);
    return { session, context, heard };
  }

  /** Deploys layers of the site, all by default, as `npm run deploy -- <site> --yes` does. */
  async deploy(site: Environment, options: { layers?: readonly string[]; dryRun?: boolean } = {}): Promise<Deployed> {
    const { session, context, printed } = this.session(site);
    const layers = session.stacks.map(({ layer }) => layer).filter((one) => options.layers?.includes(one) ?? true);
    const results = await deployLayers(context, session, layers, {
      yes: true,
      confirm: session.environment.name,
      dryRun: options.dryRun,
    });
    writeFileSync(join(this.folder, "printed.log"), printed(), { flag: "a" });
    return { results, printed: printed(), done: doneIn(printed()) };
  }

  /** Deploys, and expects every layer to be as it is planned. */
  async settle(site: Environment, ...layers: string[]): Promise<Deployed> {
    const deployed = await this.deploy(site, layers.length > 0 ? { layers } : {});
    const bad = deployed.results.filter(({ status }) => status !== "applied" && status !== "unchanged");
    expect(
      bad.length === 0,
      bad.map(({ stack, status, lines }) => `${stack} ${status}: ${lines.join("; ")}`).join("\n"),
    );
    return deployed;
  }

  /** Expects that a second plan of all layers, or of these, has nothing to do. */
  async isSettled(...layers: string[]): Promise<void> {
    const { results } = await this.deploy(this.site(), { dryRun: true, ...(layers.length > 0 ? { layers } : {}) });
    const open = results.filter(({ status }) => status !== "unchanged");
    expect(
      open.length === 0,
      `a second plan is not empty: ${open.map(({ stack, lines }) => `${stack} ${lines.join()}`).join(", ")}`,
    );
  }

  /** Runs a program, in this environment besides the site's own. */
  run(name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<RunResult> {
    return this.context.run(name, args, { env: { ...this.env, ...env } });
  }

  /** Runs a program that must end well; what it printed. */
  async program(name: string, ...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(name, args);
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
    const env = { PATH: path, KUBECONFIG: this.kubeconfig };
    const { code, stderr } = await this.run("bash", ["-euo", "pipefail", "-c", commands.join("\n")], env);
    expect(code === 0, `${commands.join("; ")}: ${stderr.trim()}`);
  }
}
