/** What Terraform itself does: moves, forgets, replaces for reasons that it does not know yet. */
import { goes, type Resource } from "../read/resources";
import { STACK } from "../read/revisions";
import { at, textAt } from "./reading";
import { onEach, type Rule, type RuleFinding } from "./rule";

/** A whole stack that Terraform lets go of. */
export const stackLeaves: Rule = {
  id: "stack-leaves",
  explanation:
    "A layer, or every layer of a site, leaves the program: nothing is destroyed, and nobody looks after it. Seen between two revisions only.",
  risk: "interrupts",
  find: onEach([STACK], (resource) => ({
    what: `the ${resource.label} leaves the program`,
    why: "that destroys nothing: what it made runs on, with its state, and no program plans, renews or removes it: certificates expire",
    remedy: `keep it, or remove it with npm run destroy -- ${resource.id.replace(/-(?=[a-z]+$)/, " ")} before this is merged, as long as the program knows it`,
  })),
};

/** Findings of resources that are removed and that no other rule knows: a finding too many is better than one too few. */
export function unruled(
  resources: readonly Resource[],
  others: readonly Pick<RuleFinding, "resource">[],
): RuleFinding[] {
  const known = new Set(others.filter(({ resource }) => goes(resource)).map(({ resource }) => resource));
  return resources
    .filter((resource) => goes(resource) && !resource.keep && !known.has(resource) && !isPartOfKnown(resource))
    .map((resource) => ({
      resource,
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
  {
    id: "unknown-cause",
    explanation: "A resource is replaced only because a value is not known before the apply.",
    risk: "harmless",
    find: onEach([], (resource) => {
      const paths = resource.change?.replacePaths ?? [];
      if (resource.action !== "replace" || paths.length === 0) return undefined;
      const unknown = resource.differences.filter(
        ({ after, path }) => after?.kind === "unknown" && paths.some((one) => path.startsWith(String(one[0]))),
      );
      return (
        unknown.length > 0 && {
          what: `${resource.label} is replaced for ${unknown.map(({ path }) => path).join(", ")}, which is not known yet`,
          why: "the value may turn out to be the old one: Terraform replaces all the same",
          remedy: "apply what the value comes from first, then plan again",
        }
      );
    }),
  },
  {
    id: "protection-gone",
    explanation:
      "A resource loses prevent_destroy, which is seen between two revisions only, or Google's own protection: the next plan may destroy it.",
    risk: "harmless",
    find: onEach(
      [],
      (resource) =>
        resource.after !== undefined &&
        ((resource.change?.protection?.before === true && !resource.change.protection.after) ||
          (at(resource.before, "deletion_protection") === true &&
            at(resource.after, "deletion_protection") !== true)) && {
          what: `${resource.label} is no longer protected`,
          why: "nothing happens now; the next plan that destroys or replaces it is not refused",
          remedy: "leave the layer out of allowDestroys unless its data may go",
        },
    ),
  },
  {
    id: "provider-version",
    explanation:
      "Another version of a provider or of Terraform: plans may differ though nothing else changes. Seen between two revisions only.",
    risk: "harmless",
    find: onEach(["terraform_provider"], (resource) => ({
      what: `${resource.id === "terraform" ? "Terraform" : `the provider ${resource.id}`} goes from ${textAt(resource.before, "version")} to ${textAt(resource.after, "version")}`,
      why: "nothing changes by itself; a plan may show what the new one sees differently, and states are written in its form",
      remedy: "rehearse, and read the plan of one site before the others",
    })),
  },
  stackLeaves,
  {
    id: "forgotten",
    explanation: "A resource stays and Terraform no longer knows it.",
    risk: "harmless",
    find: onEach(
      [],
      (resource) =>
        resource.action === "forget" &&
        resource.type !== STACK && {
          what: `${resource.label} is forgotten and stays as it is`,
          why: "no plan reaches it any more; making it again fails while it is there",
          remedy: "say where it is looked after from now on",
        },
    ),
  },
  {
    id: "moved",
    explanation: "A resource gets another address and nothing else happens to it.",
    risk: "harmless",
    find: onEach(
      [],
      (resource) =>
        resource.change?.previousAddress !== undefined &&
        !goes(resource) && {
          what: `${resource.label} is moved from ${resource.change.previousAddress}`,
          why: "only its address in the state changes",
          remedy: "keep the moved entry until every site has it",
        },
    ),
  },
];
