/** Kafka Connect, its connectors, and the mirror, which Strimzi runs in the same way. */
import { onEach, type Rule } from "./rule";

/** All of them. */
export const CONNECT_RULES: readonly Rule[] = [
  {
    id: "sink-connector",
    explanation:
      "A connector, Kafka Connect or the mirror is added, removed or changed: messages stop, or go by another way.",
    risk: "interrupts",
    find: onEach(["KafkaConnector", "KafkaConnect", "KafkaMirrorMaker2"], (resource) => {
      if (resource.action === "delete")
        return {
          what: `${resource.label} is deleted`,
          why: "what it moved no longer arrives; its place in each topic is kept by Kafka for a while",
          remedy: "check that another consumer has its topics",
        };
      if (resource.action === "create")
        return {
          risk: "restarts",
          what: `${resource.label} is created`,
          why: "it begins with a consumer group of its own and may write again what is there",
          remedy: "check that no other consumer writes the same topics into the same database",
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
