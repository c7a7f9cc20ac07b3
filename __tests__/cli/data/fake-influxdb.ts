/** A made-up InfluxDB with one topic, which knows as much InfluxQL as `npm run data` asks. */
import { type Influxdb, InfluxdbError, type Series, type Value } from "../../../cli/shared/clients/influxdb";

/** A point: its time in nanoseconds, and values in the order of the fields. */
export type FakePoint = readonly [time: bigint, ...values: readonly Value[]];

/** The stub. */
export interface FakeInfluxdb extends Influxdb {
  readonly asked: string[];
}

/** What the stub has, and when it has no time. */
export interface FakeInfluxdbProps {
  readonly fields: readonly string[];
  readonly types?: readonly string[];
  readonly points: readonly FakePoint[];
  /** Rows after which it ends a question, as with a query-timeout. @default - never */
  readonly patience?: number;
}

/** Answers of other questions come from `answers`, by their text. */
export function fakeInfluxdb(
  { fields, types = fields.map(() => "float"), points, patience = Infinity }: FakeInfluxdbProps,
  answers: Readonly<Record<string, readonly (readonly Value[])[]>> = {},
): FakeInfluxdb {
  const asked: string[] = [];
  async function* pages(_database: string, question: string): AsyncIterable<Series> {
    await Promise.resolve();
    asked.push(question);
    if (question.startsWith("SHOW FIELD KEYS")) {
      if (question.includes('"t"'))
        yield series(
          ["fieldKey", "fieldType"],
          fields.map((name, i) => [name, types[i] ?? ""]),
        );
      return;
    }
    const known = answers[question];
    if (known) yield series(["name"], known);
    const where = /time >= (\d+) AND time < (\d+)/.exec(question);
    if (!where) return;
    const [from, until] = [BigInt(where[1] ?? 0), BigInt(where[2] ?? 0)];
    // The first columns are enough, of which there may be thousands.
    const what = question.slice(0, question.indexOf(" FROM ")).split(", ").slice(0, 4).join(", ");
    const names = [...what.matchAll(/(?:(\w+)\()?"([^"]+)"(?:::float)?\)?(?: AS "[^"]+")?/g)];
    let rows: (readonly Value[])[] = points
      .filter(([time]) => time >= from && time < until)
      .map(([time, ...values]) => [
        String(time),
        ...names.map(([, , name]) => values[fields.indexOf(name ?? "")] ?? null),
      ]);
    if (rows.length > patience && question.includes("GROUP BY")) throw late();
    const every = /GROUP BY time\((\d+)s\)/.exec(question)?.[1];
    if (every !== undefined)
      rows = windows(
        rows,
        BigInt(every) * 1_000_000_000n,
        names.map(([, one]) => one ?? ""),
      );
    const [, limit = "Infinity", offset = "0"] = /LIMIT (\d+) OFFSET (\d+)/.exec(question) ?? [];
    rows = rows.slice(Number(offset)).slice(0, Number(limit));
    for (let i = 0; i < rows.length; i += 7) {
      if (i + 7 > patience) throw late();
      yield series(["time"], rows.slice(i, i + 7));
    }
  }
  return {
    asked,
    pages,
    query: async (database, question) => {
      const rows: (readonly Value[])[] = [];
      for await (const one of pages(database, question)) rows.push(...one.rows);
      return rows.length > 0 ? [series([], rows)] : [];
    },
  };
}

const series = (columns: readonly string[], rows: readonly (readonly Value[])[]): Series => ({
  name: "t",
  tags: {},
  columns,
  rows,
});

const late = () => new InfluxdbError(200, "query-timeout limit exceeded", "too late");

/** Rows of windows, of each column what is asked of it. */
function windows(rows: readonly (readonly Value[])[], every: bigint, what: readonly string[]): (readonly Value[])[] {
  const groups = new Map<string, (readonly Value[])[]>();
  for (const row of rows) {
    const start = String((BigInt(String(row[0])) / every) * every);
    groups.set(start, [...(groups.get(start) ?? []), row]);
  }
  const of: Readonly<Record<string, (values: readonly number[]) => number>> = {
    mean: (values) => values.reduce((a, b) => a + b, 0) / values.length,
    min: (values) => Math.min(...values),
    max: (values) => Math.max(...values),
  };
  return [...groups].map(([time, members]) => [
    time,
    ...what.map((one, i) => of[one]?.(members.map((row) => Number(row[i + 1]))) ?? null),
  ]);
}
