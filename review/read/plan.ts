/** Reads `terraform show -json` of a saved plan. */
import { inside } from "../../synthesized/stack";
import type { Action } from "../model/model";
import { redactOf } from "./redact-resource";
import type { Branch, Tree } from "../model/tree";

/** A plan that cannot be reviewed: its message says why and what to do. */
export class PlanError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "PlanError";
  }
}

/** What a plan does to one resource. Values are without secrets. */
export interface ResourceChange {
  readonly address: string;
  readonly type: string;
  /** Last part of the address. */
  readonly id: string;
  /** `no-op` where nothing happens to it. */
  readonly action: Action | "no-op";
  readonly previousAddress?: string;
  /** Terraform's reason, in its word: `replace_because_cannot_update`. */
  readonly reason?: string;
  readonly before?: Tree;
  readonly after?: Tree;
  /** Paths that it is replaced for. */
  readonly replacePaths: readonly (readonly (string | number)[])[];
  /** Whether Terraform would refuse to destroy it, on either side; known from synthesized stacks only. */
  readonly protection?: { readonly before: boolean; readonly after: boolean };
  /** Objects of a release that was looked into, as it made them and as they are. */
  readonly opened?: {
    readonly before: readonly Branch[];
    readonly after: readonly Branch[];
    /** What undoes a change of the release, and of its objects. */
    readonly undo: { readonly release: string; readonly objects: string };
    /** What to know of all this, for people. */
    readonly notes: readonly string[];
  };
}

/** A plan. */
export interface Plan {
  readonly terraform: string;
  readonly providers: Readonly<Record<string, string>>;
  /** Every resource, those that do not change as well. */
  readonly resources: readonly ResourceChange[];
  /** What changed outside of Terraform since its last apply. */
  readonly drift: readonly ResourceChange[];
  /** Addresses and names of Deployments whose replicas an autoscaler of the program sets. @default - none */
  readonly scaled?: readonly string[];
  /** Whether Terraform gave up on the way: then resources are missing. */
  readonly errored: boolean;
}

interface RawChange {
  readonly address: string;
  readonly previous_address?: string;
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  readonly action_reason?: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: unknown;
    readonly after: unknown;
    readonly after_unknown?: unknown;
    readonly before_sensitive?: unknown;
    readonly after_sensitive?: unknown;
    readonly replace_paths?: readonly (readonly (string | number)[])[];
    readonly importing?: unknown;
  };
}

/** A resource as the program has it. */
interface RawConfigured {
  readonly address: string;
  readonly type?: string;
  readonly expressions?: unknown;
}

interface RawPlan {
  readonly format_version?: string;
  readonly terraform_version?: string;
  readonly resource_changes?: readonly RawChange[];
  readonly resource_drift?: readonly RawChange[];
  readonly errored?: boolean;
  readonly configuration?: {
    readonly provider_config?: Readonly<
      Record<string, { full_name?: string; name: string; version_constraint?: string }>
    >;
    readonly root_module?: { readonly resources?: readonly RawConfigured[] };
  };
}

/** What a plan is expected to be. */
export interface Expected {
  /** Terraform that is at hand. */
  readonly terraform?: string;
  /** Name of the stack, and addresses of all its resources and data sources. */
  readonly stack?: { readonly name: string; readonly addresses: readonly string[] };
}

/**
 * Reads a plan.
 *
 * @throws {PlanError} where it is no plan, a part of one, of another form or version, or of another program.
 */
