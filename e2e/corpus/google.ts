/** Makes plans of GKE on a state that is made up, by the real provider, which reaches nothing. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Context } from "../../cli/shared/terminal/context";
import { messageOf } from "../../ground/errors";
import type { Run } from "../../cli/shared/process/process";
import type { Stack } from "../../cli/shared/site/program";
import { cleanEnvironment } from "../rehearsal/isolation";
import { Terraform } from "../../cli/shared/terraform/terraform";
import type { Case, Edit, Plans, ChangedSite } from "./case";
import { gkeSite } from "./cases-google";
import { ADDED_TYPES, madeUpState, type Planned } from "./google-state";
import { clusterStack, must } from "./make";

/** Without any network, not even a loopback. */
const ALONE = ["unshare", "--net", "--map-root-user"] as const;

/**
 * Variables with which the provider plans without an account: an invalid token, no refresh, and a proxy that does not
 * exist. Without the proxy it tries for five minutes to find out whose token it is.
 */
const NO_ACCOUNT = {
  GOOGLE_OAUTH_ACCESS_TOKEN: "none",
  TF_CLI_ARGS_plan: "-refresh=false",
  HTTPS_PROXY: "http://127.0.0.1:1",
};

interface ShownPlan {
  readonly planned_values: { readonly root_module: { readonly resources?: readonly Planned[] } };
  readonly resource_changes?: readonly { readonly address: string; readonly change: { readonly actions: string[] } }[];
}

/** The cluster layer of a site on GKE. */
export class GooglePlans implements Plans {
  /** By text of the stack. */
  private readonly states = new Map<string, string>();

  private constructor(
    private readonly context: Context,
    readonly folder: string,
    private readonly siteOf: ChangedSite,
  ) {}

  /** Google's provider, or why it cannot be had. */
  static async open(context: Context, folder: string, siteOf: ChangedSite): Promise<GooglePlans | string> {
    const [unshare, ...options] = ALONE;
    const alone = await context.run(unshare, [...options, "true"]);
    if (alone.code !== 0) return `there is no network namespace: ${alone.stderr.trim() || `${unshare} failed`}`;
    const plans = new GooglePlans({ ...context, env: cleanEnvironment(context.env) }, folder, siteOf);
    try {
      // All stacks are written into the same folder.
      await plans.terraform(plans.stack()).init();
      return plans;
    } catch (error) {
      return messageOf(error);
    }
  }

  /** Nothing is applied: each case has a state of its own. */
  async planOf({ first, site, stack, tainted }: Case): Promise<string> {
    const before = this.stack(first);
    const file = join(this.folder, "state", `${before.name}.tfstate`);
    const known = this.states.get(before.text);
    if (known === undefined) {
      await this.makeUp(before, file);
      this.states.set(before.text, readFileSync(file, "utf8"));
    } else writeFileSync(file, known);
    const { run, env } = this.context;
    if (tainted) await must(run, "terraform", ["taint", tainted], { cwd: before.folder, env });
    return this.plan(this.stack({ ...(site ? { site } : {}), ...(stack ? { stack } : {}) }));
  }

  /** Writes the state of a stack, type after type, each planned on those before it; nothing is left to do then. */
  private async makeUp(stack: Stack, file: string): Promise<void> {
    mkdirSync(dirname(file), { recursive: true });
    rmSync(file, { force: true });
    for (const [i] of ADDED_TYPES.entries()) {
      const { planned_values: planned } = JSON.parse(await this.plan(stack)) as ShownPlan;
      const there = planned.root_module.resources?.filter(({ type }) => ADDED_TYPES.slice(0, i + 1).includes(type));
      writeFileSync(file, JSON.stringify(madeUpState(there ?? [])));
    }
    const { resource_changes: changes = [] } = JSON.parse(await this.plan(stack)) as ShownPlan;
    const odd = changes.filter(({ change }) => change.actions.join() !== "no-op").map(({ address }) => address);
    if (odd.length > 0) throw new Error(`the made-up state is not what is asked for: ${odd.join(", ")}`);
  }

  private async plan(stack: Stack): Promise<string> {
    const terraform = this.terraform(stack);
    const outcome = await terraform.plan();
    if (!outcome.saved) throw new Error(outcome.errors.join("; "));
    const shown = await terraform.showPlan();
    terraform.forgetPlan();
    return shown;
  }

  private stack({ site, stack: change }: Edit = {}): Stack {
    const environment = this.siteOf((data) => {
      gkeSite(data);
      site?.(data);
    });
    const stack = clusterStack(environment, join(this.folder, "out"), join(this.folder, "state"));
    const changed: unknown = JSON.parse(stack.text);
    change?.(changed);
    writeFileSync(join(stack.folder, "cdk.tf.json"), JSON.stringify(changed));
    return stack;
  }

  private terraform({ folder }: Stack): Terraform {
    const { env } = this.context;
    const run: Run = (program, args, options) => {
      if (args[0] !== "plan") return this.context.run(program, args, options);
      const [unshare, ...alone] = ALONE;
      return this.context.run(unshare, [...alone, program, ...args], {
        ...options,
        env: { ...options?.env, ...NO_ACCOUNT },
      });
    };
    return new Terraform({ folder, run, env });
  }
}
