/** Records of every shape arrive once each, as what they are. */
import type { Checks } from "./check";
import type { Influx } from "./influx";
import { recordOf, schemaOf, type Shape, SHAPES } from "./shapes";
import type { World } from "./world";

/** Records of each shape. */
export const RECORDS = 5;

/** Their times, in microseconds: not whole seconds, in the last minute. */
export function times(now: number): number[] {
  return Array.from({ length: RECORDS }, (_, i) => now - 60_000_000 + i * 1_234_567);
}

/** Sends them and looks at what arrived. Consumers that are started run on. */
export async function recordsArrive(world: World, checks: Checks): Promise<void> {
  const { client } = world;
  const sent = times(Date.now() * 1000 + 321);
  for (const producer of new Set(SHAPES.map((shape) => shape.producer))) {
    const account = world.account(producer);
    const mine = SHAPES.filter((shape) => shape.producer === producer);
    const made = await client.ask("topics", { names: mine.map(({ topic }) => topic), account });
    checks.same(`${producer} makes its topics`, made, Object.fromEntries(mine.map(({ topic }) => [topic, null])));
    const batches = mine.map((shape) => ({
      topic: shape.topic,
      schema: schemaOf(shape),
      records: sent.map((time) => recordOf(shape, time)),
    }));
    const said = await client.ask<unknown[]>("produce", { account, batches });
    checks.same(
      `${producer} writes`,
      said,
      Array.from({ length: mine.length * RECORDS }, () => null),
    );
  }
  const consumers = world.start([...new Set(SHAPES.map(({ consumer }) => consumer))]);
  for (const { topic, database } of SHAPES) await world.arrived(topic, RECORDS, { database });
  for (const shape of SHAPES) await looksRight(world, checks, shape, sent);
  for (const { name, group } of consumers) checks.same(`${name} has read all`, await world.unread(group), 0);
  for (const database of new Set(SHAPES.map((shape) => shape.database))) {
    const all = SHAPES.filter((shape) => shape.database === database).length * RECORDS;
    // What is written twice is counted twice.
    checks.same(`points written into ${database}`, await world.counted({ taken: all }, database), {
      taken: all,
      refused: 0,
    });
  }
  for (const { program } of consumers) await program.stop();
}

/** Whether the points of a shape that was sent at these times, in microseconds, are in InfluxDB as they should be. */
export async function looksRight(
  { influx }: { readonly influx: Pick<Influx, "points" | "types"> },
  checks: Checks,
  shape: Shape,
  sent: readonly number[],
): Promise<void> {
  const { topic, database, time, tags = {}, fields } = shape;
  const table = await influx.points(database, topic);
  const stamped = sent.map((micros) => (time[1] === "long" ? Math.floor(micros / 1000) * 1000 : micros));
  checks.same(
    `${topic}: times`,
    table?.rows.map(([at]) => at),
    stamped,
  );
  const wanted = new Map(Object.values(fields).flatMap(({ arrives }) => Object.entries(arrives)));
  const types = new Map([...wanted].map(([name, [type]]) => [name, type as string]));
  types.set(time[0], time[1] === "long" ? "integer" : "float");
  checks.same(`${topic}: types`, sorted(await influx.types(database, topic)), sorted(types));
  const values = new Map<string, unknown>([...wanted].map(([name, [, value]]) => [name, value]));
  for (const [name, value] of Object.entries(tags)) values.set(name, value);
  const seen = (table?.rows ?? []).map((row) =>
    sorted(
      new Map(
        row
          .map((value, i) => [table?.columns[i] ?? "", value] as const)
          .filter(([name]) => name !== "time" && name !== time[0]),
      ),
    ),
  );
  checks.same(
    `${topic}: values`,
    seen,
    sent.map(() => sorted(values)),
  );
}

function sorted<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
