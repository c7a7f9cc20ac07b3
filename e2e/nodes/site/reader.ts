/** InfluxDB of the site as programs outside see it. */
import { influxdbOver } from "../../../cli/shared/clients/influxdb";
import { INFLUXDB_READER, READER } from "../../../constructs/influxdb/secrets";
import { messageOf } from "../../../ground/errors";
import { NAMESPACE } from "../../../ground/namespaces";
import { accessOf } from "../../../cli/shared/site/addresses";
import { readLayers } from "../../../cli/shared/site/program";
import type { Influx, Table } from "../../data-path/influx";
import { LAYERS } from "../../../environments/derived/layers";
import { join } from "node:path";
import { until } from "../../../cli/shared/process/until";
import type { RunningSite } from "./running-site";

/** The site's own addresses, as `npm run access` gives them. */
export function addressesOf(site: RunningSite): ReadonlyMap<string, string> {
  const stacks = readLayers(site.environment.name, LAYERS, join(site.checkout, "cdktf.out"));
  const { addresses } = accessOf(site.environment, stacks, site.kubeconfig, {});
  return new Map(addresses.map(({ name, address }) => [name, address]));
}

/** How the names of the addresses begin for which scenarios ask. */
export const ADDRESSES = ["influxdb", "schema-registry", "Kafka bootstrap"] as const;

/** One of {@link ADDRESSES}. */
export type AddressName = (typeof ADDRESSES)[number];

/** An address by the begin of its name. @throws where the site has none. */
export function addressOf(site: RunningSite, name: AddressName): string {
  const found = [...addressesOf(site)].find(([one]) => one.startsWith(name));
  if (!found) throw new Error(`the site has no address of ${name}`);
  return found[1];
}

/** What a reader asks. */
export type Reader = Pick<Influx, "query" | "points" | "types">;

/**
 * InfluxDB as `efdreader`: through the route with TLS where traefik is the real one, otherwise through the API server.
 */
export async function readerOf(site: RunningSite): Promise<Reader> {
  const { clients, simulated } = site;
  const password = await clients.secret(NAMESPACE.influxdb, INFLUXDB_READER.name, "password");
  const influxdb = simulated.has("traefik")
    ? await clients.influxdb("reader")
    : influxdbOver(clients.outside(addressOf(site, "influxdb")), { name: READER, password });
  const query = async (database: string, question: string): Promise<Table[]> =>
    (await influxdb.query(database, question)).map((one) => ({
      ...one,
      rows: one.rows.map(inMicroseconds(one.columns)),
    }));
  return {
    query,
    points: async (database, measurement) => (await query(database, `SELECT * FROM "${measurement}"`))[0],
    types: async (database, measurement) => {
      const [table] = await query(database, `SHOW FIELD KEYS FROM "${measurement}"`);
      return new Map((table?.rows ?? []).map(([field, type]) => [String(field), String(type)]));
    },
  };
}

/** Database of the EFD's points. */
export const DATABASE = "efd";

/** Points of all measurements whose name matches, each of which has this field. */
export async function pointsOf(site: RunningSite, measurements: RegExp, field: string): Promise<number> {
  const influx = await readerOf(site);
  const tables = await influx.query(DATABASE, `SELECT COUNT("${field}") FROM /${measurements.source}/`);
  return tables.reduce((all, { columns, rows }) => all + Number(rows[0]?.[columns.indexOf("count")] ?? 0), 0);
}

/** Seconds in which points arrive on a busy machine; on a quiet one it takes twenty. */
const PATIENCE = 300;

/** Waits until there are so many points, and gives how many there are then, and after how many seconds. */
export async function arrivedPoints(
  count: () => Promise<number>,
  wanted: number,
): Promise<{ readonly points: number; readonly seconds: number }> {
  const begin = Date.now();
  let [points, trouble] = [0, ""];
  await until(PATIENCE, async () => {
    try {
      points = await count();
    } catch (error) {
      // What was just made ready may not answer yet.
      trouble = messageOf(error);
    }
    return points >= wanted || undefined;
  });
  if (points < wanted && trouble !== "") console.log(`        ${trouble}`);
  return { points, seconds: Math.round((Date.now() - begin) / 1000) };
}

/** Rows whose time, in nanoseconds as text, becomes a number of microseconds. */
const inMicroseconds = (columns: readonly string[]) => (row: Table["rows"][number]) =>
  columns[0] === "time" ? [Number(BigInt(String(row[0])) / 1000n), ...row.slice(1)] : row;
