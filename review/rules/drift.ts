/** Changes by hand inside Helm releases, which no apply sees. */
import { at, textAt } from "../model/tree";
import { ruleOn, type Rule } from "./rule";

const releaseByHand = ruleOn(
  ["helm_release"],
  {
    id: "release-by-hand",
    explanation:
      "A Helm release was upgraded or rolled back with helm, or its last operation did not end. Seen by --drift only.",
    risk: "changes access",
  },
  (resource) => {
    if (resource.undo === undefined) return undefined;
    const [revision, now] = [resource.before, resource.after].map((side) => textAt(side, "revision"));
    const status = textAt(resource.after, "status");
    if (revision !== undefined && now !== undefined)
      return {
        risk: "changes access",
        what: `${resource.label} was changed with helm: Terraform made revision ${revision}, and revision ${now} runs (${status})`,
        why: "other values of a chart may change whatever it runs; Terraform compares its own values with its own state",
        remedy: "",
      };
    return status === "deployed"
      ? undefined
      : {
          risk: "changes access",
          what: `the last operation of ${resource.label} ended as ${status}`,
          why: "some of its objects may be of one revision and some of another",
          remedy: "",
        };
  },
);

const configMapByHand = ruleOn(
  ["ConfigMap"],
  {
    id: "config-map",
    explanation: "A configuration inside a release changes: its program reads it at its next start at the latest.",
    risk: "harmless",
  },
  (resource) =>
    resource.action === "update"
      ? {
          risk: "harmless",
          what: `${resource.label} changes ${resource.differences.map(({ path }) => path).join(", ")}`,
          why: "its program reads it at its next start at the latest, and may then behave otherwise",
          remedy: "check that this is meant",
        }
      : undefined,
);

const PAUSE = /pause-reconciliation/;

const paused = ruleOn(
  [],
  {
    id: "paused",
    explanation: "An operator is told to leave an object alone (strimzi.io/pause-reconciliation).",
    risk: "interrupts",
  },
  (resource) => {
    const marks = at(resource.after, "metadata", "annotations");
    const key = resource.differences.find(({ path }) => PAUSE.test(path));
    if (!key || textAt(marks, "strimzi.io/pause-reconciliation") !== "true") return undefined;
    return {
      risk: "interrupts",
      what: `${resource.label} is paused`,
      why: "its operator no longer repairs it, renews its certificates or takes any change of it",
      remedy: "take the annotation strimzi.io/pause-reconciliation away when the work is done",
    };
  },
);

/** All of them. */
export const DRIFT_RULES: readonly Rule[] = [paused, releaseByHand, configMapByHand];
