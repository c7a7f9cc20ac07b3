/** What is changed by hand inside Helm releases, where no apply looks. */
import { at, textAt } from "../model/tree";
import { goes } from "../read/things";
import { isDone, type Rule, ruleOn } from "./rule";

/** Somebody worked with helm. */
export const releaseByHand = ruleOn(
  ["helm_release"],
  {
    id: "release-by-hand",
    explanation:
      "A Helm release was upgraded or rolled back with helm, or its last operation did not end. Seen by --drift only.",
    risk: "changes access",
  },
  (thing) => {
    if (thing.undo === undefined) return undefined;
    const [revision, now] = [thing.before, thing.after].map((side) => textAt(side, "revision"));
    const status = textAt(thing.after, "status");
    if (revision !== undefined && now !== undefined)
      return {
        risk: "changes access",
        what: `${thing.label} was changed with helm: Terraform made revision ${revision}, and revision ${now} runs (${status})`,
        why: "other values of a chart may change whatever it runs; Terraform compares its own values with its own state",
        remedy: "",
      };
    return status === "deployed"
      ? undefined
      : {
          risk: "changes access",
          what: `the last operation of ${thing.label} ended as ${status}`,
          why: "a part of its objects may be of one revision and a part of another",
          remedy: "",
        };
  },
);

/** A configuration of a chart is another one. */
export const configMapByHand = ruleOn(
  ["ConfigMap"],
  {
    id: "config-map",
    explanation: "A configuration inside a release changes: its program reads it at its next start at the latest.",
    risk: "harmless",
  },
  (thing) =>
    thing.action === "update"
      ? {
          risk: "harmless",
          what: `${thing.label} changes ${thing.differences.map(({ path }) => path).join(", ")}`,
          why: "its program reads it at its next start at the latest, and may then behave otherwise",
          remedy: "see that this is meant",
        }
      : undefined,
);

/** A kind goes. */
export const definitionGoes = ruleOn(
  ["CustomResourceDefinition"],
  {
    id: "definition-goes",
    explanation: "The definition of a kind goes, and every object of the kind with it.",
    risk: "loses data",
  },
  (thing) =>
    goes(thing) && !thing.keep
      ? {
          risk: "loses data",
          what: `the definition of ${thing.name} ${isDone(thing)}`,
          why: "every object of this kind is deleted with it, in all namespaces",
          remedy: "give it back, and the objects after it",
        }
      : undefined,
);

const PAUSE = /pause-reconciliation/;

/** An operator is told to look away. */
export const paused = ruleOn(
  [],
  {
    id: "paused",
    explanation: "An operator is told to leave an object alone (strimzi.io/pause-reconciliation).",
    risk: "interrupts",
  },
  (thing) => {
    const marks = at(thing.after, "metadata", "annotations");
    const key = thing.differences.find(({ path }) => PAUSE.test(path));
    if (!key || textAt(marks, "strimzi.io/pause-reconciliation") !== "true") return undefined;
    return {
      risk: "interrupts",
      what: `${thing.label} is paused`,
      why: "its operator no longer repairs it, renews its certificates or takes any change of it",
      remedy: "take the annotation strimzi.io/pause-reconciliation away when the work is done",
    };
  },
);

/** All of them. */
export const DRIFT_RULES: readonly Rule[] = [definitionGoes, paused, releaseByHand, configMapByHand];
