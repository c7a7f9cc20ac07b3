/** Rules of what goes from Kafka into InfluxDB. */
import type { Environment } from "../schema";
import { patternsOverlap } from "../systems/kafka/topics";
import { DIFFERS_EACH_MESSAGE, SAL_FIELDS, SAL_TIME } from "../systems/kafka/sal";
import { type SiteRule, type Warning, when } from "../values/rule";
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

/** A time as a tag makes a series of each point, which fills InfluxDB's memory. */
const timeIsNoTag: SiteRule<Environment> = (site) =>
  sinksOf(site).flatMap(({ path, timestampField, tags }) =>
    when(
      tags.includes(timestampField),
      [...path, "tags"],
      `any field but ${timestampField}, from which each point takes its time: as a tag it would make a series of each point`,
      "remove it there",
    ),
  );

/** What no two messages have alike makes a series of each point, too. */
const tagsRepeat: SiteRule<Environment> = (site) =>
  sinksOf(site).flatMap(({ path, timestampField, tags }) =>
    tags.flatMap((tag, i) =>
      when(
        tag !== timestampField && DIFFERS_EACH_MESSAGE.includes(tag),
        [...path, "tags", i],
        `a field whose values come again and again, for ${tag} is another one in each message: as a tag it would make a series of each point`,
        "remove it, so that it stays a field",
      ),
    ),
  );

/** SAL counts seconds. In another unit each point has a time beyond the retention: InfluxDB refuses it, and it is lost. */
const salTimesAreSeconds: SiteRule<Environment> = (site) =>
  sinksOf(site).flatMap(({ path, timestampField, timestampFormat = "unix" }) => {
    const unit = SAL_FIELDS[timestampField];
    return [
      ...when(
        unit === "seconds" && timestampFormat !== "unix",
        [...path, "timestampFormat"],
        `unix, for SAL's ${timestampField} counts seconds`,
        "write unix or leave it out",
      ),
      ...when(
        unit === "no time",
        [...path, "timestampField"],
        `a field that is a time, such as ${SAL_TIME}`,
        "name the field in which the message has its time",
      ),
    ];
  });

/** InfluxDB refuses points with tags of these names. */
const TAKEN_TAGS = ["time", "_field", "_measurement"];

const tagsAreFree: SiteRule<Environment> = (site) =>
  sinksOf(site).flatMap(({ path, tags }) =>
    tags.flatMap((tag, i) =>
      when(
        TAKEN_TAGS.includes(tag),
        [...path, "tags", i],
        `any name but ${TAKEN_TAGS.join(", ")}, which InfluxDB keeps for itself`,
        "remove it, so that it stays a field",
      ),
    ),
  );

/** Rules of sinks. */
export const sinkRules = [
  consumersAreDisjoint,
  somethingWrites,
  timeIsNoTag,
  tagsRepeat,
  salTimesAreSeconds,
  tagsAreFree,
];

type Sink = ReturnType<typeof sinksOf>[number];

/** Where a sink takes times from. */
const timeOf = ({ timestampField, timestampFormat }: Sink) =>
  timestampFormat === undefined ? timestampField : `${timestampField} as ${timestampFormat}`;

/** Whether two sinks take times from one field in one unit; Connect's sink finds the unit itself. */
const sameTime = (one: Sink, other: Sink) =>
  one.timestampField === other.timestampField &&
  (one.timestampFormat ?? other.timestampFormat) === (other.timestampFormat ?? one.timestampFormat);

/**
 * Points of one database are compared with one another: those of two clocks, or of one clock read in two units, lie
 * apart. What most sinks of the database do is meant.
 */
function databasesWithTwoTimes(site: Environment): Warning[] {
  const sinks = sinksOf(site);
  return sinks.flatMap((sink) => {
    const beside = sinks.filter(({ database }) => database === sink.database);
    const alike = (one: Sink) => beside.filter((other) => sameTime(one, other)).length;
    const usual = beside.reduce((most, one) => (alike(one) > alike(most) ? one : most));
    return sameTime(sink, usual)
      ? []
      : [
          {
            path: [...sink.path, "timestampField"],
            what: `${sink.name} takes times from ${timeOf(sink)}, ${usual.name} from ${timeOf(usual)}, both into database ${sink.database}`,
            remedy: "check that both are UTC, or take a database for each",
          },
        ];
  });
}

/** Times of SAL that are written and are not UTC. */
function timesAreNotUtc(site: Environment): Warning[] {
  return sinksOf(site).flatMap(({ path, timestampField }) =>
    SAL_FIELDS[timestampField] === "seconds" && timestampField !== SAL_TIME
      ? [
          {
            path: [...path, "timestampField"],
            what: `${timestampField} is TAI, which is ahead of UTC by the leap seconds, and not every producer sets it`,
            remedy: `take ${SAL_TIME}`,
          },
        ]
      : [],
  );
}

/** Warnings on sinks. */
export const sinkWarnings = (site: Environment): Warning[] => [...timesAreNotUtc(site), ...databasesWithTwoTimes(site)];
