/** The site `local` in the namespace of the bench: its checkout, its commands, its cluster. */
import { spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SITES } from "../../../environments";
import { parseEnvironment } from "../../../environments/parse";
import type { Environment } from "../../../environments/schema";
import { messageOf } from "../../../ground/errors";
import { http, overNetwork } from "../../../cli/shared/clients/http";
import { siteClients } from "../../../cli/shared/clients/site-clients";
import type { SiteClients } from "../../../cli/shared/clients/clients";
import { Cluster } from "../../../cli/shared/kubernetes/client";
import { interruption } from "../../../cli/shared/process/interruption";
import { run, type RunResult, signal } from "../../../cli/shared/process/process";
import { secondsSince } from "../../../cli/shared/terminal/output";
import { endLater } from "../../data-path/program";
import { benchProgram } from "../../rehearsal/control-plane/control-plane";
import { cleanEnvironment } from "../../rehearsal/isolation";
import { type BenchPlace, NodeBench } from "./bench";
import { readChanges, writeChanges } from "./checkout";
import { notRunning, type NotRunningOptions, readRunning } from "./health";
import type { Part } from "./part";
import { imagesOf, type MadeImage, simulatedParts } from "./images";
import { checkoutFolder } from "./run-folder";
import { merged, patched, type SitePatch } from "./patch";
import type { RunningSite, Started } from "./running-site";

/** Name of the site. */
export const SITE = "local";

/** The shipped file of the site. */
export function shipped() {
  const site = SITES.find(({ name }) => name === SITE);
  if (!site) throw new Error(`there is no site ${SITE}`);
  return site;
}

/** What the site is made of. */
export interface LocalSiteProps {
  readonly folder: string;
  readonly bench: BenchPlace;
  readonly images: readonly MadeImage[];
  readonly env: NodeJS.ProcessEnv;
}

/** The site, whether it is deployed or not. */
export class LocalSite implements RunningSite {
  readonly folder: string;
  readonly checkout: string;
  readonly address: string;
  readonly data: string;
  readonly kubeconfig: string;
  readonly simulated: ReadonlyMap<Part, string>;
  private readonly clean: NodeJS.ProcessEnv;
  authority: string | undefined;
  private inputs: Readonly<Record<string, string>> = {};
  private readonly bench: BenchPlace;
  private ways?: { readonly api: Cluster; readonly clients: SiteClients };
  private commands = 0;

  constructor({ folder, bench, images, env }: LocalSiteProps) {
    this.folder = folder;
    this.checkout = checkoutFolder(folder);
    this.address = bench.address;
    this.data = bench.data;
    this.kubeconfig = join(this.checkout, ".access", `${SITE}.kubeconfig`);
    this.simulated = simulatedParts(imagesOf(this.environment), images);
    this.bench = bench;
    const clean = cleanEnvironment(env);
    const path = [dirname(benchProgram(env, "kubectl")), clean["PATH"]].join(delimiter);
    this.clean = { ...clean, PATH: path, NO_COLOR: "1" };
    mkdirSync(join(folder, "logs"), { recursive: true });
  }

  private get env(): NodeJS.ProcessEnv {
    const given = Object.entries(this.inputs).map(([name, value]): [string, string] => [`TF_VAR_${name}`, value]);
    const trusted = this.authority === undefined ? {} : { NODE_EXTRA_CA_CERTS: this.authority };
    return { ...this.clean, ...Object.fromEntries<string>(given), ...trusted };
  }

  give(inputs: Readonly<Record<string, string>>, authority?: string): void {
    this.inputs = inputs;
    this.authority = authority;
    this.forget();
  }

  get environment(): Environment {
    return parseEnvironment(patched(shipped(), readChanges(this.checkout)));
  }

  get api(): Cluster {
    return this.open().api;
  }

  get clients(): SiteClients {
    return this.open().clients;
  }

  /** Ways into the cluster that is there now; a cluster that is made anew has other certificates, see {@link forget}. */
  private open(): NonNullable<LocalSite["ways"]> {
    this.ways ??= { api: new Cluster({ file: this.kubeconfig }), clients: this.openClients() };
    return this.ways;
  }

