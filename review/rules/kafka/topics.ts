/** Topics of Kafka. */
import { type Tree } from "../../model/tree";
import { sides, type Resource } from "../../read/resources";
import { hoursOf, shorter } from "../retention";
import { at, numberAt, textAt } from "../reading";
import { onRemoval, onUpdate, type Rule } from "../rule";

const topicName = (resource: Resource): string =>
  textAt(resource.before ?? resource.after, "spec", "topicName") ?? resource.name;

const configOf = (side: Tree | undefined): Tree | undefined => at(side, "spec", "config");

const compacts = (side: Tree | undefined): boolean => /compact/.test(textAt(configOf(side), "cleanup.policy") ?? "");

const deletes = (side: Tree | undefined): boolean =>
  /delete/.test(textAt(configOf(side), "cleanup.policy") ?? "delete");

/** All of them. */
export const TOPIC_RULES: readonly Rule[] = [
  {
    id: "topic-goes",
    explanation:
      "A topic leaves the program: without the mark keep it is deleted with its messages; with it it stays as it is.",
    risk: "loses data",
    find: onRemoval(["KafkaTopic"], (resource) => {
      const name = topicName(resource);
      return resource.keep
        ? {
            risk: "harmless",
            asks: true,
            what: `topic ${name} leaves the program and stays in Kafka`,
            why: "it is marked to be kept: its messages stay for their retention, and its settings are no longer ours",
            remedy: "delete it by hand once nobody uses it",
          }
        : {
            what: `topic ${name} is deleted`,
            why: "its messages go, and producers and consumers of it fail",
            remedy: "put it back into the program, or mark it with helm.sh/resource-policy: keep",
          };
    }),
  },
  {
    id: "topic-retention",
    explanation: "A topic keeps messages for a shorter time, in fewer bytes, or no longer the last one of each key.",
    risk: "loses data",
    find: onUpdate(["KafkaTopic"], (resource) => {
      const name = topicName(resource);
      if (compacts(resource.before) && !deletes(resource.before) && deletes(resource.after))
        return {
          what: `topic ${name} is deleted by age instead of being compacted`,
          why:
            name === "_schemas"
              ? "every schema older than the retention goes: no consumer can decode what it reads"
              : "the last message of each key goes when it is old",
          remedy: "keep cleanup.policy: compact",
        };
      const [was, is] = sides(resource, (side) => hoursOf(configOf(side), "retention", NaN));
      const [size, newSize] = sides(resource, (side) => numberAt(-1, configOf(side), "retention.bytes"));
      const less = (deletes(resource.after) && shorter(was, is)) || shorter(size, newSize);
      const own = Number.isNaN(was) && Number.isFinite(is);
      if (!less && !own && !(compacts(resource.after) && !compacts(resource.before))) return undefined;
      return {
        what: `topic ${name} keeps ${compacts(resource.after) ? "only the last message of each key" : "less than before"}`,
        why: "what is older goes within minutes, read or not",
        remedy: "check that every consumer has read all, then shorten",
      };
    }),
  },
  {
    id: "topic-partitions",
    explanation:
      "A topic's partitions, replicas or name change: Kafka never takes a partition away, and another name is another topic.",
    risk: "interrupts",
    find: onUpdate(["KafkaTopic"], (resource) => {
      const name = topicName(resource);
      const figures = (key: string) => sides(resource, (side) => numberAt(1, side, "spec", key));
      const newName = textAt(resource.after, "spec", "topicName") ?? name;
      const [was, is] = figures("partitions");
      const [replicas, newReplicas] = figures("replicas");
      if (newName !== name)
        return {
          what: `topic ${name} is called ${newName} in the program`,
          why: "Strimzi does not rename a topic: it refuses, or a second and empty one is made while producers write into the first",
          remedy: "declare the new topic beside the old one",
        };
      if (is < was)
        return {
          what: `topic ${name} goes from ${was} to ${is} partitions`,
          why: "Kafka refuses to take a partition away: the topic is not ready, and the layer's apply fails; nothing is lost",
          remedy: "keep the number, or make a new topic and move producers to it",
        };
      if (is > was)
        return {
          risk: "changes access",
          what: `topic ${name} goes from ${was} to ${is} partitions`,
          why: "messages with a key land in other partitions from then on, so their order across the change is lost",
          remedy: "check whether a consumer relies on order; there is no way back",
        };
      return (
        replicas !== newReplicas && {
          risk: "harmless",
          what: `topic ${name} goes from ${replicas} to ${newReplicas} replicas in the program`,
          why: "Strimzi refuses to change them without Cruise Control: the topic is not ready, and the layer's apply fails",
          remedy: "move the replicas with Kafka's own tool first",
        }
      );
    }),
  },
  {
    id: "topic-config",
    explanation: "Other settings of a topic change: they hold at once, without a restart.",
    risk: "harmless",
    find: onUpdate(["KafkaTopic"], (resource) => {
      const found = resource.differences.filter(
        ({ path }) => path.startsWith("spec.config") && !/retention|cleanup/.test(path),
      );
      return (
        found.length > 0 && {
          what: `topic ${topicName(resource)} changes ${found.map(({ path }) => path.replace("spec.config", "")).join(", ")}`,
          why: "it holds for new messages, without a restart",
          remedy: "check that producers keep to it, where it limits the size of messages",
        }
      );
    }),
  },
];
