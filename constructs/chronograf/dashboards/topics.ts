/** Dashboards of what Kafka's topics have in InfluxDB, where each topic is a measurement. */
import { KNOWN_CSCS, SAL_COUNTER, SAL_PREFIX } from "../../../environments/systems/kafka/sal";
import { patternsOverlap } from "../../../environments/systems/kafka/topics";
import { BY_INTERVAL, choice, CHOSEN_TIME, type Dashboard, dashboard, lines, listed, note, table } from "./model";

/** What writes topics into a database. */
export interface Sink {
  readonly database: string;
  /** Names of topics, in which `*` stands for any characters. */
  readonly topics: readonly string[];
}

/** CSCs whose topics one of the patterns takes, sorted. */
export function cscsOf(patterns: readonly string[]): string[] {
  const named = patterns.flatMap((pattern) => {
    const [, csc = ""] = /^lsst\.sal\.([A-Za-z0-9]+)\./.exec(pattern) ?? [];
    return csc ? [csc] : KNOWN_CSCS.filter((known) => patternsOverlap(pattern, `${SAL_PREFIX}${known}.*`));
  });
  return [...new Set(named)].sort();
}

/** Points per second of each measurement, from the number of values that a field has. */
export function rate(field: string, measurements: string): string {
  const counted = `SELECT cumulative_sum(count("${field}")) AS "n" FROM ${measurements} WHERE ${CHOSEN_TIME} ${BY_INTERVAL} fill(0)`;
  return `SELECT non_negative_derivative("n", 1s) AS "points per second" FROM (${counted})`;
}

/** Dashboards of what topics have in InfluxDB: SAL's by CSC, those of other programs by their names alone. */
export function topicDashboards(sinks: readonly Sink[]): Dashboard[] {
  const patterns = sinks.flatMap(({ database, topics }) => topics.map((topic) => ({ database, topic })));
  const ofSal = patterns.filter(({ topic }) => cscsOf([topic]).length > 0);
  const others = patterns.filter((one) => !ofSal.includes(one));
  const databases = (of: typeof patterns) => [...new Set(of.map(({ database }) => database))].sort();
  return [
    ...(ofSal.length > 0 ? [ofCscs(databases(ofSal), cscsOf(ofSal.map(({ topic }) => topic)))] : []),
    ...(others.length > 0 ? [ofOthers(databases(others))] : []),
  ];
}

/** Topics of SAL: a CSC is chosen, then one of its topics, then one of the topic's fields. */
function ofCscs(databases: readonly string[], cscs: readonly string[]): Dashboard {
  const measurements = String.raw`/^lsst\.sal\.:csc:\./`;
  const all = lines("All topics of :csc:: points", "points per second", rate(SAL_COUNTER, `":db:"..${measurements}`));
  return dashboard(
    "Topics of a CSC",
    [{ height: 4, cells: [all] }, ...CHOSEN_TOPIC],
    [
      choice("db", "database", databases),
      choice("csc", "CSC", cscs),
      listed("topic", "topic", `SHOW MEASUREMENTS ${ON} WITH MEASUREMENT =~ ${measurements}`),
      FIELD,
    ],
  );
}

/** Topics without CSCs. */
function ofOthers(databases: readonly string[]): Dashboard {
  return dashboard("Topics of other programs", CHOSEN_TOPIC, [
    choice("db", "database", databases),
    listed("topic", "topic", `SHOW MEASUREMENTS ${ON}`),
    FIELD,
  ]);
}

/**
 * The database of a SHOW query. Chronograf takes what follows " on " for database and retention policy with a dot
 * between (1.11.4), and some databases have a dot in their names; behind another kind of space it does not look.
 */
const ON = `ON\n":db:"`;
const FIELD = listed("field", "field", `SHOW FIELD KEYS ${ON} FROM ":topic:"`);
const FROM = `FROM ":db:"..":topic:"`;
const NUMBERS = ["mean", "min", "max"].map((sort) => `${sort}(":field:") AS "${sort}"`).join(", ");

const HOW_TO_READ = [
  "Choose under Variables, from left to right. Choose UTC above for times as SAL has them; InfluxDB knows no units.",
  "Lines of a field that is no number stay empty with an error: its values are in the table.",
  "This dashboard is made by code and cannot be changed here: clone it, the copy is yours.",
].join(" ");

/** Cells of the topic and of the field that are chosen. */
const CHOSEN_TOPIC = [
  {
    height: 4,
    cells: [
      lines(":topic:: points", "points per second", rate(":field:", `":db:"..":topic:"`)),
      lines(":field:", "", `SELECT ${NUMBERS} ${FROM} WHERE ${CHOSEN_TIME} ${BY_INTERVAL} fill(none)`),
    ],
  },
  {
    height: 4,
    cells: [
      // Whatever time is chosen: this is what tells that a topic has ended.
      table("Newest point of :topic:", `SELECT last(":field:") AS ":field:" ${FROM}`),
      table("Last values of :field:", `SELECT ":field:" ${FROM} WHERE ${CHOSEN_TIME} ORDER BY time DESC LIMIT 100`),
    ],
  },
  { height: 2, cells: [note("How to read this", HOW_TO_READ)] },
];
