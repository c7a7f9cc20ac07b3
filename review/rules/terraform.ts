/** What Terraform itself does: moves, forgets, replaces for reasons that it does not know yet. */
import { at, textAt } from "../model/tree";
import { goes, type Resource } from "../read/resources";
import { STACK } from "../read/revisions";
import { isDone, ruleOn, type Rule, type RuleFinding } from "./rule";

const moved = ruleOn(
  [],
  {
    id: "moved",
    explanation: "A resource gets another address and nothing else happens to it.",
    risk: "harmless",
  },
  (resource) =>
    resource.change?.previousAddress !== undefined && !goes(resource)
      ? {
          risk: "harmless",
          what: `${resource.label} is moved from ${resource.change.previousAddress}`,
          why: "only its address in the state changes",
          remedy: "keep the moved entry until every site has it",
        }
      : undefined,
);

const forgotten = ruleOn(
  [],
  {
    id: "forgotten",
    explanation: "A resource stays and Terraform no longer knows it.",
    risk: "harmless",
  },
  (resource) =>
    resource.action === "forget" && resource.type !== STACK
      ? {
          risk: "harmless",
          what: `${resource.label} is forgotten and stays as it is`,
          why: "no plan reaches it any more; making it again fails while it is there",
          remedy: "say where it is looked after from now on",
        }
      : undefined,
);

/** A whole stack that Terraform lets go of. */
export const stackLeaves = ruleOn(
  [STACK],
  {
    id: "stack-leaves",
    explanation:
      "A layer, or every layer of a site, leaves the program: nothing is destroyed, and nobody looks after it. Seen between two revisions only.",
    risk: "interrupts",
  },
  (resource) => ({
    risk: "interrupts",
    what: `the ${resource.label} leaves the program`,
    why: "that destroys nothing: what it made runs on, with its state, and no program plans, renews or removes it: certificates expire",
    remedy: "keep it, or remove it with npm run destroy before this is merged, as long as the program knows it",
  }),
);

const protectionGone = ruleOn(
  [],
  {
    id: "protection-gone",
    explanation:
      "A resource loses prevent_destroy, which is seen between two revisions only, or Google's own protection: the next plan may destroy it.",
    risk: "harmless",
  },
  (resource) =>
    resource.after !== undefined &&
    ((resource.change?.protection?.before === true && !resource.change.protection.after) ||
      (at(resource.before, "deletion_protection") === true && at(resource.after, "deletion_protection") !== true))
      ? {
          risk: "harmless",
          what: `${resource.label} is no longer protected`,
          why: "nothing happens now; the next plan that destroys or replaces it is not refused",
          remedy: "leave the layer out of allowDestroys unless its data may go",
        }
      : undefined,
);

const providerVersion = ruleOn(
  ["terraform_provider"],
  {
    id: "provider-version",
    explanation:
      "Another version of a provider or of Terraform: plans may differ though nothing else changes. Seen between two revisions only.",
    risk: "harmless",
  },
  (resource) => ({
    risk: "harmless",
    what: `${resource.id === "terraform" ? "Terraform" : `the provider ${resource.id}`} goes from ${textAt(resource.before, "version")} to ${textAt(resource.after, "version")}`,
    why: "nothing changes by itself; a plan may show what the new one sees differently, and states are written in its form",
    remedy: "rehearse, and read the plan of one site before the others",
  }),
);

const unknownCause = ruleOn(
  [],
  {
    id: "unknown-cause",
    explanation: "A resource is replaced only because a value is not known before the apply.",
    risk: "harmless",
  },
  (resource) => {
    const paths = resource.change?.replacePaths ?? [];
    if (resource.action !== "replace" || paths.length === 0) return undefined;
    const unknown = resource.differences.filter(
      ({ after, path }) => after?.kind === "unknown" && paths.some((one) => path.startsWith(String(one[0]))),
    );
    return unknown.length > 0
      ? {
          risk: "harmless",
          what: `${resource.label} is replaced for ${unknown.map(({ path }) => path).join(", ")}, which is not known yet`,
          why: "the value may turn out to be the old one: Terraform replaces all the same",
          remedy: "apply what the value comes from first, then plan again",
        }
      : undefined;
  },
);

/** Findings of resources that are removed and that no other rule knows: a finding too many is better than one too few. */
export function unruled(resources: readonly Resource[], others: readonly RuleFinding[]): RuleFinding[] {
  const known = new Set(others.filter(({ resource }) => goes(resource)).map(({ resource }) => resource));
  return resources
    .filter((resource) => goes(resource) && !resource.keep && !known.has(resource) && !isPartOfKnown(resource))
    .map((resource) => ({
      resource,
      risk: "interrupts" as const,
      what: `${resource.label} ${isDone(resource)}`,
      why: "no rule knows what depends on a resource of this type",
      remedy: "find out who uses it before you approve",
    }));
}

/** Types whose removal loses nothing and stops nothing. */
const HOLDS_NOTHING = [
  "docker_image",
  "kubernetes_config_map_v1",
  "kubernetes_limit_range_v1",
  "ConfigMap",
  "NodeMetrics",
];

function isPartOfKnown(resource: Resource): boolean {
  return (
    HOLDS_NOTHING.includes(resource.type) ||
    (resource.type === "helm_release" && resource.release?.before?.chart === "resources")
  );
}

/** The rule of {@link unruled}, for the table of the documents. */
export const UNRULED = {
  id: "unknown-type",
  explanation: "A resource is removed or is replaced, and no rule knows its type.",
  risk: "interrupts",
} as const;

/** All of them. */
export const TERRAFORM_RULES: readonly Rule[] = [
  unknownCause,
  protectionGone,
  providerVersion,
  stackLeaves,
  forgotten,
  moved,
];
