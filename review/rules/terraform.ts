/** What Terraform itself does: moves, forgets, replaces for reasons that it does not know yet. */
import { at, textAt } from "../model/tree";
import { goes, type Thing } from "../read/things";
import { STACK } from "../read/revisions";
import { isDone, type Rule, ruleOn, type Said } from "./rule";

/** A move. */
export const moved = ruleOn(
  [],
  {
    id: "moved",
    explanation: "A resource gets another address and nothing else happens to it.",
    risk: "harmless",
  },
  (thing) =>
    thing.resource?.previousAddress !== undefined && !goes(thing)
      ? {
          risk: "harmless",
          what: `${thing.label} is moved from ${thing.resource.previousAddress}`,
          why: "only its address in the state changes",
          remedy: "leave the moved entry until every site has it",
        }
      : undefined,
);

/** Something that Terraform lets go of. */
export const forgotten = ruleOn(
  [],
  {
    id: "forgotten",
    explanation: "A resource stays and Terraform no longer knows it.",
    risk: "harmless",
  },
  (thing) =>
    thing.action === "forget" && thing.type !== STACK
      ? {
          risk: "harmless",
          what: `${thing.label} is forgotten and stays as it is`,
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
      "A layer, or every layer of a site, leaves the program: nothing is destroyed, and nobody cares for it. Seen between two revisions only.",
    risk: "interrupts",
  },
  (thing) => ({
    risk: "interrupts",
    what: `the ${thing.label} leaves the program`,
    why: "that destroys nothing: what it made runs on, with its state, and no program plans, renews or removes it: certificates end some day",
    remedy: "keep it, or remove it with npm run destroy before this is merged, as long as the program knows it",
  }),
);

/** Something that was protected. */
export const protectionGone = ruleOn(
  [],
  {
    id: "protection-gone",
    explanation:
      "A resource loses prevent_destroy, which is seen between two revisions only, or Google's own protection: the next plan may destroy it.",
    risk: "harmless",
  },
  (thing) =>
    thing.after !== undefined &&
    ((thing.resource?.protection?.before === true && !thing.resource.protection.after) ||
      (at(thing.before, "deletion_protection") === true && at(thing.after, "deletion_protection") !== true))
      ? {
          risk: "harmless",
          what: `${thing.label} is no longer protected`,
          why: "nothing happens now; the next plan that destroys or replaces it is not refused",
          remedy: "leave the layer out of allowDestroys unless its data may go",
        }
      : undefined,
);

/** Another version of Terraform or of a provider. */
export const providerVersion = ruleOn(
  ["terraform_provider"],
  {
    id: "provider-version",
    explanation:
      "Another version of a provider or of Terraform: plans may differ though nothing else changes. Seen between two revisions only.",
    risk: "harmless",
  },
  (thing) => ({
    risk: "harmless",
    what: `${thing.id === "terraform" ? "Terraform" : `the provider ${thing.id}`} goes from ${textAt(thing.before, "version")} to ${textAt(thing.after, "version")}`,
    why: "nothing changes by itself; a plan may show what the new one sees otherwise, and states are written in its form",
    remedy: "rehearse, and read the plan of one site before the others",
  }),
);

/** A replacement for a value that is not known yet. */
export const unknownCause = ruleOn(
  [],
  {
    id: "unknown-cause",
    explanation: "A resource is replaced only because a value is not known before the apply.",
    risk: "harmless",
  },
  (thing) => {
    const paths = thing.resource?.replacePaths ?? [];
    if (thing.action !== "replace" || paths.length === 0) return undefined;
    const unknown = thing.differences.filter(
      ({ after, path }) => after?.kind === "unknown" && paths.some((one) => path.startsWith(String(one[0]))),
    );
    return unknown.length > 0
      ? {
          risk: "harmless",
          what: `${thing.label} is replaced for ${unknown.map(({ path }) => path).join(", ")}, which is not known yet`,
          why: "the value may turn out to be the old one: Terraform replaces all the same",
          remedy: "apply what the value comes from first, then plan again",
        }
      : undefined;
  },
);

/** What no other rule knows, after what the others said: recall goes first. */
export function unruled(things: readonly Thing[], said: readonly Said[]): Said[] {
  const known = new Set(said.filter(({ thing }) => goes(thing)).map(({ thing }) => thing));
  return things
    .filter((thing) => goes(thing) && !thing.keep && !known.has(thing) && !isPartOfKnown(thing))
    .map((thing) => ({
      thing,
      risk: "interrupts" as const,
      what: `${thing.label} ${isDone(thing)}`,
      why: "no rule knows what hangs on a thing of this type",
      remedy: "find out who uses it before you approve",
    }));
}

/** Types that hold nothing and stop nothing when they go. */
const HOLDS_NOTHING = [
  "docker_image",
  "kubernetes_config_map_v1",
  "kubernetes_limit_range_v1",
  "ConfigMap",
  "NodeMetrics",
];

function isPartOfKnown(thing: Thing): boolean {
  return (
    HOLDS_NOTHING.includes(thing.type) ||
    (thing.type === "helm_release" && thing.release?.before?.chart === "resources")
  );
}

/** Its line of the documents. */
export const UNRULED = {
  id: "unknown-type",
  explanation: "A thing goes or is replaced, and no rule knows its type.",
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
