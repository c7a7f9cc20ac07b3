/** One site while a command works on it: its stacks, what is applied, its checks. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Environment } from "../../../environments/schema";
import { INPUTS } from "../../../constructs/core/inputs";
import type { Layer } from "../../../environments/derived/layers";
import { kubeconfigPath } from "../../../stacks/site";
import type { Context } from "../terminal/context";
import { shownPath } from "../terminal/output";
import { dockerClient } from "../docker/docker";
import { UserError } from "../../../ground/errors";
import { givenInput, stateProblem } from "../site/inputs";
import type { SiteCheck, CheckContext } from "../checks/site-check";
import { DEPLOY_CHECKS, DESTROY_CHECKS, checkSite } from "../checks/checks";
import { redirectingVariables, redirectionProblem } from "../process/redirecting";
import { OUTDIR, type Stack } from "../site/program";
import { synthesize } from "../site/synthesis";
import { type State, Terraform, terraformVersion } from "../terraform/terraform";

/** A site's stacks with Terraform in each. */
export class Session {
  /** Every layer of the site, in dependency order. */
  readonly stacks: readonly Stack[];
  private readonly terraforms = new Map<Layer, Terraform>();
  private readonly states = new Map<Layer, Promise<string[]>>();

  /** Synthesizes the site, into the checkout unless another folder is named: states and logs are beside it. */
  constructor(
    readonly environment: Environment,
    private readonly context: Context,
    private readonly outdir: string = OUTDIR,
  ) {
    context.output.step(`synthesizing ${environment.name}`, false);
    this.stacks = synthesize([environment], outdir);
  }

  get logs(): string {
    return join(this.outdir, "..", ".logs");
  }

  /** The layer's stack; layers come from this site. */
  stack(layer: Layer): Stack {
    const stack = this.stacks.find((one) => one.layer === layer);
    if (!stack) throw new Error(`${this.environment.name} has no layer ${layer}`);
    return stack;
  }

  terraform(layer: Layer): Terraform {
    const known = this.terraforms.get(layer);
    if (known) return known;
    const { folder, name } = this.stack(layer);
    const time = new Date().toISOString().replace(/[:.]/g, "-");
    const terraform = new Terraform({
      folder,
      run: this.context.run,
      env: this.context.env,
      log: join(this.logs, `${name}-${time}.log`),
    });
    this.terraforms.set(layer, terraform);
    return terraform;
  }

  /**
   * Addresses in a layer's state, read once.
   *
   * @throws {UserError} when providers or state are not available, or when the environment leads to another state.
   */
  applied(layer: Layer): Promise<string[]> {
    const known = this.states.get(layer);
    if (known) return known;
    const reading = (async () => {
      const redirected = redirectionProblem(redirectingVariables(this.context.env));
      if (redirected !== undefined) throw new UserError(redirected);
      const terraform = this.terraform(layer);
      this.context.output.step(`${this.stack(layer).name}: getting providers and state`);
      await terraform.init(this.backendOf(layer));
      return terraform.stateList();
    })();
    // The caller gets the failure; without this line Node ends the process before a late caller asks.
    reading.catch(() => undefined);
    this.states.set(layer, reading);
    return reading;
  }

  /** Settings of a layer's backend that its stack does not have. */
  private backendOf(layer: Layer): Readonly<Record<string, string>> | true {
    const stack = this.stack(layer);
    const problem = stateProblem(stack, this.context.env);
    if (problem) throw new UserError(problem);
    const { name } = INPUTS.stateBucket;
    if (!stack.json.variable?.[name]) return true;
    return { bucket: givenInput(name, this.context.env) ?? "" };
  }

  /** After an apply or a destroy the state is another one. */
  forget(layer: Layer): void {
    this.states.delete(layer);
  }

  /** The layer that this one depends on; undefined for the first. */
  upstream(layer: Layer): Layer | undefined {
    return this.stacks[this.stacks.indexOf(this.stack(layer)) - 1]?.layer;
  }

  /**
   * Checks what these layers need.
   *
   * @throws {UserError} with one line for everything that is wrong.
   */
  async preflight(
    layers: readonly Layer[],
    options: {
      readonly reuseData?: boolean;
      readonly destroying?: boolean;
      readonly checks?: readonly SiteCheck[];
    } = {},
  ): Promise<void> {
    const subject = { environment: this.environment, stacks: layers.map((layer) => this.stack(layer)) };
    const checks = options.checks ?? (options.destroying ? DESTROY_CHECKS : DEPLOY_CHECKS);
    const { reuseData } = options;
    const secretsAreKept = existsSync(this.keptSecrets);
    const lines = await checkSite({ ...subject, reuseData, secretsAreKept }, this.surroundings, checks);
    if (lines.length > 0)
      throw new UserError(
        [`${this.environment.name} is not ready, nothing was changed:`, ...lines.map((line) => `- ${line}`)].join("\n"),
      );
  }

  /** What checks look at besides the site's file. */
  get surroundings(): CheckContext {
    const { env, run } = this.context;
    return {
      env,
      terraformVersion: () => terraformVersion(run),
      docker: (address) => dockerClient(address, run),
      applied: (layer) => this.applied(layer),
      state: (layer) => this.terraform(layer).statePull(),
      fileExists: existsSync,
      programExists: async (name) => (await run(name, ["--version"])).code !== 127,
    };
  }

  /** The kubeconfig's path: where the cluster layer writes it, or where the environment says it is. */
  get kubeconfig(): string {
    const { cluster, name } = this.environment;
    return cluster.kind === "existing"
      ? cluster.kubeconfig
      : resolve(this.stack("cluster").folder, kubeconfigPath(name));
  }

  /** File in which generated secrets outlive their cluster. */
  get keptSecrets(): string {
    return resolve(this.outdir, "..", ".access", `${this.environment.name}.secrets.json`);
  }

  /** That there is no kubeconfig, and what to do. */
  get noKubeconfig(): string {
    const { cluster, name } = this.environment;
    const remedy =
      cluster.kind === "existing"
        ? `put the kubeconfig of the cluster of ${name} there`
        : `the cluster layer writes it: npm run deploy -- ${name} cluster`;
    return `${shownPath(this.kubeconfig)} does not exist: ${remedy}`;
  }

  /**
   * Makes the kubeconfig where it is missing, as {@link ensureKubeconfig} does.
   *
   * @throws {UserError} where there is none then.
   */
  async needKubeconfig(): Promise<void> {
    if (!(await this.ensureKubeconfig())) throw new UserError(this.noKubeconfig);
  }

  /**
   * Makes the kubeconfig from the cluster layer's state where it is missing: on another machine than the one that
   * applied it.
   *
   * @returns whether there is one now.
   */
  async ensureKubeconfig(): Promise<boolean> {
    const path = this.kubeconfig;
    if (existsSync(path)) return true;
    if (this.environment.cluster.kind === "existing" || (await this.applied("cluster")).length === 0) return false;
    const content = kubeconfigOf(await this.terraform("cluster").statePull());
    if (content === undefined) return false;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, content, { mode: 0o600 });
    return true;
  }
}

/** Content of the kubeconfig in the state of a cluster layer; undefined when there is none. */
export function kubeconfigOf(state: State): string | undefined {
  const file = state.resources?.find(({ type, name }) => type === "local_sensitive_file" && name === "kubeconfig");
  const content = file?.instances[0]?.attributes?.["content"];
  return typeof content === "string" ? content : undefined;
}
