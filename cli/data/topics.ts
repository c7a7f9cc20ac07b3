/** Topics of a site's databases, and when each was written last. InfluxDB calls them measurements. */
import { nearestWords } from "../../ground/nearest";
import { UserError } from "../../ground/errors";
import { identifier, type Influxdb } from "../shared/clients/influxdb";

/** Questions of one request, and requests at a time: some 1500 topics are asked within seconds, and not all at once. */
const [TOGETHER, SIDE_BY_SIDE] = [50, 3] as const;
/** Where most topics are found: a question without an end looks into every shard. */
const RECENT = "1d";

/** A topic. */
export interface Topic {
  readonly database: string;
  readonly topic: string;
  /** Nanoseconds since 1970 of its newest point; undefined where it has none. */
  readonly newest?: bigint;
}

/**
 * Those of these databases that the account may read.
 *
 * @throws {UserError} where there is none of them.
 */
export async function readableOf(influxdb: Influxdb, databases: readonly string[]): Promise<string[]> {
  const found = await influxdb.query("", "SHOW DATABASES");
  const mine = found.flatMap(({ rows }) => rows.map(([name]) => String(name)));
  const readable = databases.filter((name) => mine.includes(name));
  if (readable.length > 0) return readable;
  const has = mine.length > 0 ? mine.join(", ") : "none at all";
  throw new UserError(`no access to ${databases.join(", ")}: the account may read ${has}`);
}

/** Names of a database's topics. */
export async function topicsOf(influxdb: Influxdb, database: string): Promise<string[]> {
  const found = await influxdb.query(database, "SHOW MEASUREMENTS");
  return found.flatMap(({ rows }) => rows.map(([name]) => String(name)));
}

/** All topics of a database with their newest points. */
export async function newestOf(
  influxdb: Influxdb,
  database: string,
  progress: (done: number, all: number) => void,
): Promise<Topic[]> {
  const names = await topicsOf(influxdb, database);
  const found = new Map<string, bigint>();
  let done = 0;
  const ask = async (wanted: readonly string[], where: string) => {
    const batches = Array.from({ length: Math.ceil(wanted.length / TOGETHER) }, (_, i) =>
      wanted.slice(i * TOGETHER, (i + 1) * TOGETHER),
    );
    await eachOf(batches, async (batch) => {
      const question = batch.map((name) => `SELECT * FROM ${identifier(name)}${where} ORDER BY time DESC LIMIT 1`);
      for (const { name, rows } of await influxdb.query(database, question.join(";")))
        if (rows[0]) found.set(name, BigInt(String(rows[0][0])));
      done += batch.length;
      progress(Math.min(done, names.length), names.length);
    });
  };
  await ask(names, ` WHERE time > now() - ${RECENT}`);
  done = found.size;
  await ask(
    names.filter((name) => !found.has(name)),
    "",
  );
  return names.map((topic) => {
    const newest = found.get(topic);
    return { database, topic, ...(newest === undefined ? {} : { newest }) };
  });
}

/** Works on a list, a few at a time. */
async function eachOf<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const open = [...all];
  const worker = async () => {
    for (let one = open.shift(); one !== undefined; one = open.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
}

/** What can be read of a topic. */
export interface Columns {
  /** Fields, each once. */
  readonly fields: readonly string[];
  /** Those of them that are numbers. */
  readonly numbers: readonly string[];
  readonly tags: readonly string[];
}

/** Fields and tags of a topic; undefined where the database has no such topic. */
export async function columnsOf(influxdb: Influxdb, database: string, topic: string): Promise<Columns | undefined> {
  const [fields, tags] = await Promise.all([
    influxdb.query(database, `SHOW FIELD KEYS FROM ${identifier(topic)}`),
    influxdb.query(database, `SHOW TAG KEYS FROM ${identifier(topic)}`),
  ]);
  const rows = fields.flatMap((one) => one.rows.map(([name, type]) => [String(name), String(type)] as const));
  if (rows.length === 0) return undefined;
  const names = [...new Set(rows.map(([name]) => name))];
  // A field that changed its type has several.
  const isNumber = (name: string) => rows.every(([one, type]) => one !== name || !["string", "boolean"].includes(type));
  return {
    fields: names,
    numbers: names.filter(isNumber),
    tags: tags.flatMap((one) => one.rows.map(([name]) => String(name))),
  };
}

/** That there is no such topic, and which ones are written most like it. */
export function unknownTopic(topic: string, known: readonly string[], site: string): UserError {
  const near = nearestWords(topic, known);
  const words = near.length > 0 ? `nearest are ${near.join(", ")}` : "there is none at all";
  return new UserError(`unknown topic ${topic}: ${words}. npm run data -- ${site} lists all`);
}
