/** Kafka Connect, its connectors, and the mirror, which Strimzi runs in the same way. */
import type { Resource } from "../../read/resources";
import { differenceAt } from "../../read/resources";
import { allLoads, heirsOf } from "./all-loads";
import { inWords } from "../loads";
import { textAt } from "../reading";
import { type LayerResources, onEach, type ResourceFinding, type Rule } from "../rule";

/** A connector that goes, and who has its topics then. */
function goneSays(resource: Resource, { resources }: LayerResources): ResourceFinding {
  const { before, after } = allLoads(resources);
  const own = before.filter((load) => load.resource === resource);
  const left = own.filter((load) => heirsOf(load, after).length === 0);
  if (own.length > 0 && left.length === 0)
    return {
      risk: "restarts",
      what: `${resource.label} is deleted, and ${inWords(own.flatMap((load) => heirsOf(load, after).map(({ program }) => program)))} has its topics`,
      why: "no data are lost: what comes meanwhile stays in Kafka for its retention, and is written afterwards",
      remedy: "nothing, where Kafka keeps more than the change takes",
    };
  return {
    what: `${resource.label} is deleted${left.length > 0 ? `, and nobody writes ${inWords(left.map(({ topics }) => topics))} any more` : ""}`,
    why: "what it moved no longer arrives; its place in each topic is kept by Kafka for a while",
    remedy: "check that another consumer has its topics",
  };
}

/** What the mirror copies, and from where to where. */
const COPIED = /^spec\.(mirrors|target|clusters|connectCluster)/;

/** How it does that, which changes nothing of what arrives. */
const TUNED = /max\.request\.size|fetch\.|batch\.size|linger\.ms|buffer\.memory|compression\.type|tasksMax|autoRestart/;

/** All of them. */
export const CONNECT_RULES: readonly Rule[] = [
  {
    id: "sink-connector",
    explanation:
      "A connector, Kafka Connect or the mirror is added, removed or changed: messages stop, or go by another way.",
    risk: "interrupts",
    find: onEach(["KafkaConnector", "KafkaConnect", "KafkaMirrorMaker2"], (resource, layer) => {
      if (resource.action === "delete") return goneSays(resource, layer);
      if (resource.action === "create")
        return {
          risk: "restarts",
          what: `${resource.label} is created`,
          why: "it begins with a consumer group of its own and may write again what is there",
          remedy: "check that no other consumer writes the same topics into the same database",
        };
      const state = textAt(resource.after, "spec", "state");
      if (differenceAt(resource, /^spec\.(state|pause|replicas)$/) && /^(paused|stopped)$/.test(state ?? ""))
        return {
          what: `${resource.label} is ${state}`,
          why: "it writes nothing until it runs again; Kafka keeps what comes for its retention only",
          remedy: "let it run again before that",
        };
      const copied = resource.differences.filter(({ path }) => COPIED.test(path) && !TUNED.test(path));
      if (resource.type === "KafkaMirrorMaker2" && copied.length > 0)
        return {
          what: `${resource.label} copies in another way (${inWords(
            copied.map(({ path }) => path.replace("spec.", "")),
            3,
          )})`,
          why: "topics that it no longer names are not copied, and from another source or with other names it begins again",
          remedy: "compare the topics that it copies before and after",
        };
      return {
        risk: "restarts",
        what: `${resource.label} is changed`,
        why: "its tasks start again and go on where they stopped",
        remedy: "check that topics and statements still name the same ones",
      };
    }),
  },
];
