import { rowsOf, type Wanted } from "../../../cli/data/rows";
import { type FakePoint, fakeInfluxdb } from "./fake-influxdb";

const SECOND = 1_000_000_000n;
/** Every second three points of one time each, as three tags give them. */
const POINTS = Array.from({ length: 999 }, (_, i): FakePoint => [BigInt(Math.floor(i / 3)) * SECOND, i]);
// With so many fields a page has a hundred rows, and ends between points of one time.
const FIELDS = ["a", ...Array.from({ length: 5000 }, (_, i) => `b${i}`)];
const ALL: Wanted = { database: "d", topic: "t", fields: FIELDS, since: 0n, until: 1000n * SECOND };

async function read(influxdb: ReturnType<typeof fakeInfluxdb>, wanted: Wanted) {
  const found: unknown[][] = [];
  for await (const rows of rowsOf(influxdb, wanted)) found.push(...rows.map((row) => row.slice(0, 4)));
  return found;
}

test("pages end between points of one time, and no row is lost or read twice", async () => {
  const influxdb = fakeInfluxdb({ fields: ["a"], points: POINTS });
  const found = await read(influxdb, ALL);
  expect(found.map(([, a]) => a)).toEqual(POINTS.map(([, a]) => a));
  expect(influxdb.asked).toHaveLength(10);
  expect(influxdb.asked[1]).toMatch(/ FROM "t" WHERE time >= 33000000000 AND time < 1000000000000 LIMIT 100 OFFSET 1$/);
});

test("more points of one time than a page holds", async () => {
  const points = Array.from({ length: 450 }, (_, i): FakePoint => [i < 350 ? 5n : BigInt(i), i]);
  const found = await read(fakeInfluxdb({ fields: ["a"], points }), ALL);
  expect(found.map(([, a]) => a)).toEqual(points.map(([, a]) => a));
});

test("a page that InfluxDB ends is good as far as it came, and the next ones are smaller", async () => {
  const influxdb = fakeInfluxdb({ fields: ["a"], points: POINTS, patience: 40 });
  const found = await read(influxdb, { ...ALL, fields: ["a"] });
  expect(found.map(([, a]) => a)).toEqual(POINTS.map(([, a]) => a));
  expect(influxdb.asked[0]).toMatch(/LIMIT 50000 OFFSET 0$/);
  expect(influxdb.asked[1]).toMatch(/LIMIT 12500 OFFSET 2$/);
});

test("an InfluxDB that never gets anywhere is an error", async () => {
  await expect(read(fakeInfluxdb({ fields: ["a"], points: POINTS, patience: 0 }), ALL)).rejects.toThrow("too late");
  const means = { ...ALL, fields: ["a"], every: 10n * SECOND };
  await expect(read(fakeInfluxdb({ fields: ["a"], points: POINTS, patience: 0 }), means)).rejects.toThrow("too late");
});

test("means are read in spans that end where a window does, shorter ones after a timeout", async () => {
  const wanted = { ...ALL, fields: ["a"], since: 4n * SECOND, until: 330n * SECOND, every: 10n * SECOND };
  const whole = await read(fakeInfluxdb({ fields: ["a"], points: POINTS }), {
    ...wanted,
    aggregates: ["mean", "min", "max"],
  });
  expect(whole).toHaveLength(33);
  expect(whole.slice(0, 2)).toEqual([
    ["0", 20.5, 12, 29],
    ["10000000000", 44.5, 30, 59],
  ]);
  const influxdb = fakeInfluxdb({ fields: ["a"], points: POINTS, patience: 35 });
  expect(await read(influxdb, { ...wanted, aggregates: ["mean", "min", "max"] })).toEqual(whole);
  expect(influxdb.asked[0]).toMatch(
    /^SELECT mean\("a"::float\) AS "mean of a", min\("a"::float\) AS .* GROUP BY time\(10s\) fill\(none\)$/,
  );
  expect(influxdb.asked.length).toBeGreaterThan(33);
});
