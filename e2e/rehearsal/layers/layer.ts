/** One layer of a rehearsed site: Terraform in its folder, everything that it says kept. */
import { readFileSync } from "node:fs";
import { UserError } from "../../../ground/errors";
import type { Context } from "../../../cli/shared/terminal/context";
import { secondsSince } from "../../../cli/shared/terminal/output";
import { type Canary, type Searched, unzip } from "./canaries";
import type { Run } from "../../../cli/shared/process/process";
import type { Stack } from "../../../cli/shared/site/program";
import { progress } from "../../../cli/shared/terraform/progress";
import { type OnEvent, type Outcome, Terraform } from "../../../cli/shared/terraform/terraform";

/** What a plan says that finds nothing to do. */
export const NOTHING = "nothing to do";

/** Where a layer runs. */
interface LayerProps extends Pick<Context, "run" | "env" | "output"> {
  readonly stack: Stack;
  readonly inputs: readonly Canary[];
}

/** A layer on the throw-away control plane. */
export class RehearsedLayer {
  readonly stack: Stack;
  readonly terraform: Terraform;
  /** Everything that Terraform printed, and what its plans hold. */
  readonly recorded: Searched[] = [];

  constructor(private readonly props: LayerProps) {
    this.stack = props.stack;
    this.terraform = new Terraform({
      folder: props.stack.folder,
      run: this.recording(props.run),
      env: { ...props.env, ...Object.fromEntries(props.inputs.map((one) => [`TF_VAR_${one.name}`, one.value])) },
    });
  }

  /** Plans. @throws {UserError} with one line for each error of Terraform. */
  async plan(options: { destroy?: boolean; targets?: readonly string[] } = {}, which = "a"): Promise<Outcome> {
    const { output } = this.props;
    output.step(`${this.stack.name}: planning${options.destroy ? " the removal" : ""}`);
    await this.terraform.init();
    const outcome = this.succeeded(await this.terraform.plan(options, progress(output, this.stack.name)));
    this.recorded.push(...(await this.planTexts(which)));
    return outcome;
  }

  /** Applies what was planned. @throws {UserError} with one line for each error of Terraform. */
  async apply(onEvent?: OnEvent): Promise<Outcome> {
    const show = progress(this.props.output, this.stack.name);
    return this.succeeded(
      await this.terraform.apply((event) => {
        onEvent?.(event);
        show(event);
      }),
    );
  }

  static describe({ changed, actions }: Outcome): string {
    return changed
      ? actions.map(({ address, action }) => `${action} ${address}`).join(", ") || "changes outputs"
      : NOTHING;
  }

  /** Plans and applies the removal. @returns seconds that it took. */
  async remove(): Promise<number> {
    const start = Date.now();
    await this.plan({ destroy: true }, "removing");
    await this.apply();
    return secondsSince(start);
  }

  private succeeded(outcome: Outcome): Outcome {
    if (!outcome.ok) throw new UserError(outcome.errors.map((line) => `${this.stack.name}: ${line}`).join("\n"));
    return outcome;
  }

  private recording(run: Run): Run {
    return async (command, args, options) => {
      const result = await run(command, args, options);
      const name = `output of terraform ${args[0]} of ${this.stack.name}`;
      this.recorded.push({ name, text: `${result.stdout}\n${result.stderr}` });
      return result;
    };
  }

  /** What a saved plan says, as Terraform shows it and as it is. */
  private async planTexts(which: string): Promise<Searched[]> {
    const name = `${which} plan of ${this.stack.name}`;
    const inner = unzip(readFileSync(this.terraform.planFile)).map((one) => ({
      ...one,
      name: `${name} (${one.name})`,
    }));
    return [{ name: `terraform show of the ${name}`, text: await this.terraform.showPlan() }, ...inner];
  }
}
