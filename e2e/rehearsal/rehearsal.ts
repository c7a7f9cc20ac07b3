/** A throw-away place for a site: a control plane, a folder, states, access and inputs of its own. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Environment } from "../../environments/schema";
import type { Context } from "../../cli/shared/terminal/context";
import { inputSpecOf } from "../../cli/shared/site/inputs";
import { findCanaries, type Canary, type Searched, textsBelow } from "./layers/canaries";
import type { RunResult } from "../../cli/shared/process/process";
import type { Stack } from "../../cli/shared/site/program";
import { synthesize } from "../../cli/shared/site/synthesis";
import { requiredInputs } from "../../cli/shared/site/stack-facts";
import {
  adminKeyOf,
  Bench,
  type BenchOptions,
  benchProgram,
  type ControlPlane,
  type Place,
} from "./control-plane/control-plane";
import { isolatedEnvironment } from "./isolation";
import { takeInventory, type Inventory } from "./inventory";
import { Cluster } from "../../cli/shared/kubernetes/client";
import { RehearsedLayer } from "./layers/layer";
import { refuseElsewhere } from "./layers/loopback";
import { Operators } from "./operators/operators";
import { READY_POD } from "./operators/ready-jobs";
import { onExisting, replacements, type SynthesisProps } from "./synthesis";

/** What was searched for secrets, and where they were found. */
export interface SecretSearch {
  /** One line for each secret that lies where it may not; never the secret. */
  readonly leaks: readonly string[];
  readonly secrets: number;
  readonly texts: number;
}

/** How a site is synthesized for a rehearsal. */
export interface RehearsedSite {
  readonly environment: Environment;
  /** Folder with the charts. @default - where the site gets them */
  readonly charts?: string;
  /** Folder of the stacks below the rehearsal's own. States are shared by all. @default out */
  readonly out?: string;
}

/** A rehearsal from its control plane's start until {@link close}. */
export class Rehearsal {
  /** Simulates the operators until the rehearsal is closed. */
  readonly operators: Operators;
  private readonly layers: RehearsedLayer[] = [];
  private readonly inputs = new Map<string, Canary & { secret: boolean }>();

  private constructor(
    private readonly context: Context,
    /** Everything of the rehearsal lies below it. */
    readonly folder: string,
    /** Environment of everything that runs: leads nowhere but here. */
    readonly env: NodeJS.ProcessEnv,
    /** What the site is applied to. */
    readonly controlPlane: ControlPlane,
    readonly kubeconfig: string,
  ) {
    this.operators = new Operators({
      kubeconfig: readFileSync(kubeconfig, "utf8"),
      kubectl: benchProgram(env, "kubectl"),
      run: context.run,
      env,
      folder: join(folder, "accounts"),
    });
    if (controlPlane.fidelity.podsAreSimulated) this.operators.start();
  }

  /**
   * Starts a control plane with these nodes, of the bench unless another kind is named. Whoever opens a rehearsal
   * closes it; one that does not start is removed at once.
   *
   * @throws {UserError} when the control plane does not start.
   */
  static async open(context: Context, nodes: BenchOptions, kind: Kind = bench): Promise<Rehearsal> {
    const folder = mkdtempSync(join(tmpdir(), "efd-rehearsal-"));
    const env = isolatedEnvironment(context.env, folder);
    const place = { folder: join(folder, "control-plane"), run: context.run, env, output: context.output };
    const controlPlane = kind(place, { ...nodes, hold: READY_POD });
    try {
      return new Rehearsal(context, folder, env, controlPlane, await controlPlane.up());
    } catch (error) {
      await controlPlane.down();
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Folder of stacks and states: what may hold no secret. */
  get work(): string {
    return join(this.folder, "work");
  }

  /**
   * The upper layers of a site, lowest first: on this control plane, states in a folder, every destroy allowed, a
   * random value for every required input.
   *
   * @throws {UserError} with the rules that a stack breaks.
   */
  synthesize({ environment, charts, out = "out" }: RehearsedSite): RehearsedLayer[] {
    const props = this.synthesisProps({ out, charts });
    const stacks = synthesize([onExisting(environment, this.kubeconfig)], props.out, replacements(props));
    return this.layersOf(stacks, charts);
  }

  /** What every synthesis for this rehearsal is told; states are shared by all. */
  synthesisProps({ out = "out", charts }: Pick<RehearsedSite, "out" | "charts">): SynthesisProps {
    return { kubeconfig: this.kubeconfig, states: join(this.work, "state"), out: join(this.work, out), charts };
  }

  /**
   * Terraform in the folder of each of these stacks.
   *
   * @throws {UserError} when one of them leads off this machine.
   */
  layersOf(stacks: readonly Stack[], charts?: string): RehearsedLayer[] {
    refuseElsewhere(stacks, { folder: this.folder, charts });
    for (const { name, secret } of requiredInputs(stacks))
      if (!this.inputs.has(name)) this.inputs.set(name, { name, secret, value: madeUp(name) });
    const { run, output } = this.context;
    const layers = stacks.map(
      (stack) => new RehearsedLayer({ stack, run, output, env: this.env, inputs: [...this.inputs.values()] }),
    );
    this.layers.push(...layers);
    return layers;
  }

  /** kubectl as the administrator of the control plane. */
  kubectl(...args: string[]): Promise<RunResult> {
    return this.context.run(benchProgram(this.env, "kubectl"), [`--kubeconfig=${this.kubeconfig}`, ...args], {
      env: this.env,
    });
  }

  /** Everything on the control plane that holds data or an identity. */
  async inventory(): Promise<Inventory> {
    const api = new Cluster({ file: this.kubeconfig, cleanup: true });
    try {
      return await takeInventory(api);
    } finally {
      api.close();
    }
  }

  /** Looks for the inputs and the cluster's keys in everything that was written or printed so far. */
  async findSecrets(): Promise<SecretSearch> {
    const cluster = await this.controlPlane.secrets?.();
    const secrets = [
      ...(cluster?.values ?? []),
      ...[...this.inputs.values()].filter(({ secret }) => secret),
      ...this.operators.values,
      { name: "the key of the cluster's administrator", value: adminKeyOf(readFileSync(this.kubeconfig, "utf8")) },
    ];
    const texts: Searched[] = [
      ...textsBelow(this.work),
      ...this.layers.flatMap(({ recorded }) => recorded),
      ...(cluster?.texts ?? []),
    ];
    return { leaks: findCanaries(secrets, texts), secrets: secrets.length, texts: texts.length };
  }

  /** Stops and removes everything, or says how to. */
  async close({ keep = false }: { keep?: boolean } = {}): Promise<void> {
    const { output } = this.context;
    await this.operators.stop();
    if (keep) {
      output.note(`kept in ${this.folder}; remove it with: ${this.controlPlane.removal} && rm -r ${this.folder}`);
      return;
    }
    output.step("removing the control plane");
    await this.controlPlane.down();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Makes a control plane, which is not started yet. */
export type Kind = (place: Place, nodes: BenchOptions) => ControlPlane;

const bench: Kind = (place, nodes) => new Bench(place, nodes);

/** A value of an input's form; what is secret in it is random. */
function madeUp(name: string): string {
  return (inputSpecOf(name)?.example ?? "…").replace("…", `canary-${randomBytes(24).toString("hex")}`);
}
