/** What a rule is. */
import type { Risk } from "../model/model";
import type { Resource } from "../read/resources";

/** What a rule looks at: everything of one layer, before and after. */
export interface LayerResources {
  /** Name of the stack. */
  readonly stack: string;
  readonly resources: readonly Resource[];
}

/** What a rule finds. */
export interface RuleFinding {
  readonly resource: Resource;
  readonly risk: Risk;
  /** What happens, one sentence that names the resource. */
  readonly what: string;
  /** What follows from that. */
  readonly why: string;
  /** What to do instead, or before and after. */
  readonly remedy: string;
  /** Id by which `allowDestroys` allows it. @default - the resource's */
  readonly id?: string;
}

/** One small question to a plan. */
export interface Rule {
  readonly id: string;
  /** When it speaks, for the table of the documents. */
  readonly explanation: string;
  /** The worst that it says. */
  readonly risk: Risk;
  readonly find: (layer: LayerResources) => readonly RuleFinding[];
}

/** A finding about the resource that a rule looks at. */
export type ResourceFinding = Omit<RuleFinding, "resource">;

/** A rule that looks at one resource after the other; `on` are types of resources and kinds of objects, all when empty. */
export function ruleOn(
  on: readonly string[],
  rule: Omit<Rule, "find">,
  find: (resource: Resource, layer: LayerResources) => ResourceFinding | readonly ResourceFinding[] | undefined,
): Rule {
  return {
    ...rule,
    find: (layer) =>
      layer.resources
        .filter(({ type, action }) => action !== "no-op" && (on.length === 0 || on.includes(type)))
        .flatMap((resource) => [find(resource, layer) ?? []].flat().map((found) => ({ resource, ...found }))),
  };
}

/** `is deleted`, `is replaced`, … */
export function isDone({ action }: Pick<Resource, "action">): string {
  return {
    delete: "is deleted",
    replace: "is replaced",
    update: "is changed",
    create: "is created",
    forget: "is forgotten",
    import: "is imported",
    move: "is moved",
    read: "is read",
    "no-op": "stays",
  }[action];
}

/** Numbers of a version, `1.36.5` of `v1.36.5-k3s1`; undefined where it is none. */
function numbers(version: string): number[] | undefined {
  const found = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(version);
  return found ? [found[1], found[2], found[3] ?? 0].map(Number) : undefined;
}

/** How a version moves. */
export type Step = "major" | "minor" | "patch" | "same" | "down" | "unknown";

/** How one version leads to the other. */
export function stepOf(from: string | undefined, to: string | undefined): Step {
  const [was, is] = [numbers(from ?? ""), numbers(to ?? "")];
  if (!was || !is) return "unknown";
  const first = was.findIndex((each, i) => each !== is[i]);
  if (first < 0) return "same";
  if ((is[first] ?? 0) < (was[first] ?? 0)) return "down";
  return (["major", "minor", "patch"] as const)[first] ?? "unknown";
}

/** The first three paths that differ, without what they all begin with. */
export function changedPaths({ differences }: Pick<Resource, "differences">, below = "spec."): string {
  const found = differences.map(({ path }) => path.replace(below, ""));
  return found.slice(0, 3).join(", ") + (found.length > 3 ? ` and ${found.length - 3} more` : "");
}

/** Types and kinds that run pods. */
export const WORKLOADS = [
  "kubernetes_deployment_v1",
  "kubernetes_stateful_set_v1",
  "kubernetes_daemon_set_v1",
  "Deployment",
  "StatefulSet",
  "DaemonSet",
];
