/** Draws a topic of a site into a file. */
import { writeFileSync } from "node:fs";
import type { Environment } from "../../environments/schema";
import { messageOf, UserError } from "../../ground/errors";
import type { Influxdb, Value } from "../shared/clients/influxdb";
import type { Context } from "../shared/terminal/context";
import { type Curve, picture, type Point } from "./plot";
import { chosenFields, factsOf, findTopic, type Request } from "./request";
import { type Rows, rowsOf, type Wanted } from "./rows";
import { inBoth, influxDuration, TAI_AHEAD } from "./times";

/** Points of a field that a picture shows: a screen has no more columns. */
const MOST_POINTS = 2000;
/** Panels that a person can look at. */
const MOST_FIELDS = 12;
/** Fields that SAL adds to each topic: nobody looks at them unless they are named. */
const OF_SAL = /^private_/;
/** What is drawn of each field where points are drawn together. */
const AGGREGATES = ["mean", "min", "max"] as const;

const [MS, S, M, H, D] = [1_000_000n, 10n ** 9n, 60n * 10n ** 9n, 3600n * 10n ** 9n, 86_400n * 10n ** 9n] as const;
/** Times over which points are drawn together, in nanoseconds. */
const STEPS: readonly bigint[] = [
  ...[1n, 2n, 5n, 10n, 20n, 50n, 100n, 200n, 500n].map((count) => count * MS),
  ...[1n, 2n, 5n, 10n, 15n, 30n].map((count) => count * S),
  ...[1n, 2n, 5n, 10n, 15n, 30n].map((count) => count * M),
  ...[1n, 2n, 3n, 6n, 12n].map((count) => count * H),
  ...[1n, 2n, 7n, 14n, 28n].map((count) => count * D),
];

/** What is drawn, and where to. */
export interface TopicPlot {
  readonly site: Environment;
  readonly influxdb: Influxdb;
  readonly topic: string;
  readonly request: Request;
  /** Path of the picture. */
  readonly file: string;
}

/** Draws a topic; no more points than a screen can show. */
export async function plotTopic(
  { output }: Context,
  { site, influxdb, topic, request, file }: TopicPlot,
): Promise<number> {
  const { since, until } = request;
  const { database, columns } = await findTopic(influxdb, site.name, topic, request.databases);
  const all = chosenFields(topic, columns, { ...request, every: request.every ?? 1n });
  const shown = request.fields ? all : all.filter((name) => !OF_SAL.test(name));
  const fields = shown.slice(0, MOST_FIELDS);
  const wanted: Wanted = { since, until, database, topic, fields };
  output.step(`reading ${fields.length} fields of ${topic}`, false);
  const { rows, every } = await fewRows(influxdb, wanted, request.every);
  const svg = picture({
    title: `${topic}, ${site.name}`,
    subtitles: [
      `${inBoth(since)} to ${inBoth(until)}`,
      `TAI is ${TAI_AHEAD} s ahead of UTC; ${every === undefined ? "every point" : `line: mean over ${influxDuration(every)}; band: least and greatest value within`}`,
      [
        ...(shown.length > fields.length
          ? [`the first ${fields.length} of ${shown.length} fields: --fields names others`]
          : []),
        ...(shown.length < all.length ? ["without SAL's own fields private_…"] : []),
      ].join("; "),
    ].filter((line) => line !== ""),
    since: Number(since / MS),
    until: Number(until / MS),
    gap: gapOf(rows, every),
    curves: fields.map((name, i) => curveOf(name, i, rows, every)),
  });
  try {
    writeFileSync(file, svg);
  } catch (error) {
    throw new UserError(`--plot ${file} cannot be written: ${messageOf(error)}`);
  }
  const together = every === undefined ? "" : `, each the mean over ${influxDuration(every)}`;
  if (rows.length === 0) output.note(`no points: npm run data -- ${site.name} shows when each topic was written last`);
  output.print(`${file}: ${rows.length} points of ${fields.length} fields${together}`);
  output.result({
    ...factsOf(site.name, database, topic, { since, until, every }),
    plot: file,
    fields,
    points: rows.length,
  });
  return 0;
}

/** Every row where they are few; else what stands for them, over at least the wanted time. */
async function fewRows(
  influxdb: Influxdb,
  wanted: Wanted,
  every: bigint | undefined,
): Promise<{ readonly rows: Rows; readonly every?: bigint }> {
  if (every === undefined) {
    const rows = await upTo(MOST_POINTS, rowsOf(influxdb, wanted));
    if (rows.length <= MOST_POINTS) return { rows };
  }
  const least = (wanted.until - wanted.since) / BigInt(MOST_POINTS);
  const step = STEPS.find((one) => one >= least) ?? least;
  const chosen = every !== undefined && every > step ? every : step;
  const rows = await upTo(Infinity, rowsOf(influxdb, { ...wanted, every: chosen, aggregates: AGGREGATES }));
  return { rows, every: chosen };
}

/** All rows, or more than so many. */
async function upTo(most: number, pages: AsyncIterable<Rows>): Promise<Rows> {
  const found: (readonly Value[])[] = [];
  for await (const rows of pages) {
    found.push(...rows);
    if (found.length > most) break;
  }
  return found;
}

const milliseconds = (row: readonly Value[] | undefined): number =>
  Number(BigInt(String(row?.[0] ?? 0)) / 1000n) / 1000;

function curveOf(name: string, position: number, rows: Rows, every: bigint | undefined): Curve {
  const width = every === undefined ? 1 : AGGREGATES.length;
  const points = rows.flatMap((row): Point[] => {
    const [value, least, greatest] = row.slice(1 + position * width, 1 + (position + 1) * width);
    if (value === null || value === undefined) return [];
    const time = milliseconds(row);
    if (every === undefined) return [{ time, value: Number(value) }];
    // A window is shown in its middle.
    const middle = time + Number(every / 1000n) / 2000;
    return [{ time: middle, value: Number(value), range: [Number(least), Number(greatest)] }];
  });
  return { name, points };
}

/** Milliseconds that are a gap: several times the usual distance of two points. */
function gapOf(rows: Rows, every: bigint | undefined): number {
  const distances = rows.slice(1).map((row, i) => milliseconds(row) - milliseconds(rows[i]));
  const usual = distances.sort((a, b) => a - b)[Math.floor(distances.length / 2)] ?? 0;
  return Math.max(5 * usual, every === undefined ? 0 : 1.5 * Number(every / MS));
}
