/** Rules of what goes from Kafka into InfluxDB. */
import type { Environment } from "../schema";
import { patternsOverlap } from "../systems/kafka/topics";
import type { SiteRule } from "../values/rule";
import { all } from "./systems";

const sinksOf = (site: Environment) => all(site, ({ sinks }) => sinks);

/** A site without a sink writes nothing into InfluxDB. */
const somethingWrites: SiteRule<Environment> = (site) =>
  sinksOf(site).length === 0
    ? [{ path: ["telegraf", "consumers"], allowed: "at least 1 entry here or in connect.sinks", remedy: "add one" }]
    : [];

/** Two sinks that take one topic into one database write everything twice. */
const consumersAreDisjoint: SiteRule<Environment> = (site) => {
  const sinks = sinksOf(site);
  return sinks.flatMap((second, i) =>
    sinks.slice(0, i).flatMap((first) => {
      if (first.database !== second.database) return [];
      const pairs = first.topics.flatMap((a) =>
        second.topics.filter((b) => patternsOverlap(a, b)).map((b) => `${a} and ${b}`),
      );
      return pairs.length > 0
        ? [
            {
              path: [...second.path, "topics"],
              found: `${first.name} and ${second.name} both take topics of database ${first.database} (${pairs.join("; ")})`,
              allowed: "one consumer each",
              remedy: "narrow one of them",
            },
          ]
        : [];
    }),
  );
};

/** Rules of sinks. */
export const sinkRules = [consumersAreDisjoint, somethingWrites];
