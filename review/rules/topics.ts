/** Topics of Kafka. */
import { at, textAt, type Tree } from "../model/tree";
import { goes, type Thing } from "../read/things";
import { hoursOf, shorter } from "./retention";
import { type Rule, ruleOn } from "./rule";

const topicName = (thing: Thing): string => textAt(thing.before ?? thing.after, "spec", "topicName") ?? thing.name;

/** A topic leaves the program. */
export const topicGoes = ruleOn(
  ["KafkaTopic"],
  {
    id: "topic-goes",
    explanation:
      "A topic leaves the program: without the mark keep it is deleted with its messages; with it it stays as it is.",
    risk: "loses data",
  },
  (thing) => {
    if (!goes(thing)) return undefined;
    const name = topicName(thing);
    return thing.keep
      ? {
          risk: "harmless",
          what: `topic ${name} leaves the program and stays in Kafka`,
          why: "it is marked to be kept: its messages stay for their retention, and its settings are no longer ours",
          remedy: "delete it by hand once nobody uses it",
        }
      : {
          risk: "loses data",
          what: `topic ${name} is deleted`,
          why: "its messages go, and producers and consumers of it fail",
          remedy: "give it back its place in the program, or the mark helm.sh/resource-policy: keep",
        };
  },
);

/** Partitions and replicas. */
export const topicPartitions = ruleOn(
  ["KafkaTopic"],
  {
    id: "topic-partitions",
    explanation:
      "A topic's partitions, replicas or name change: Kafka never takes a partition away, and another name is another topic.",
    risk: "interrupts",
  },
  (thing) => {
    if (thing.action !== "update") return undefined;
    const name = topicName(thing);
    const figures = (key: string) => [thing.before, thing.after].map((side) => Number(at(side, "spec", key) ?? 1));
    const [newName] = [textAt(thing.after, "spec", "topicName") ?? name];
    const [was = 1, is = 1] = figures("partitions");
    const [replicas, newReplicas] = figures("replicas");
    if (newName !== name)
      return {
        risk: "interrupts",
        what: `topic ${name} is called ${newName} in the program`,
        why: "Strimzi does not rename a topic: it refuses, or a second and empty one is made while producers write into the first",
        remedy: "declare the new topic beside the old one",
      };
    if (is < was)
      return {
        risk: "interrupts",
        what: `topic ${name} goes from ${was} to ${is} partitions`,
        why: "Kafka refuses to take a partition away: the topic is not ready, and the layer's apply fails; nothing is lost",
        remedy: "leave the number, or make a new topic and move producers to it",
      };
    if (is > was)
      return {
        risk: "changes access",
        what: `topic ${name} goes from ${was} to ${is} partitions`,
        why: "messages with a key land in other partitions from then on, so their order across the change is lost",
        remedy: "see whether a consumer relies on order; there is no way back",
      };
    return replicas !== newReplicas
      ? {
          risk: "harmless",
          what: `topic ${name} goes from ${replicas} to ${newReplicas} replicas in the program`,
          why: "Strimzi refuses to change them without Cruise Control: the topic is not ready, and the layer's apply fails",
          remedy: "move the replicas with Kafka's own tool first",
        }
      : undefined;
  },
);

const configOf = (side: Tree | undefined): Tree | undefined => at(side, "spec", "config");
const compacts = (side: Tree | undefined): boolean => /compact/.test(textAt(configOf(side), "cleanup.policy") ?? "");
const deletes = (side: Tree | undefined): boolean =>
  /delete/.test(textAt(configOf(side), "cleanup.policy") ?? "delete");

/** How long a topic keeps messages. */
export const topicRetention = ruleOn(
  ["KafkaTopic"],
  {
    id: "topic-retention",
    explanation: "A topic keeps messages for a shorter time, in fewer bytes, or no longer the last one of each key.",
    risk: "loses data",
  },
  (thing) => {
    if (thing.action !== "update") return undefined;
    const name = topicName(thing);
    if (compacts(thing.before) && !deletes(thing.before) && deletes(thing.after))
      return {
        risk: "loses data",
        what: `topic ${name} is deleted by age instead of being compacted`,
        why:
          name === "_schemas"
            ? "every schema older than the retention goes: no consumer can decode what it reads"
            : "the last message of each key goes when it is old",
        remedy: "leave cleanup.policy: compact",
      };
    const [was, is] = [thing.before, thing.after].map((side) => hoursOf(configOf(side), "retention", NaN));
    const [size, newSize] = [thing.before, thing.after].map((side) =>
      Number(at(configOf(side), "retention.bytes") ?? -1),
    );
    const less = (deletes(thing.after) && shorter(was ?? NaN, is ?? NaN)) || shorter(size ?? -1, newSize ?? -1);
    const own = Number.isNaN(was) && Number.isFinite(is);
    if (!less && !own && !(compacts(thing.after) && !compacts(thing.before))) return undefined;
    return {
      risk: "loses data",
      what: `topic ${name} keeps ${compacts(thing.after) ? "only the last message of each key" : "less than before"}`,
      why: "what is older goes within minutes, read or not",
      remedy: "see that every consumer has read all, then shorten",
    };
  },
);

/** Any other setting. */
export const topicConfig = ruleOn(
  ["KafkaTopic"],
  {
    id: "topic-config",
    explanation: "Other settings of a topic change: they hold at once, without a restart.",
    risk: "harmless",
  },
  (thing) => {
    const found = thing.differences.filter(
      ({ path }) => path.startsWith("spec.config") && !/retention|cleanup/.test(path),
    );
    return thing.action === "update" && found.length > 0
      ? {
          risk: "harmless",
          what: `topic ${topicName(thing)} changes ${found.map(({ path }) => path.replace("spec.config", "")).join(", ")}`,
          why: "it holds for new messages, without a restart",
          remedy: "see that producers keep to it, where it limits the size of messages",
        }
      : undefined;
  },
);

/** All of them. */
export const TOPIC_RULES: readonly Rule[] = [topicGoes, topicRetention, topicPartitions, topicConfig];
