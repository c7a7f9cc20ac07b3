/** How old what has arrived in InfluxDB is. */
import { type Influxdb, identifier } from "../clients/influxdb";

/** Nanoseconds in a millisecond, as digits that are cut off. */
const MILLISECONDS = 6;

/**
 * Time of the newest point of each topic, in milliseconds since 1970, among points since a time; topics that have none
 * are left out. A topic's measurement has its name.
 *
 * @param since milliseconds since 1970: InfluxDB looks no further back, so that the answer takes little of it.
 * @throws {UserError} when InfluxDB does not answer, refuses the account, or has no such database.
 */
export async function newestPoints(
  influxdb: Influxdb,
  database: string,
  topics: readonly string[],
  since: number,
): Promise<ReadonlyMap<string, number>> {
  if (topics.length === 0) return new Map();
  const from = `time > ${Math.floor(since)}ms`;
  const statements = topics.map(
    (topic) => `SELECT * FROM ${identifier(topic)} WHERE ${from} ORDER BY time DESC LIMIT 1`,
  );
  const found = await influxdb.query(database, statements.join("; "));
  return new Map(
    found.flatMap(({ name, rows: [row] }) => {
      const time = typeof row?.[0] === "string" ? Number(row[0].slice(0, -MILLISECONDS)) : undefined;
      return time === undefined ? [] : [[name, time] as const];
    }),
  );
}
