/** The schema registry. */
import { at } from "../model/tree";
import { differenceAt, goes, type Resource } from "../read/resources";
import { isDone, ruleOn, WORKLOADS, type Rule } from "./rule";

/** The registry is what consumers need for every message. */
const isRegistry = ({ name }: Resource): boolean => name.includes("schema-registry");

const registryStops = ruleOn(
  WORKLOADS,
  {
    id: "registry-stops",
    explanation:
      "The schema registry is removed, or restarts with one replica only: consumers drop what they read meanwhile.",
    risk: "interrupts",
  },
  (resource) => {
    if (!isRegistry(resource) || resource.action === "create" || resource.action === "move") return undefined;
    const replicas = Math.min(
      ...[resource.before, resource.after].map((side) => Number(at(side, "spec", "replicas") ?? 1)),
    );
    const restarts = goes(resource) || differenceAt(resource, /^spec\.(template|replicas)/);
    if (!restarts || (!goes(resource) && replicas > 1)) return undefined;
    return {
      risk: "interrupts",
      what: `the schema registry ${goes(resource) ? isDone(resource) : "restarts, and it has one replica"}`,
      why: "Telegraf drops what it reads while no registry answers; Kafka still has it",
      remedy: "set repair for the consumers afterwards, so that a second group reads again all that Kafka has",
    };
  },
);

/** All of them. */
export const REGISTRY_RULES: readonly Rule[] = [registryStops];
