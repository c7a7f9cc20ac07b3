/** Points that were lost on their way into InfluxDB, as Telegraf and InfluxDB count them. */
import { OWN_DATABASE } from "../../../constructs/telegraf/access";
import { UNREADABLE } from "../../../constructs/telegraf/telegraf-config";
import type { Influxdb, Series } from "../../shared/clients/influxdb";
import type { CheckProps, Verdict } from "../model/verdict";
import { some } from "../../shared/terminal/some";

/** How far back it counts. */
const HOURS = 1;
const PAGE = "docs/runbooks/refused-points.md";

/** Sum of the numbers in a column of a series. */
function sumOf({ columns, rows }: Series, column: string): number {
  const at = columns.indexOf(column);
  return rows.reduce((sum, row) => sum + (Number(row[at]) || 0), 0);
}

/** What a question counts, added up by the value of a tag; what counts nothing is left out. */
async function counts(
  influxdb: Influxdb,
  database: string,
  question: string,
  tag: string,
): Promise<[string, number][]> {
  const series = await influxdb.query(database, question);
  const sums = new Map<string, number>();
  for (const one of series) {
    const name = one.tags[tag] ?? one.name;
    sums.set(name, (sums.get(name) ?? 0) + sumOf(one, "count"));
  }
  return [...sums].filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a);
}

/**
 * Increase of each counter in the time that is looked at. Counters begin at 0 when their program starts. They are asked for
 * one by one, by all of their tags: of several together the largest would hide what the others count, as that of
 * yesterday's shard does with today's.
 */
const increase = (field: string, measurement: string): string =>
  `SELECT NON_NEGATIVE_DIFFERENCE(MAX("${field}")) AS count FROM "${measurement}" WHERE time > now() - ${HOURS}h GROUP BY time(1m), *`;

/** One verdict for each way in which points are lost. */
export async function refusedVerdicts({ clients }: CheckProps): Promise<Verdict[]> {
  const [admin, reader] = await Promise.all([clients.influxdb("admin"), clients.influxdb("reader")]);
  const [types, old, unreadable, errors] = await Promise.all([
    counts(admin, "_internal", increase("writePointsDropped", "shard"), "database"),
    counts(admin, "_internal", increase("writeDrop", "write"), "hostname"),
    counts(
      reader,
      OWN_DATABASE,
      `SELECT SUM(records) AS count FROM "${UNREADABLE}" WHERE time > now() - ${HOURS}h GROUP BY topic`,
      "topic",
    ),
    counts(reader, OWN_DATABASE, increase("errors", "telegraf_internal_write"), "instance"),
  ]);
  const named = (found: [string, number][]) => some(found.map(([name, count]) => `${name} (${count})`));
  const within = `in ${HOURS} h`;
  const line = (what: string, found: [string, number][], many: string, remedy: string): Verdict => ({
    level: found.length > 0 ? "warn" : "ok",
    what,
    measured: found.length > 0 ? `${many} ${within}: ${named(found)}` : `none ${within}`,
    healthy: "none",
    ...(found.length > 0 && { remedy, page: PAGE }),
  });
  return [
    line(
      "points of another type",
      types,
      "InfluxDB refused points, by database",
      "find topic and field in the logs of the consumers, and get them back while Kafka has them",
    ),
    line(
      "points that are too old",
      old.map(([, count]): [string, number] => ["points", count]),
      "InfluxDB refused points older than its retention",
      "see whether a consumer reads old records, or a producer's clock is wrong",
    ),
    line("records that are no Avro", unreadable, "Telegraf left out records, by topic", "tell whoever writes them"),
    line(
      "errors of writing",
      errors,
      "Telegraf could not write, by consumer",
      "see what InfluxDB answers: kubectl -n telegraf logs of the consumer",
    ),
  ];
}