export function readPlan(text: string, expected: Expected = {}): Plan {
  const plan = parsed(text);
  const { format_version: format = "", terraform_version: terraform } = plan;
  if (terraform === undefined || format === "")
    throw new PlanError("this is no plan: it names no version of Terraform; give the output of terraform show -json");
  if (!/^1\.\d+$/.test(format))
    throw new PlanError(
      `this plan has the form ${format}, and 1.x can be read: use Terraform 1.11 or newer of version 1`,
    );
  if (expected.terraform !== undefined && expected.terraform !== terraform)
    throw new PlanError(`this plan was made by Terraform ${terraform}, and ${expected.terraform} is here: plan again`);
  if (!plan.configuration) throw new PlanError("this plan is cut: it has no configuration; plan again");
  if (expected.stack) refuseOther(plan, expected.stack);
  return {
    terraform,
    providers: providersOf(plan),
    resources: (plan.resource_changes ?? []).filter(isOurs).map(resourceChange),
    drift: (plan.resource_drift ?? []).filter(isOurs).map(resourceChange),
    scaled: (plan.configuration.root_module?.resources ?? []).flatMap(scaledBy),
    errored: plan.errored === true,
  };
}

/** What an autoscaler scales: by its name, or by the address from which that comes. */
function scaledBy({ type, expressions }: RawConfigured): string[] {
  if (type !== "kubernetes_horizontal_pod_autoscaler_v2") return [];
  const name = inside(expressions, "spec", "scale_target_ref", "name");
  return [inside(name, "constant_value"), inside(name, "references")].flat().filter((one) => typeof one === "string");
}

function parsed(text: string): RawPlan {
  try {
    const plan: unknown = JSON.parse(text);
    if (plan !== null && typeof plan === "object" && !Array.isArray(plan)) return plan;
  } catch {
    throw new PlanError(
      text.trim() === ""
        ? "this plan is empty: Terraform could not read it; plan again"
        : "this plan is cut or no JSON: plan again, and give the whole output of terraform show -json",
    );
  }
  throw new PlanError("this is no plan: give the output of terraform show -json");
}

function refuseOther(plan: RawPlan, { name, addresses }: { name: string; addresses: readonly string[] }): void {
  const planned = (plan.configuration?.root_module?.resources ?? []).map(({ address }) => address);
  const [known, seen] = [new Set(addresses), new Set(planned)];
  const odd = [...planned.filter((one) => !known.has(one)), ...addresses.filter((one) => !seen.has(one))];
  if (odd.length > 0)
    throw new PlanError(
      `this plan is not of ${name} as this checkout has it: they differ in ${odd.slice(0, 3).join(", ")}${
        odd.length > 3 ? ` and ${odd.length - 3} more` : ""
      }; plan again, in the revision that is to be applied`,
    );
}

const isOurs = ({ mode, change }: RawChange): boolean => mode === "managed" || change.actions.includes("read");

function providersOf({ configuration }: RawPlan): Record<string, string> {
  return Object.fromEntries(
    Object.values(configuration?.provider_config ?? {})
      .map(({ name, version_constraint: version }) => [name, version ?? "any"] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function actionOf({ actions, importing }: RawChange["change"], previous: string | undefined): Action | "no-op" {
  if (actions.includes("delete") && actions.includes("create")) return "replace";
  const [action = "no-op"] = actions;
  if (action === "no-op" || action === "update")
    return importing ? "import" : action === "no-op" && previous !== undefined ? "move" : action;
  return action as Action;
}

/** Types whose resources rules look at even where they stay as they are. */
const CONTEXT = ["kubernetes_config_map_v1", "kubernetes_deployment_v1"];

function resourceChange(raw: RawChange): ResourceChange {
  const { address, previous_address: previousAddress, type, name, action_reason: reason, change } = raw;
  const action = actionOf(change, previousAddress);
  const read = action !== "no-op" || CONTEXT.includes(type);
  const side = (value: unknown, sensitive: unknown, unknown?: unknown) =>
    !read || (value === null && (unknown === undefined || isNothing(unknown)))
      ? undefined
      : redactOf(type, value, sensitive, unknown);
  const before = side(change.before, change.before_sensitive);
  const after = side(change.after, change.after_sensitive, change.after_unknown);
  return {
    address,
    type,
    id: name,
    action,
    ...(previousAddress === undefined ? {} : { previousAddress }),
    ...(reason === undefined ? {} : { reason }),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    replacePaths: change.replace_paths ?? [],
  };
}

const isNothing = (mask: unknown): boolean =>
  mask === false || (mask !== null && typeof mask === "object" && Object.keys(mask).length === 0);
