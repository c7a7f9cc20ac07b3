/** Reads a topic's rows in pages, so that any number of them needs the same memory. */
import { identifier, type Influxdb, InfluxdbError, type Series, type Value } from "../shared/clients/influxdb";
import { influxDuration, type Span } from "./times";

/**
 * Values of a page. At our sites InfluxDB ends a question after 15 s, whatever it has sent by then, so a page must be
 * done before; one that is not is asked again in smaller ones.
 */
const PAGE_VALUES = 400_000;
const [LEAST_ROWS, MOST_ROWS] = [100, 50_000] as const;
/** Pages of means at first, and milliseconds within which one is so quick that the next may be twice as long. */
const [FIRST_PAGES, QUICK] = [16n, 2000] as const;

/** What to read. */
export interface Wanted extends Span {
  readonly database: string;
  readonly topic: string;
  /** Fields and tags. */
  readonly fields: readonly string[];
  /** Nanoseconds of which the mean is taken. @default - every point */
  readonly every?: bigint;
  /** What is taken of each field's values within `every`. @default ["mean"] */
  readonly aggregates?: readonly string[];
}

/** Rows: the time in nanoseconds, then a value for each field, or for each of its aggregates. */
export type Rows = Series["rows"];

/** The rows of a topic in the order of their times. */
export function rowsOf(influxdb: Influxdb, wanted: Wanted): AsyncGenerator<Rows, void, undefined> {
  return wanted.every === undefined ? pointsOf(influxdb, wanted) : meansOf(influxdb, wanted, wanted.every);
}

/** Most rows of a page with so many columns. */
function pageRows(columns: number): number {
  return Math.min(MOST_ROWS, Math.max(LEAST_ROWS, Math.floor(PAGE_VALUES / columns)));
}

function select(what: readonly string[], topic: string, from: bigint, until: bigint): string {
  return `SELECT ${what.join(", ")} FROM ${identifier(topic)} WHERE time >= ${from} AND time < ${until}`;
}

const isTooLong = (error: unknown): boolean => error instanceof InfluxdbError && /timeout/.test(error.reason);

/** Where a page begins: at this time, behind so many rows of this same time. */
interface Place {
  readonly from: bigint;
  readonly skip: number;
}

async function* pointsOf(influxdb: Influxdb, wanted: Wanted): AsyncGenerator<Rows, void, undefined> {
  const { database, topic, fields, since, until } = wanted;
  let most = pageRows(fields.length);
  let place: Place = { from: since, skip: 0 };
  for (;;) {
    let count = 0;
    const question = `${select(fields.map(identifier), topic, place.from, until)} LIMIT ${most} OFFSET ${place.skip}`;
    try {
      for await (const { rows } of influxdb.pages(database, question)) {
        count += rows.length;
        place = placeAfter(rows, place);
        yield rows;
      }
    } catch (error) {
      if (!isTooLong(error) || (most === LEAST_ROWS && count === 0)) throw error;
      // What came is good, and the next page begins behind it.
      most = Math.max(LEAST_ROWS, Math.floor(most / 4));
      continue;
    }
    if (count < most) return;
  }
}

/** Where the rows behind these begin. Several points may have one time, by different tags, and a page may end between them. */
function placeAfter(rows: Rows, { from, skip }: Place): Place {
  const last = timeOf(rows.at(-1));
  if (last === undefined) return { from, skip };
  let same = 0;
  for (let i = rows.length - 1; i >= 0 && timeOf(rows[i]) === last; i--) same++;
  return { from: last, skip: last === from ? skip + same : same };
}

const timeOf = (row: readonly Value[] | undefined): bigint | undefined =>
  row === undefined ? undefined : BigInt(String(row[0]));

// Pages are spans of time here: InfluxDB reads every point for a mean, and nobody knows beforehand how many there are.
async function* meansOf(influxdb: Influxdb, wanted: Wanted, every: bigint): AsyncGenerator<Rows, void, undefined> {
  const { database, topic, fields, since, until, aggregates = ["mean"] } = wanted;
  // Of integers InfluxDB adds up 64 bits, beyond which a sum begins anew: seen with 2^53 a few thousand times.
  const what = fields.flatMap((name) =>
    aggregates.map((one) => `${one}(${identifier(name)}::float) AS ${identifier(`${one} of ${name}`)}`),
  );
  const most = BigInt(pageRows(what.length));
  let windows = within(1n, (until - since) / every / FIRST_PAGES, most);
  for (let from = since; from < until;) {
    // InfluxDB counts windows from 1970 on: a page ends where one does.
    const end = within(from, (from / every + windows) * every, until);
    const start = Date.now();
    try {
      const question = `${select(what, topic, from, end)} GROUP BY time(${influxDuration(every)}) fill(none)`;
      const [found] = await influxdb.query(database, question);
      if (found) yield found.rows;
    } catch (error) {
      if (!isTooLong(error) || windows === 1n) throw error;
      windows = within(1n, windows / 4n, most);
      continue;
    }
    from = end;
    if (Date.now() - start < QUICK) windows = within(1n, windows * 2n, most);
  }
}

function within(least: bigint, value: bigint, most: bigint): bigint {
  return value < least ? least : value > most ? most : value;
}
