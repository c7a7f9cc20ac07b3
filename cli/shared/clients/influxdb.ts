/** InfluxDB 1.x, asked in InfluxQL. */
import { UserError } from "../../../ground/errors";
import type { Http } from "./http";

/**
 * Rows that InfluxDB sends at once; 10 000 by default, which with the hundreds of columns of the widest topics would be
 * tens of MB in memory.
 */
const ROWS = 1000;

/** A field's value. An integer beyond 2^53 is text, as JavaScript has none. */
export type Value = number | string | boolean | null;

/** Rows of one measurement. */
export interface Series {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Value[])[];
}

/** InfluxDB of a site, with one account. */
export interface Influxdb {
  /**
   * All rows of an answer; times are nanoseconds since 1970 in UTC, as text.
   *
   * @throws {UserError} when it does not answer, refuses the account, or cannot do what it was asked.
   */
  query(database: string, question: string): Promise<Series[]>;
  /** The same, in pieces as InfluxDB sends them. */
  pages(database: string, question: string): AsyncIterable<Series>;
}

/** An account of InfluxDB. */
export interface InfluxdbLogin {
  readonly name: string;
  readonly password: string;
}

/** InfluxDB does not do what it was asked: it says so in an answer. */
export class InfluxdbError extends UserError {
  constructor(
    /** 401 for a wrong login, 403 for what the account may not, 200 where a statement failed. */
    readonly status: number,
    /** InfluxDB's own words. */
    readonly reason: string,
    message: string,
  ) {
    super(message);
    this.name = "InfluxdbError";
  }
}

/** InfluxDB behind a way of HTTP. */
export function influxdbOver(way: Http, { name, password }: InfluxdbLogin): Influxdb {
  const authorization = `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`;
  async function* pages(database: string, question: string): AsyncIterable<Series & { readonly goesOn: boolean }> {
    const query = new URLSearchParams({ db: database, epoch: "ns", chunked: "true", chunk_size: String(ROWS) });
    const { status, pieces } = await way.stream({
      method: "POST",
      path: `/query?${query.toString()}`,
      headers: { authorization, "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ q: question }).toString(),
    });
    for await (const line of linesOf(pieces)) {
      const { error, results = [] } = readAnswer(line, status);
      const reason = error ?? results.find((one) => one.error !== undefined)?.error;
      for (const { series = [] } of results)
        for (const one of series) yield { ...seriesOf(one), goesOn: one.partial === true };
      if (reason !== undefined) throw refusal(status, reason, name);
      if (status >= 400) throw refusal(status, `status ${status}`, name);
    }
  }
  return {
    pages,
    query: async (database, question) => {
      const found: (Series & { readonly rows: (readonly Value[])[] })[] = [];
      let isOpen = false;
      for await (const { goesOn, ...one } of pages(database, question)) {
        const last = found.at(-1);
        if (isOpen && last) last.rows.push(...one.rows);
        else found.push({ ...one, rows: [...one.rows] });
        isOpen = goesOn;
      }
      return found;
    },
  };
}

/** A line of an answer. */
interface Answer {
  readonly error?: string;
  readonly results?: readonly { readonly error?: string; readonly series?: readonly RawSeries[] }[];
}

interface RawSeries {
  readonly name?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly values?: readonly (readonly Value[])[];
  /** Whether the next piece has more rows of it. */
  readonly partial?: boolean;
}

/** Texts, which are left alone, and integers of so many digits that they may be beyond 2^53. */
const LONG_INTEGER = /"[^"\\]*(?:\\.[^"\\]*)*"|(?<=[[,:])-?\d{16,}(?=[,\]}])/g;

/**
 * Reads a line; long integers become texts.
 *
 * @throws {UserError} when it is no JSON: something else than InfluxDB answers there.
 */
function readAnswer(line: string, status: number): Answer {
  const exact = line.replace(LONG_INTEGER, (found) =>
    found.startsWith('"') || Number.isSafeInteger(Number(found)) ? found : `"${found}"`,
  );
  try {
    return JSON.parse(exact) as Answer;
  } catch {
    throw new UserError(`InfluxDB answers with something else than JSON (status ${status}): is it InfluxDB 1.x?`);
  }
}

function seriesOf({ name = "", tags = {}, columns, values = [] }: RawSeries): Series {
  // Times before April 1970 are short.
  const rows = columns[0] === "time" ? values.map(([time, ...rest]) => [String(time), ...rest]) : values;
  return { name, tags, columns, rows };
}

function refusal(status: number, reason: string, account: string): InfluxdbError {
  const message =
    status === 401
      ? `InfluxDB refuses the account ${account}: ${reason}`
      : `InfluxDB does not do what ${account} asks: ${reason}`;
  return new InfluxdbError(status, reason, message);
}

// An answer is a line of JSON; a piece ends anywhere.
async function* linesOf(pieces: AsyncIterable<Buffer>): AsyncIterable<string> {
  let parts: Buffer[] = [];
  for await (const piece of pieces) {
    let start = 0;
    for (let end = piece.indexOf(10); end !== -1; end = piece.indexOf(10, start)) {
      const line = Buffer.concat([...parts, piece.subarray(start, end)]).toString("utf8");
      parts = [];
      start = end + 1;
      if (line.trim() !== "") yield line;
    }
    if (start < piece.length) parts.push(piece.subarray(start));
  }
  const rest = Buffer.concat(parts).toString("utf8");
  if (rest.trim() !== "") yield rest;
}

/** A name in InfluxQL. */
export function identifier(name: string): string {
  return `"${name.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
