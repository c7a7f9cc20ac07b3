/** What a rule is. */
import type { Risk } from "../model/model";
import { goes, type Resource } from "../read/resources";
import { Unreadable } from "./reading";

/** What a rule looks at: everything of one layer, before and after. */
export interface LayerResources {
  /** Name of the stack. */
  readonly stack: string;
  readonly resources: readonly Resource[];
}

/** What a rule finds. */
export interface RuleFinding {
  readonly resource: Resource;
  /** @default - the rule's */
  readonly risk?: Risk;
  /** What happens, one sentence that names the resource. @default - what is done to it: `PVC kapacitor/kapacitor is deleted` */
  readonly what?: string;
  /** What follows from that. */
  readonly why: string;
  /** What to do instead, or before and after. */
  readonly remedy: string;
  /** Id by which `allowDestroys` allows it. @default - the resource's */
  readonly id?: string;
  /** Whoever applies it is asked first, though no data go. @default - nobody is asked, unless data go */
  readonly asks?: true;
  /** The apply fails there. @default - it does not */
  readonly fails?: true;
  /** Name of what it is about, as it stands in `what`, where that is no resource of its own. @default - the resource's */
  readonly subject?: string;
}

/** What a rule could not judge. It counts as the worst that the rule knows, whatever it is. */
export interface Unjudged {
  readonly resource: Resource;
  /** What cannot be read, and why. */
  readonly unread: string;
}

/** One small question to a plan. */
export interface Rule {
  readonly id: string;
  /** When it speaks, for the table of the documents. */
  readonly explanation: string;
  /** The worst that it says, and what it says where a finding names no other. */
  readonly risk: Risk;
  /**
   * Rules that say the same of a resource, and more: where one of them speaks, this one does not. `love-*` is all rules
   * whose ids begin with `love-`. @default - none
   */
  readonly yieldsTo?: readonly string[];
  readonly find: (layer: LayerResources) => readonly (RuleFinding | Unjudged)[];
}

/** A finding about the resource that a rule looks at. */
export type ResourceFinding = Omit<RuleFinding, "resource">;

type Look = (
  resource: Resource,
  layer: LayerResources,
) => ResourceFinding | readonly ResourceFinding[] | undefined | false;

/** Looks at one resource after the other that changes. `types` are of resources and kinds of objects, all when empty. */
export function onEach(types: readonly string[], look: Look): Rule["find"] {
  return (layer) =>
    layer.resources
      .filter(({ type, action }) => action !== "no-op" && (types.length === 0 || types.includes(type)))
      .flatMap((resource) =>
        judged(resource, () => [look(resource, layer) || []].flat().map((found) => ({ resource, ...found }))),
      );
}

/** What is found, or that it could not be judged. */
export function judged(resource: Resource, find: () => readonly RuleFinding[]): readonly (RuleFinding | Unjudged)[] {
  try {
    return find();
  } catch (error) {
    if (error instanceof Unreadable) return [{ resource, unread: error.message }];
    throw error;
  }
}

/** Looks at those of them that change in place. */
export function onUpdate(types: readonly string[], look: Look): Rule["find"] {
  return onEach(types, (resource, layer) => resource.action === "update" && look(resource, layer));
}

/** Looks at those of them that are deleted or replaced. */
export function onRemoval(types: readonly string[], look: Look): Rule["find"] {
  return onEach(types, (resource, layer) => goes(resource) && look(resource, layer));
}

/** Looks at those of them that are deleted or replaced and not kept in the cluster. */
export function onLoss(types: readonly string[], look: Look): Rule["find"] {
  return onRemoval(types, (resource, layer) => !resource.keep && look(resource, layer));
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
export type VersionStep = "major" | "minor" | "patch" | "same" | "down" | "unknown";

/** How one version leads to the other. */
export function stepOf(from: string | undefined, to: string | undefined): VersionStep {
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

/** Those of a list that another one does not have. */
export function without(list: readonly string[], other: readonly string[]): string[] {
  return list.filter((one) => !other.includes(one));
}
