/** What `npm run data` is asked for. */
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { efdAccess } from "../../stacks/efd/access";
import type { Environment } from "../../environments/schema";
import { UsageError, UserError } from "../../ground/errors";
import { nearestWords } from "../../ground/nearest";
import type { Influxdb } from "../shared/clients/influxdb";
import type { Format } from "./formats";
import { durationOf, influxDuration, type Span, spanOf, TAI_AHEAD, utc } from "./times";
import { columnsOf, type Columns, topicsOf, unknownTopic } from "./topics";

/** Options of the command line. */
export interface DataOptions {
  readonly json?: boolean;
  readonly fields?: string;
  readonly since?: string;
  readonly until?: string;
  readonly every?: string;
  readonly format?: "table" | "csv" | "json";
  readonly plot?: string;
  readonly database?: string;
}

/** What was asked, as far as it is known without InfluxDB. */
export interface Request extends Span {
  readonly format: Format;
  readonly every?: bigint;
  readonly fields?: readonly string[];
  readonly databases: readonly string[];
}

/** What the JSON of rows and of a picture says of them: where they are from, and what their times are. */
export function factsOf(
  site: string,
  database: string,
  topic: string,
  { since, until, every }: Span & { readonly every?: bigint | undefined },
) {
  return {
    site,
    database,
    topic,
    since: utc(since),
    until: utc(until),
    taiMinusUtcSeconds: TAI_AHEAD,
    ...(every === undefined ? {} : { meanOver: influxDuration(every) }),
  };
}

/**
 * Reads the options.
 *
 * @throws {UsageError} for the first mistake.
 */
export function requestOf(site: Environment, topic: string | undefined, options: DataOptions, now: number): Request {
  const { json = false, fields, every, format, plot, database } = options;
  const databases = efdAccess(site).influxdb.databases.map(({ name }) => name);
  if (database !== undefined && !databases.includes(database))
    throw new UsageError(`--database ${database}: ${site.name} has ${databases.join(", ")}`);
  if (topic === undefined) {
    const given = (["fields", "since", "until", "every", "format", "plot"] as const).find(
      (name) => options[name] !== undefined,
    );
    if (given !== undefined) throw new UsageError(`--${given} needs a topic: npm run data -- ${site.name} <topic>`);
  }
  if (json && format !== undefined)
    throw new UsageError("--json prints one document, --format json a line for each row: give one of them");
  if (plot !== undefined && format !== undefined)
    throw new UsageError("--plot writes a picture and no rows: leave --format out");
  if (plot !== undefined && !plot.endsWith(".svg"))
    throw new UsageError(`--plot ${plot}: the picture is SVG, so name a file that ends with .svg`);
  if (plot !== undefined && !existsSync(dirname(plot)))
    throw new UsageError(`--plot ${plot}: there is no folder ${dirname(plot)}: make it, or name another`);
  return {
    ...spanOf(options, now),
    format: json ? "document" : (format ?? "table"),
    databases: database === undefined ? databases : [database],
    ...(every === undefined ? {} : { every: durationOf("--every", every) }),
    ...(fields === undefined ? {} : { fields: namesIn(fields) }),
  };
}

function namesIn(fields: string): string[] {
  const names = fields.split(",").map((name) => name.trim());
  if (names.some((name) => name === ""))
    throw new UsageError(`--fields ${fields}: allowed are names with a comma between them`);
  return [...new Set(names)];
}

/** Where a topic is, and what it has. */
export interface Found {
  readonly database: string;
  readonly columns: Columns;
}

/**
 * Finds a topic in the databases.
 *
 * @throws {UserError} where none has it, with the nearest names, or several do.
 */
export async function findTopic(
  influxdb: Influxdb,
  site: string,
  topic: string,
  databases: readonly string[],
): Promise<Found> {
  const all = await Promise.all(
    databases.map(async (database) => ({ database, columns: await columnsOf(influxdb, database, topic) })),
  );
  const found = all.flatMap(({ database, columns }) => (columns ? [{ database, columns }] : []));
  const [first] = found;
  if (first === undefined) {
    const known = await Promise.all(databases.map((database) => topicsOf(influxdb, database)));
    throw unknownTopic(topic, [...new Set(known.flat())], site);
  }
  if (found.length > 1)
    throw new UsageError(
      `${topic} is in ${found.map(({ database }) => database).join(" and ")}: say which with --database`,
    );
  return first;
}

/**
 * Which columns are read: those that were named, or all; of numbers only where a mean is taken.
 *
 * @throws {UserError} for a name that the topic does not have.
 */
export function chosenFields(topic: string, columns: Columns, request: Pick<Request, "fields" | "every">): string[] {
  const { fields, numbers, tags } = columns;
  const isMean = request.every !== undefined;
  if (request.fields === undefined) {
    if (!isMean) return [...fields, ...tags];
    if (numbers.length > 0) return [...numbers];
    throw new UserError(`${topic} has no field that is a number, and --every takes the mean: leave it out`);
  }
  for (const name of request.fields) {
    if (![...fields, ...tags].includes(name))
      throw new UserError(`unknown field ${name} of ${topic}: nearest are ${nearestWords(name, fields).join(", ")}`);
    if (isMean && !numbers.includes(name))
      throw new UserError(`field ${name} of ${topic} is no number, and --every takes the mean: leave one of them out`);
  }
  if (!request.fields.some((name) => fields.includes(name)))
    throw new UserError(
      `--fields ${request.fields.join(",")}: tags alone have no points; name a field too, such as ${fields[0]}`,
    );
  return [...request.fields];
}
