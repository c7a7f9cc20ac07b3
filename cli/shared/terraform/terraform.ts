import { createWriteStream, existsSync, mkdirSync, rmSync, writeFileSync, type WriteStream } from "node:fs";
import { dirname, join } from "node:path";
import { ProviderError, UserError } from "../../../ground/errors";
import { interruption } from "../process/interruption";
import {
  type Changes,
  describeDiagnostic,
  describeInitFailure,
  onlyProvidersMissing,
  parseEvent,
  type TerraformEvent,
} from "./messages";
import type { Run, RunOptions, RunResult } from "../process/process";

/** How an operation of Terraform ended. */
export interface Outcome {
  readonly ok: boolean;
  /** Whether a plan would change anything. */
  readonly changed: boolean;
  readonly changes: Changes;
  /** What the plan does, by address: create, update, replace, delete. */
  readonly actions: readonly { readonly address: string; readonly action: string }[];
  /** One line for each error. */
  readonly errors: readonly string[];
  /** Whether a plan was saved; Terraform saves also one that it refuses. */
  readonly saved: boolean;
}

/** A change of a plan, as `terraform show -json` has it. */
export interface PlannedChange {
  readonly address: string;
  readonly type: string;
  readonly change: {
    /** `no-op`, `create`, `update`, `delete`; both of the last for a replacement. */
    readonly actions: readonly string[];
    readonly before: Readonly<Record<string, unknown>> | null;
    readonly after: Readonly<Record<string, unknown>> | null;
  };
}

/** The parts of a state that we read. */
export interface State {
  /** Id of the state, from its first version on. */
  readonly lineage?: string;
  /** Number of its version. */
  readonly serial?: number;
  readonly resources?: readonly {
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    readonly instances: readonly {
      readonly attributes?: Readonly<Record<string, unknown>>;
      readonly dependencies?: readonly string[];
    }[];
  }[];
}

/** Where and how Terraform runs. */
export interface TerraformProps {
  readonly folder: string;
  readonly run: Run;
  /** Environment; the switches that keep Terraform from asking are added. */
  readonly env: NodeJS.ProcessEnv;
  /** File that gets every event, readable by its owner. @default - none */
  readonly log?: string;
  /** Runs to the end even when the user interrupts. @default false */
  readonly cleanup?: boolean;
}

const INTERRUPTED = "interrupted; the state has what was done so far, the same command continues from there";

const NOTHING: Changes = { add: 0, change: 0, remove: 0 };

/** Terraform in the folder of one stack. */
export class Terraform {
  /** Where the last plan is saved. */
  readonly planFile: string;
  private readonly importFile: string;
  private readonly options: RunOptions;
  private shown?: Promise<string>;

  constructor(private readonly props: TerraformProps) {
    this.planFile = join(props.folder, "deploy.tfplan");
    this.importFile = join(props.folder, "leftovers.tf.json");
    this.options = {
      cwd: props.folder,
      env: { ...props.env, TF_IN_AUTOMATION: "1", TF_INPUT: "0", CHECKPOINT_DISABLE: "1" },
      cleanup: props.cleanup,
    };
  }

  /**
   * Gets providers, and the state unless `backend` is false. An object completes the backend of the stack.
   *
   * @throws {ProviderError} with one line for each provider that is not available.
   * @throws {UserError} with one line for each other error.
   */
  async init(backend: boolean | Readonly<Record<string, string>> = true): Promise<void> {
    const rest = typeof backend === "object" ? Object.entries(backend) : [];
    const result = await this.terraform([
      "init",
      "-input=false",
      "-no-color",
      ...(backend === false ? ["-backend=false"] : []),
      ...rest.map(([key, value]) => `-backend-config=${key}=${value}`),
    ]);
    if (result.code === 0) return;
    const lines = describeInitFailure(result.stderr);
    throw new (onlyProvidersMissing(lines) ? ProviderError : UserError)(lines.join("\n"));
  }

  /** One line for each error in the stack. */
  async validate(): Promise<string[]> {
    const result = await this.terraform(["validate", "-json"]);
    const answer = JSON.parse(result.stdout) as { diagnostics?: Parameters<typeof describeDiagnostic>[0][] };
    return (answer.diagnostics ?? []).filter(({ severity }) => severity === "error").map(describeDiagnostic);
  }

  /**
   * Addresses in the state; none when the layer was never applied.
   *
   * @throws {UserError} when the state cannot be read.
   */
  async stateList(): Promise<string[]> {
    const result = await this.terraform(["state", "list"]);
    if (result.code === 0) return result.stdout.split("\n").filter((line) => line !== "");
    if (result.stderr.includes("No state file was found")) return [];
    throw new UserError(`the state cannot be read: ${result.stderr.trim()}`);
  }

