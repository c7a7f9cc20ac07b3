/** What InfluxDB has, asked as its administrator. */

/** A field of a point: what InfluxDB says its type is, and its value. A long integer is text, as JavaScript has none. */
export type Value = number | string | boolean | null;

/** Points of one measurement: columns and rows, the first column is the time in microseconds. */
export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Value[])[];
  readonly tags: Readonly<Record<string, string>>;
}

interface Answer {
  readonly error?: string;
  readonly results?: readonly {
    readonly error?: string;
    readonly series?: readonly {
      readonly name: string;
      readonly columns: readonly string[];
      readonly values?: readonly (readonly Value[])[];
      readonly tags?: Readonly<Record<string, string>>;
    }[];
  }[];
}

/** Questions to one InfluxDB. */
export class Influx {
  constructor(
    private readonly url: string,
    private readonly account: { readonly name: string; readonly password: string },
  ) {}

  /** Asks or commands; times are in microseconds. */
  async query(database: string, question: string): Promise<Table[]> {
    const { name, password } = this.account;
    const answer = await fetch(`${this.url}/query?epoch=u&db=${encodeURIComponent(database)}`, {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}` },
      body: new URLSearchParams({ q: question }),
    });
    // Integers beyond 2^53 would be rounded.
    const text = (await answer.text()).replace(/(?<=[[,])(-?\d{17,})(?=[,\]])/g, '"$1"');
    const said = JSON.parse(text) as Answer;
    const error = said.error ?? said.results?.find((one) => one.error)?.error;
    if (error) throw new Error(`InfluxDB: ${error}: ${question}`);
    return (said.results ?? []).flatMap(({ series = [] }) =>
      series.map((one) => ({
        name: one.name,
        columns: one.columns,
        rows: one.values ?? [],
        tags: one.tags ?? {},
      })),
    );
  }

  /** Whether it answers. */
  async answers(): Promise<boolean> {
    return fetch(`${this.url}/ping`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  /** All points of a measurement. */
  async points(database: string, measurement: string): Promise<Table | undefined> {
    return (await this.query(database, `SELECT * FROM "${measurement}"`))[0];
  }

  /** Types of a measurement's fields. */
  async types(database: string, measurement: string): Promise<Map<string, string>> {
    const [table] = await this.query(database, `SHOW FIELD KEYS FROM "${measurement}"`);
    return new Map((table?.rows ?? []).map(([field, type]) => [String(field), String(type)]));
  }

  /** Points that InfluxDB took and refused of a database since it started, those taken twice counted twice. */
  async counts(database: string): Promise<{ taken: number; refused: number }> {
    const shards = (await this.query("", "SHOW STATS FOR 'shard'")).filter(({ tags }) => tags["database"] === database);
    const sum = (column: string) =>
      shards.reduce((all, { columns, rows }) => all + Number(rows[0]?.[columns.indexOf(column)] ?? 0), 0);
    return { taken: sum("writePointsOk"), refused: sum("writePointsDropped") };
  }
}
