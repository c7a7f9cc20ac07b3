/** Who moves messages from Kafka into InfluxDB: Telegraf's consumers and Kafka Connect. */
import { parse } from "smol-toml";
import { at, textAt, type Tree } from "../model/tree";
import type { Thing } from "../read/things";
import { type Rule, ruleOn, type Said, type Scene } from "./rule";

/** One way of one pattern of topics into one database. */
interface Way {
  readonly consumer: string;
  readonly group: string;
  readonly topics: string;
  readonly database: string;
  readonly thing: Thing;
}

interface Telegraf {
  readonly inputs?: {
    readonly kafka_consumer?: readonly { topic_regexps?: string[]; topics?: string[]; consumer_group?: string }[];
  };
  readonly outputs?: {
    readonly http?: readonly Output[];
    /** Of revisions before: Telegraf's own output for InfluxDB. */
    readonly influxdb?: readonly Output[];
  };
}

interface Output {
  readonly url?: string;
  readonly database?: string;
  readonly namepass?: readonly string[];
}

function databaseOf({ url = "", database }: Output): string {
  return database ?? new URLSearchParams(url.replace(/^[^?]*/, "")).get("db") ?? "";
}

function waysOf(thing: Thing, side: Tree | undefined): Way[] {
  const text = textAt(side, "data", "telegraf.conf");
  if (text === undefined) return [];
  let config: Telegraf;
  try {
    config = parse(text);
  } catch {
    return [];
  }
  const databases = [...(config.outputs?.http ?? []), ...(config.outputs?.influxdb ?? [])]
    .filter(({ namepass }) => !namepass)
    .map(databaseOf);
  return (config.inputs?.kafka_consumer ?? []).flatMap((input) =>
    // A second group of the same consumer repairs what the first one missed.
    input.consumer_group?.endsWith("-repairer")
      ? []
      : [...(input.topic_regexps ?? []), ...(input.topics ?? [])].flatMap((topics) =>
          databases.map((database) => ({
            consumer: thing.name,
            group: input.consumer_group ?? "",
            topics,
            database,
            thing,
          })),
        ),
  );
}

/** Ways by what they carry: topics into a database. */
function byLoad(ways: readonly Way[]): Map<string, Way[]> {
  const found = new Map<string, Way[]>();
  for (const way of ways) {
    const load = `${way.topics} into ${way.database}`;
    found.set(load, [...(found.get(load) ?? []), way]);
  }
  return found;
}

/** What is consumed by whom, before and after. */
function loads({ things }: Scene) {
  const maps = things.filter(({ type }) => type === "kubernetes_config_map_v1");
  return [
    byLoad(maps.flatMap((thing) => waysOf(thing, thing.before))),
    byLoad(maps.flatMap((thing) => waysOf(thing, thing.after))),
  ] as const;
}

/** Topics that nobody reads any more, or two read. */
export const consumerTopics: Rule = {
  id: "consumer-topics",
  explanation: "Topics are read by nobody any more, by two, or by another consumer than before.",
  risk: "interrupts",
  find: (scene) => {
    const [before, after] = loads(scene);
    const lost = [...before].flatMap(([load, ways]): Said[] =>
      after.has(load) || !ways[0]
        ? []
        : [
            {
              thing: ways[0].thing,
              risk: "interrupts",
              what: `nobody writes ${load} any more`,
              why: "what producers send stays in Kafka for its retention and does not arrive in InfluxDB",
              remedy: "give the topics to another consumer; it begins at the oldest message that Kafka has",
            },
          ],
    );
    const doubled = [...after].flatMap(([load, ways]): Said[] =>
      ways.length < 2 || (before.get(load)?.length ?? 0) >= ways.length || !ways[0]
        ? []
        : [
            {
              thing: ways[0].thing,
              risk: "restarts",
              what: `${ways.map(({ consumer }) => consumer).join(" and ")} both write ${load}`,
              why: "each point is written twice, at the cost of both; with the same time and tags InfluxDB keeps one",
              remedy: "leave the topics to one of them",
            },
          ],
    );
    const moved = [...after].flatMap(([load, ways]): Said[] => {
      const [was] = before.get(load) ?? [];
      const [is] = ways;
      if (!was || !is || ways.length > 1 || was.group === is.group) return [];
      return [
        {
          thing: is.thing,
          risk: "restarts",
          what: `${is.consumer} writes ${load} instead of ${was.consumer}`,
          why: "its consumer group has read none of it: it begins at the oldest message that Kafka has and writes points again that are there",
          remedy: "expect load until it has caught up",
        },
      ];
    });
    return [...lost, ...doubled, ...moved];
  },
};

/** Kafka Connect and what it runs. */
export const sinkConnector = ruleOn(
  ["KafkaConnector", "KafkaConnect", "KafkaMirrorMaker2"],
  {
    id: "sink-connector",
    explanation:
      "A connector, Kafka Connect or the mirror comes, goes or changes: messages stop, or go by another way.",
    risk: "interrupts",
  },
  (thing) => {
    if (thing.action === "delete")
      return {
        risk: "interrupts",
        what: `${thing.label} is deleted`,
        why: "what it moved no longer arrives; its place in each topic is kept by Kafka for a while",
        remedy: "see that another consumer has its topics",
      };
    if (thing.action === "create")
      return {
        risk: "restarts",
        what: `${thing.label} is made`,
        why: "it begins with a consumer group of its own and may write again what is there",
        remedy: "see that no other consumer writes the same topics into the same database",
      };
    return {
      risk: "restarts",
      what: `${thing.label} is changed`,
      why: "its tasks start again and go on where they stopped",
      remedy: "see that topics and statements still name the same ones",
    };
  },
);

/** A consumer's Deployment comes or goes. */
export const consumerGoes = ruleOn(
  ["kubernetes_deployment_v1"],
  {
    id: "consumer-goes",
    explanation: "A consumer's Deployment is deleted or replaced, or has no replica.",
    risk: "interrupts",
  },
  (thing) => {
    if (!/^telegraf-/.test(thing.name)) return undefined;
    const stopped = Number(at(thing.after, "spec", "replicas") ?? 1) === 0 && thing.action === "update";
    if (thing.action !== "delete" && !stopped) return undefined;
    return {
      risk: "interrupts",
      what: `the consumer ${thing.name} ${stopped ? "is stopped" : "is deleted"}`,
      why: "its topics stay in Kafka for their retention and do not arrive in InfluxDB unless another consumer has them",
      remedy: "see that another consumer has its topics",
    };
  },
);

/** All of them. */
export const CONSUMER_RULES: readonly Rule[] = [consumerTopics, consumerGoes, sinkConnector];