  /**
   * The state. It holds secrets: never print it.
   *
   * @throws {UserError} when it cannot be read.
   */
  async statePull(): Promise<State> {
    const result = await this.terraform(["state", "pull"]);
    if (result.code !== 0) throw new UserError(`the state cannot be read: ${result.stderr.trim()}`);
    return result.stdout.trim() === "" ? {} : (JSON.parse(result.stdout) as State);
  }

  /** The saved plan as JSON. Terraform starts every provider to show it, so it is asked once. */
  showPlan(): Promise<string> {
    this.shown ??= this.terraform(["show", "-json", this.planFile]).then(({ stdout }) => stdout);
    return this.shown;
  }

  /** What the saved plan does to each resource, with all values. */
  async plannedChanges(): Promise<PlannedChange[]> {
    const plan = JSON.parse(await this.showPlan()) as { resource_changes?: (PlannedChange & { mode: string })[] };
    return (plan.resource_changes ?? []).filter(({ mode }) => mode === "managed");
  }

  /** Makes the next plans import existing resources, until {@link forgetPlan}. */
  writeImports(imports: readonly { readonly address: string; readonly id: string }[]): void {
    const blocks = imports.map(({ address, id }) => ({ to: address, id }));
    writeFileSync(this.importFile, JSON.stringify({ import: blocks }, undefined, 2));
  }

  /**
   * Plans and saves the plan. `destroy` plans the removal, of these addresses only when there are any; `refreshOnly`
   * looks at what changed outside of Terraform, and at nothing else.
   */
  plan(
    options: { destroy?: boolean; refreshOnly?: boolean; targets?: readonly string[] } = {},
    onEvent?: OnEvent,
  ): Promise<Outcome> {
    rmSync(this.planFile, { force: true });
    delete this.shown;
    const args = ["plan", "-json", "-input=false", "-detailed-exitcode", `-out=${this.planFile}`];
    if (options.destroy) args.push("-destroy");
    if (options.refreshOnly) args.push("-refresh-only");
    for (const target of options.targets ?? []) args.push(`-target=${target}`);
    return this.operation(args, onEvent);
  }

  apply(onEvent?: OnEvent): Promise<Outcome> {
    return this.operation(["apply", "-json", "-input=false", this.planFile], onEvent);
  }

  /** Removes the saved plan, which may hold secrets of the state, and its imports. */
  forgetPlan(): void {
    delete this.shown;
    for (const file of [this.planFile, this.importFile]) rmSync(file, { force: true });
  }

  private async operation(args: string[], onEvent?: OnEvent): Promise<Outcome> {
    const events: TerraformEvent[] = [];
    const log = this.openLog();
    const result = await this.terraform(args, {
      onLine: (line) => {
        log?.write(`${line}\n`);
        const event = parseEvent(line);
        if (!event) return;
        events.push(event);
        onEvent?.(event);
      },
    });
    log?.end();
    const ok = result.code === 0 || (args[0] === "plan" && result.code === 2);
    const errors = events.flatMap(({ diagnostic }) =>
      diagnostic?.severity === "error" ? [describeDiagnostic(diagnostic)] : [],
    );
    const { add, change, remove } = events.findLast(({ changes }) => changes)?.changes ?? NOTHING;
    return {
      ok,
      changed: result.code === 2,
      changes: { add, change, remove },
      actions: events.flatMap(({ type, change }) =>
        type === "planned_change" && change ? [{ address: change.resource.addr, action: change.action }] : [],
      ),
      errors: ok ? [] : reasons(errors, result.stderr),
      saved: args[0] === "plan" && existsSync(this.planFile),
    };
  }

  private openLog(): WriteStream | undefined {
    if (!this.props.log) return undefined;
    mkdirSync(dirname(this.props.log), { recursive: true });
    const log = createWriteStream(this.props.log, { flags: "a", mode: 0o600 });
    // Without a listener a full disk would end the program in the middle of an apply.
    log.on("error", ({ message }) => process.emitWarning(`${this.props.log} is not whole: ${message}`));
    return log;
  }

  private async terraform(args: string[], options: RunOptions = {}): Promise<RunResult> {
    const result = await this.props.run("terraform", args, { ...this.options, ...options });
    if (result.code === 127) throw new UserError(NO_TERRAFORM);
    return result;
  }
}

/** Why an operation failed; at least one line. */
function reasons(errors: readonly string[], stderr: string): string[] {
  if (interruption.aborted) return [INTERRUPTED];
  return errors.length > 0 ? [...new Set(errors)] : [stderr.trim() || "Terraform failed and printed nothing"];
}

/** Is told of every event. */
export type OnEvent = (event: TerraformEvent) => void;

/** What to do without Terraform. */
export const NO_TERRAFORM = "Terraform was not found: install Terraform 1.11 or newer and put it on PATH";

/** Version of the Terraform on PATH; undefined when there is none. */
export async function terraformVersion(run: Run): Promise<string | undefined> {
  const { code, stdout } = await run("terraform", ["version", "-json"]);
  if (code !== 0) return undefined;
  return (JSON.parse(stdout) as { terraform_version: string }).terraform_version;
}
