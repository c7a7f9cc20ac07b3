/** The schema registry. */
import { differenceAt, goes, sides } from "../read/resources";
import { numberAt } from "./reading";
import { isDone, onEach, WORKLOADS, type Rule } from "./rule";

/** All of them. */
export const REGISTRY_RULES: readonly Rule[] = [
  {
    id: "registry-stops",
    explanation:
      "The schema registry is removed, or restarts with one replica only: consumers drop what they read meanwhile.",
    risk: "interrupts",
    find: onEach(WORKLOADS, (resource) => {
      if (!resource.name.includes("schema-registry") || resource.action === "create" || resource.action === "move")
        return undefined;
      const replicas = Math.min(...sides(resource, (side) => numberAt(1, side, "spec", "replicas")));
      const restarts = goes(resource) || differenceAt(resource, /^spec\.(template|replicas)/);
      if (!restarts || (!goes(resource) && replicas > 1)) return undefined;
      return {
        what: `the schema registry ${goes(resource) ? isDone(resource) : "restarts, and it has one replica"}`,
        why: "Telegraf drops what it reads while no registry answers; Kafka still has it",
        remedy: "set repair for the consumers afterwards, so that a second group reads again all that Kafka has",
      };
    }),
  },
];
