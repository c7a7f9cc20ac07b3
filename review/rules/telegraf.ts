/** Telegraf's consumers, which write messages of Kafka into InfluxDB. */
import { parse } from "smol-toml";
import { at, textAt, type Tree } from "../model/tree";
import { type Resource } from "../read/resources";
import { onEach, type Rule, type RuleFinding } from "./rule";

/** A consumer writes the topics of one pattern into one database. */
interface Way {
  readonly consumer: string;
  readonly group: string;
  readonly topics: string;
  readonly database: string;
  readonly resource: Resource;
}

interface Telegraf {
  readonly inputs?: {
    readonly kafka_consumer?: readonly { topic_regexps?: string[]; topics?: string[]; consumer_group?: string }[];
  };
  readonly outputs?: {
    readonly http?: readonly Output[];
    /** Telegraf's own output for InfluxDB, which older revisions use. */
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

function waysOf(resource: Resource, side: Tree | undefined): Way[] {
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
    /-repairer(-\d+)?$/.test(input.consumer_group ?? "")
      ? []
      : [...(input.topic_regexps ?? []), ...(input.topics ?? [])].flatMap((topics) =>
          databases.map((database) => ({
            consumer: resource.name,
            group: input.consumer_group ?? "",
            topics,
            database,
            resource,
          })),
        ),
  );
}

/** Ways by what they write: topics into a database. */
function byLoad(ways: readonly Way[]): Map<string, Way[]> {
  const found = new Map<string, Way[]>();
  for (const way of ways) {
    const load = `${way.topics} into ${way.database}`;
    found.set(load, [...(found.get(load) ?? []), way]);
  }
  return found;
}

/** All of them. */
export const TELEGRAF_RULES: readonly Rule[] = [
  {
    id: "consumer-topics",
    explanation: "Topics are read by nobody any more, by two, or by another consumer than before.",
    risk: "interrupts",
    find: ({ resources }) => {
      const maps = resources.filter(({ type }) => type === "kubernetes_config_map_v1");
      const before = byLoad(maps.flatMap((resource) => waysOf(resource, resource.before)));
      const after = byLoad(maps.flatMap((resource) => waysOf(resource, resource.after)));
      const lost = [...before].flatMap(([load, ways]): RuleFinding[] =>
        after.has(load) || !ways[0]
          ? []
          : [
              {
                resource: ways[0].resource,
                what: `nobody writes ${load} any more`,
                why: "what producers send stays in Kafka for its retention and does not arrive in InfluxDB",
                remedy: "give the topics to another consumer; it begins at the oldest message that Kafka has",
              },
            ],
      );
      const doubled = [...after].flatMap(([load, ways]): RuleFinding[] =>
        ways.length < 2 || (before.get(load)?.length ?? 0) >= ways.length || !ways[0]
          ? []
          : [
              {
                resource: ways[0].resource,
                risk: "restarts",
                what: `${ways.map(({ consumer }) => consumer).join(" and ")} both write ${load}`,
                why: "each point is written twice, at the cost of both; with the same time and tags InfluxDB keeps one",
                remedy: "leave the topics to one of them",
              },
            ],
      );
      const moved = [...after].flatMap(([load, ways]): RuleFinding[] => {
        const [was] = before.get(load) ?? [];
        const [is] = ways;
        if (!was || !is || ways.length > 1 || was.group === is.group) return [];
        return [
          {
            resource: is.resource,
            risk: "restarts",
            what: `${is.consumer} writes ${load} instead of ${was.consumer}`,
            why: "its consumer group has read none of it: it begins at the oldest message that Kafka has and writes points again that are there",
            remedy: "expect load until it has caught up",
          },
        ];
      });
      return [...lost, ...doubled, ...moved];
    },
  },
  {
    id: "consumer-goes",
    explanation: "A consumer's Deployment is deleted or replaced, or has no replica.",
    risk: "interrupts",
    find: onEach(["kubernetes_deployment_v1"], (resource) => {
      if (!/^telegraf-/.test(resource.name)) return undefined;
      const stopped = Number(at(resource.after, "spec", "replicas") ?? 1) === 0 && resource.action === "update";
      if (resource.action !== "delete" && !stopped) return undefined;
      return {
        what: `the consumer ${resource.name} ${stopped ? "is stopped" : "is deleted"}`,
        why: "its topics stay in Kafka for their retention and do not arrive in InfluxDB unless another consumer has them",
        remedy: "check that another consumer has its topics",
      };
    }),
  },
];
