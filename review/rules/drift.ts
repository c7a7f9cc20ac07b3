/** Changes by hand inside Helm releases, which no apply sees. */
import { differenceAt, sides } from "../read/resources";
import { textAt } from "./reading";
import { onEach, onUpdate, type Rule } from "./rule";

/** All of them. */
export const DRIFT_RULES: readonly Rule[] = [
  {
    id: "paused",
    explanation: "An operator is told to leave an object alone (strimzi.io/pause-reconciliation).",
    risk: "interrupts",
    find: onEach([], (resource) => {
      const mark = textAt(resource.after, "metadata", "annotations", "strimzi.io/pause-reconciliation");
      if (mark !== "true" || !differenceAt(resource, /pause-reconciliation/)) return undefined;
      return {
        what: `${resource.label} is paused`,
        why: "its operator no longer repairs it, renews its certificates or takes any change of it",
        remedy: "take the annotation strimzi.io/pause-reconciliation away when the work is done",
      };
    }),
  },
  {
    id: "release-by-hand",
    explanation:
      "A Helm release was upgraded or rolled back with helm, or its last operation did not end. Seen by --drift only.",
    risk: "changes access",
    find: onEach(["helm_release"], (resource) => {
      if (resource.undo === undefined) return undefined;
      const [revision, now] = sides(resource, (side) => textAt(side, "revision"));
      const status = textAt(resource.after, "status");
      if (revision !== undefined && now !== undefined)
        return {
          what: `${resource.label} was changed with helm: Terraform made revision ${revision}, and revision ${now} runs (${status})`,
          why: "other values of a chart may change whatever it runs; Terraform compares its own values with its own state",
          remedy: "",
        };
      if (status === "deployed") return undefined;
      return {
        what: `the last operation of ${resource.label} ended as ${status}`,
        why: "some of its objects may be of one revision and some of another",
        remedy: "",
      };
    }),
  },
  {
    id: "config-map",
    explanation: "A configuration inside a release changes: its program reads it at its next start at the latest.",
    risk: "harmless",
    find: onUpdate(["ConfigMap"], (resource) => ({
      what: `${resource.label} changes ${resource.differences.map(({ path }) => path).join(", ")}`,
      why: "its program reads it at its next start at the latest, and may then behave otherwise",
      remedy: "check that this is meant",
    })),
  },
];
