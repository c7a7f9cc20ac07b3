import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { data } from "../../../cli/data";
import type { DataOptions } from "../../../cli/data/request";
import type { Context } from "../../../cli/shared/terminal/context";
import { Output } from "../../../cli/shared/terminal/output";
import { type FakePoint, fakeInfluxdb } from "./fake-influxdb";

const folder = mkdtempSync(join(tmpdir(), "data-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const FIELDS = ["a", "b", "text", "private_seqNum"];
const START = BigInt(Date.parse("2026-11-30T01:00:00Z")) * 1_000_000n;
const pointsOf = (count: number): FakePoint[] =>
  Array.from({ length: count }, (_, i) => [START + BigInt(i) * 1_000_000_000n, i, i % 2 === 0 ? null : -i, "x", i]);

/** Runs the command against a made-up InfluxDB of site `local`. */
async function run(topic: string | undefined, options: DataOptions, count = 3, databases = ["efd", "telegraf"]) {
  let [out, err] = ["", ""];
  const output = new Output({
    json: options.json === true,
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    env: {},
  });
  const props = { fields: FIELDS, types: ["float", "integer", "string", "integer"], points: pointsOf(count) };
  const inEfd = fakeInfluxdb(props, {
    "SHOW DATABASES": databases.map((name) => [name]),
    "SHOW MEASUREMENTS": [["t"], ["empty"]],
    'SELECT * FROM "t" WHERE time > now() - 1d ORDER BY time DESC LIMIT 1;SELECT * FROM "empty" WHERE time > now() - 1d ORDER BY time DESC LIMIT 1':
      [[String(START)]],
  });
  const none = fakeInfluxdb({ ...props, fields: [], points: [] }, { "SHOW MEASUREMENTS": [] });
  const of = (database: string) => (database === "telegraf" ? none : inEfd);
  const influxdb = {
    query: (database: string, question: string) => of(database).query(database, question),
    pages: (database: string, question: string) => of(database).pages(database, question),
  };
  const context = { output, env: {} } as unknown as Context;
  const code = await data(context, "local", topic, options, () =>
    Promise.resolve({ influxdb, close: () => undefined }),
  );
  return { code, out, err };
}

const SPAN = { since: "2026-11-30T01:00:00Z", until: "2026-11-30T02:00:00Z" };

test("rows of a topic, with both scales in the head", async () => {
  const { code, out, err } = await run("t", { ...SPAN, fields: "a,text" });
  expect(code).toBe(0);
  expect(out.split("\n").slice(0, 5)).toEqual([
    "t in database efd of local, from 2026-11-30T01:00:00Z (2026-11-30T01:00:37 TAI) up to 2026-11-30T02:00:00Z (2026-11-30T02:00:37 TAI)",
    "times are UTC; TAI is 37 s ahead",
    "time                            a  text",
    "------------------------------  -  ----",
    "2026-11-30T01:00:00.000000000Z  0  x",
  ]);
  expect(err).toBe("3 rows\n");
});

test("a program gets rows only, and one document with --json", async () => {
  const { out, err } = await run("t", { ...SPAN, fields: "a", format: "csv" });
  expect(out.split("\r\n")[0]).toBe("time,a");
  expect(err).toMatch(/^t in database efd of local, from .*TAI is 37 s ahead\n3 rows\n$/s);
  const document = JSON.parse((await run("t", { ...SPAN, fields: "a", every: "2s", json: true })).out) as object;
  expect(document).toMatchObject({
    site: "local",
    database: "efd",
    topic: "t",
    since: "2026-11-30T01:00:00.000000000Z",
    taiMinusUtcSeconds: 37,
    meanOver: "2s",
    columns: ["time", "a"],
    rows: [
      ["2026-11-30T01:00:00.000000000Z", 0.5],
      ["2026-11-30T01:00:02.000000000Z", 2],
    ],
  });
});

test("all topics with their newest points", async () => {
  const { out } = await run(undefined, {});
  expect(out).toMatch(/efd +t +2026-11-30T01:00:00.000000000Z +\S+ \w+\nefd +empty +no point\n/);
  const { topics } = JSON.parse((await run(undefined, { json: true })).out) as { topics: object[] };
  expect(topics).toEqual([
    { database: "efd", topic: "t", newest: "2026-11-30T01:00:00.000000000Z", ageSeconds: expect.any(Number) as number },
    { database: "efd", topic: "empty" },
  ]);
  expect((await run(undefined, {}, 3, ["efd"])).err).toContain(
    "database telegraf is not there, or the account may not",
  );
});

test.each<[string | undefined, DataOptions, string]>([
  ["tt", {}, "unknown topic tt: nearest are t. npm run data -- local lists all"],
  ["t", { fields: "aa" }, "unknown field aa of t: nearest are a, b"],
  [
    "t",
    { fields: "text", every: "1s" },
    "field text of t is no number, and --every takes the mean: leave one of them out",
  ],
  ["t", { fields: "a,,b" }, "--fields a,,b: allowed are names with a comma between them"],
  ["t", { database: "efs" }, "--database efs: local has efd, telegraf"],
  [
    "t",
    { json: true, format: "csv" },
    "--json prints one document, --format json a line for each row: give one of them",
  ],
  ["t", { plot: "a.png" }, "--plot a.png: the picture is SVG, so name a file that ends with .svg"],
  ["t", { plot: "/nowhere/a.svg" }, "--plot /nowhere/a.svg: there is no folder /nowhere: make it, or name another"],
  ["t", { plot: "a.svg", format: "csv" }, "--plot writes a picture and no rows: leave --format out"],
  [undefined, { since: "-1h" }, "--since needs a topic: npm run data -- local <topic>"],
])("%s %j is refused in one line", async (topic, options, message) => {
  await expect(run(topic, options)).rejects.toThrow(message);
});

test("no right on any database", async () => {
  await expect(run("t", {}, 3, ["other"])).rejects.toThrow(
    "no access to efd, telegraf, chronograf: the account may read other",
  );
});

test("a picture of few points shows every one of the numbers", async () => {
  const file = join(folder, "few.svg");
  const { out } = await run("t", { ...SPAN, plot: file });
  expect(out).toBe(`${file}: 3 points of 2 fields\n`);
  const svg = readFileSync(file, "utf8");
  expect(svg.match(/font-weight="bold">[^<]+</g)).toEqual([
    'font-weight="bold">t, local<',
    'font-weight="bold">a<',
    'font-weight="bold">b<',
  ]);
  expect(svg).toContain(">TAI is 37 s ahead of UTC; every point<");
  expect(svg).toContain(">without SAL");
  // Of this font 880 points of width hold about so many characters.
  for (const [, line = ""] of svg.matchAll(/fill="#555">([^<]+)</g)) expect(line.length).toBeLessThan(130);
  expect(svg).toContain(">01:00<");
  expect(svg.match(/<polyline points="([^"]+)"/)?.[1]?.split(" ")).toHaveLength(3);
});

test("a picture that cannot be written is refused in one line", async () => {
  const file = join(folder, "folder.svg");
  mkdirSync(file);
  await expect(run("t", { ...SPAN, plot: file })).rejects.toThrow(/^--plot .*folder.svg cannot be written: .*EISDIR/);
});

test("a picture of many points draws no more than a screen shows, and their extremes", async () => {
  const file = join(folder, "many.svg");
  const { out } = await run("t", { ...SPAN, since: "2026-11-30T00:00:00Z", plot: file, fields: "a" }, 3600);
  expect(out).toBe(`${file}: 720 points of 1 fields, each the mean over 5s\n`);
  const svg = readFileSync(file, "utf8");
  expect(svg).toContain("line: mean over 5s; band: least and greatest value within");
  expect(svg).toContain("<polygon");
});
