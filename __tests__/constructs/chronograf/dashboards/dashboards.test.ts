import { dataPathDashboard } from "../../../../constructs/chronograf/dashboards/data-path";
import type { Dashboard } from "../../../../constructs/chronograf/dashboards/model";
import { cscsOf, type Sink, topicDashboards } from "../../../../constructs/chronograf/dashboards/topics";
import { chronografFiles } from "../../../../constructs/chronograf/resources";
import { all } from "../../../../environments/derived/systems";
import { selectSites } from "../../../../cli/shared/site/sites";
import { SITES } from "../../../../environments";

const SAL: Sink = { database: "efd", topics: ["lsst.sal.MTM1M3.*", "lsst.sal.Test.logevent_heartbeat"] };
const CAMERA: Sink = { database: "lsst.ATCamera", topics: ["lsst.ATCamera*"] };

const queriesOf = ({ cells, templates }: Dashboard) => [
  ...cells.flatMap(({ queries }) => queries.map(({ query }) => query)),
  ...templates.flatMap(({ query }) => (query ? [query.influxql] : [])),
];
const named = (boards: readonly Dashboard[], name: string) => {
  const found = boards.find((one) => one.name === name);
  if (!found) throw new Error(`there is no dashboard ${name}`);
  return found;
};

test.each([
  [["lsst.sal.MTM1M3.*"], ["MTM1M3"]],
  [
    ["lsst.sal.Test.logevent_heartbeat", "lsst.sal.ATDome.*"],
    ["ATDome", "Test"],
  ],
  [["lsst.sal.NotKnownYet.*"], ["NotKnownYet"]],
  [["lsst.sal.MTM1M3*"], ["MTM1M3", "MTM1M3TS"]],
  [["lsst.ATCamera*", "_schemas"], []],
])("%j has topics of %j", (patterns, cscs) => {
  expect(cscsOf(patterns)).toEqual(cscs);
});

test("one pattern for all of SAL takes every CSC that is known", () => {
  expect(cscsOf(["lsst.sal.*"]).length).toBeGreaterThan(60);
});

test("CSCs are chosen among those that the site writes, the first at first", () => {
  const [, csc] = named(topicDashboards([SAL, CAMERA]), "Topics of a CSC").templates;
  expect(csc?.values).toEqual([
    { type: "csv", value: "MTM1M3", selected: true },
    { type: "csv", value: "Test" },
  ]);
});

test("databases are chosen among those that have such topics", () => {
  const boards = topicDashboards([SAL, CAMERA]);
  const databases = (name: string) => named(boards, name).templates[0]?.values.map(({ value }) => value);
  expect(databases("Topics of a CSC")).toEqual(["efd"]);
  expect(databases("Topics of other programs")).toEqual(["lsst.ATCamera"]);
  expect(topicDashboards([CAMERA]).map(({ name }) => name)).toEqual(["Topics of other programs"]);
});

test("behind ON there is no space: Chronograf would take the dot of a database for that of a retention policy", () => {
  const shows = topicDashboards([SAL, CAMERA])
    .flatMap(queriesOf)
    .filter((query) => query.startsWith("SHOW"));
  expect(shows).toHaveLength(4);
  for (const query of shows) expect(query).toMatch(/^SHOW (MEASUREMENTS|FIELD KEYS) ON\n":db:"/);
});

test("heartbeats are looked for where SAL's topics are", () => {
  const beats = (sinks: Sink[]) => queriesOf(dataPathDashboard(sinks)).filter((query) => query.includes("heartbeat"));
  expect(beats([SAL, CAMERA])).toHaveLength(1);
  expect(beats([SAL])[0]).toContain(String.raw`FROM "efd"../^lsst\.sal\.[^.]+\.logevent_heartbeat$/`);
  expect(beats([CAMERA])).toEqual([]);
});

const FILES = selectSites(SITES).map((site) => {
  const sinks = all(site, (system) => system.sinks);
  return [site.name, chronografFiles(sinks, { url: "http://kapacitor:9092" })] as const;
});
const boardsOf = (files: Readonly<Record<string, string>>) =>
  Object.entries(files)
    .filter(([file]) => file.endsWith(".dashboard"))
    .map(([, text]) => JSON.parse(text) as Dashboard);

describe.each(FILES)("%s", (_site, files) => {
  const boards = boardsOf(files);

  test("the ConfigMap takes its files: at most 1 MiB, names that Kubernetes allows", () => {
    expect(JSON.stringify(files).length).toBeLessThan(100_000);
    for (const file of Object.keys(files)) expect(file).toMatch(/^[-._a-z0-9]+\.(dashboard|kap)$/);
  });

  test("no file has braces that Chronograf would fill in from its environment", () => {
    for (const text of Object.values(files)) expect(text).not.toContain("{{");
  });

  test("dashboards have numbers of their own, far from those that Chronograf gives", () => {
    const ids = boards.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toBeGreaterThanOrEqual(1_000_000);
  });

  test("cells fill rows of twelve columns and lie on no other", () => {
    for (const { cells } of boards) {
      const taken = cells.flatMap(({ x, y, w, h }) =>
        Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
      );
      expect(new Set(taken).size).toBe(taken.length);
      for (const { x, w } of cells) expect(x + w).toBeLessThanOrEqual(12);
    }
  });

  test("every cell has a query, or Chronograf asks to add one; every graph is within the chosen time", () => {
    for (const { cells } of boards)
      for (const { type, queries } of cells) {
        expect(queries.length).toBeGreaterThan(0);
        if (type === "line") for (const { query } of queries) expect(query).toContain("time > :dashboardTime:");
      }
  });

  test("every variable of a query is one of the dashboard's or Chronograf's own", () => {
    const own = [":dashboardTime:", ":upperDashboardTime:", ":interval:"];
    for (const board of boards) {
      const known = [...own, ...board.templates.map(({ tempVar }) => tempVar)];
      const used = queriesOf(board).flatMap((query) => query.match(/:[a-zA-Z]+:/g) ?? []);
      expect(used.filter((one) => !known.includes(one))).toEqual([]);
    }
  });
});