  private openClients(): SiteClients {
    const { authority, kubeconfig } = this;
    const clients = siteClients({ site: this.environment, kubeconfig, signal: interruption });
    if (authority === undefined) return clients;
    // Node.js reads NODE_EXTRA_CA_CERTS when it starts, and this program has started.
    const authorities = () => Promise.resolve([readFileSync(authority, "utf8")]);
    const outside = (url: string) =>
      http({ name: new URL(url).host, signal: interruption, send: overNetwork(new URL(url), authorities) });
    return { ...clients, outside };
  }

  /** Closes what leads into the cluster. */
  forget(): void {
    this.ways?.api.close();
    this.ways?.clients.close();
    delete this.ways;
  }

  async command(name: string, ...args: readonly string[]): Promise<RunResult> {
    const line = ["npm", "run", "--silent", name, "--", SITE, ...args];
    const result = await this.logged(line);
    // The cluster may be another one now.
    if (["deploy", "destroy"].includes(name)) this.forget();
    return result;
  }

  start(name: string, ...args: readonly string[]): Started {
    const child = spawn("npm", ["run", "--silent", name, "--", SITE, ...args], {
      cwd: this.checkout,
      env: this.env,
      stdio: ["ignore", "ignore", "pipe"],
      detached: true,
    });
    const ended = new Promise<void>((resolve) => void child.once("close", () => resolve()));
    // Where the scenario ends first, it goes with the site.
    endLater({
      stop: () => Promise.resolve(child.exitCode ?? signal(-(child.pid ?? 0), "SIGKILL")).then(() => undefined),
    });
    return { child, ended };
  }

  /** Runs a command in the checkout; what it says goes into a log of its own, and how far Terraform is to the terminal. */
  async logged([program = "", ...args]: readonly string[]): Promise<RunResult> {
    const number = String(++this.commands).padStart(2, "0");
    const log = join(
      this.folder,
      "logs",
      `${number}-${args
        .filter((one) => /^[a-z]/.test(one))
        .slice(1, 4)
        .join("-")}.log`,
    );
    const keep = (line: string) => appendFileSync(log, `${line}\n`, { mode: 0o600 });
    keep(`$ ${[program, ...args].join(" ")}`);
    const begin = Date.now();
    const result = await run(program, args, {
      cwd: this.checkout,
      env: this.env,
      onLine: keep,
      onErrorLine: (line) => {
        keep(line);
        if (/ \d+\/\d+ |fail|pulling|planning/.test(line)) this.tell(line);
      },
    });
    keep(`exit code ${result.code} after ${secondsSince(begin)} s`);
    return result;
  }

  kubectl(...args: readonly string[]): Promise<RunResult> {
    return run("kubectl", [`--kubeconfig=${this.kubeconfig}`, ...args], { env: this.env });
  }

  docker(...args: readonly string[]): Promise<RunResult> {
    return run("docker", ["--host", this.bench.dockerHost, ...args], { env: this.env });
  }

  change(patch: SitePatch): () => void {
    const before = readChanges(this.checkout);
    writeChanges(this.checkout, merged(before, patch));
    return () => writeChanges(this.checkout, before);
  }

  async allReady(most: number, options: Pick<NotRunningOptions, "schedules"> = {}): Promise<number> {
    const begin = Date.now();
    let told = "";
    // Twice in a row: a pod that just became ready may end at once.
    for (let calm = 0; ;) {
      interruption.throwIfAborted();
      const lacks = await this.lacks(options);
      calm = lacks.length === 0 ? calm + 1 : 0;
      if (calm === 2) return secondsSince(begin);
      if (secondsSince(begin) > most)
        throw new Error(`not all is ready after ${most} s: ${lacks.join("; ") || "it does not stay so"}`);
      const line = `waiting for ${lacks.length} things: ${lacks[0] ?? ""}`;
      if (lacks.length > 0 && line !== told) this.tell((told = line));
      await sleep(3000, undefined, { signal: interruption });
    }
  }

  private async lacks(options: NotRunningOptions): Promise<readonly string[]> {
    if (!existsSync(this.kubeconfig)) return ["there is no cluster"];
    try {
      return notRunning(await readRunning(this.api), options);
    } catch (error) {
      return [messageOf(error)];
    }
  }

  async bring(image: string): Promise<boolean> {
    const made = await new NodeBench(this.bench.dir, this.clean, (line) => this.tell(line)).images([{ name: image }]);
    return made.every(({ kind }) => kind === "real");
  }

  tell(line: string): void {
    console.error(`    ${line}`);
  }

  notRun(what: string, why: string): void {
    console.log(`NOT RUN ${what}, because ${why}`);
  }
}
