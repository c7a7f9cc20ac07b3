/** Rules of what goes from Kafka into InfluxDB. */
import type { Environment } from "../schema";
import { patternsOverlap } from "../systems/kafka/topics";
import type { Rule } from "./violation";

/** Whatever takes topics of Kafka and writes them into a database of InfluxDB. */
interface Sink {
  /** Where its topics stand in the site's file. */
  readonly path: (string | number)[];
  readonly name: string;
  readonly database: string;
  /** Names of topics, in which `*` stands for any characters. */
  readonly topics: readonly string[];
}

/** Every sink of a site, of whatever kind. A repairer of a consumer is meant to write all again, and is none. */
function sinksOf({ telegraf, connect }: Environment): Sink[] {
  const sinks = (path: string[], all: readonly Omit<Sink, "path">[]): Sink[] =>
    all.map(({ name, database, topics }, i) => ({ path: [...path, i, "topics"], name, database, topics }));
  return [
    ...sinks(["telegraf", "consumers"], telegraf.consumers),
    ...sinks(["connect", "sinks"], connect?.sinks ?? []),
  ];
}

/** An EFD into which nothing writes is none. */
export const somethingWrites: Rule = (site) =>
  sinksOf(site).length === 0
    ? [{ path: ["telegraf", "consumers"], message: "allowed at least 1 entry here or in connect.sinks, add one" }]
    : [];

/** Two sinks of one topic into one database write everything twice. */
export const consumersAreDisjoint: Rule = (site) => {
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
              path: second.path,
              message: `${first.name} and ${second.name} both take topics of database ${first.database} (${pairs.join("; ")}), allowed one consumer each, narrow one of them`,
            },
          ]
        : [];
    }),
  );
};
