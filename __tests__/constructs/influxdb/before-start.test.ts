/** The script before each start of InfluxDB, with folders such as InfluxDB makes them. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const SCRIPT = join(__dirname, "..", "..", "..", "constructs", "influxdb", "before-start.sh");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "efd-before-start-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Segments below the folder of the logs, with their texts. */
function segments(texts: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

function run(logs = folder) {
  const env = { PATH: process.env["PATH"], INFLUXDB_DATA_WAL_DIR: logs };
  const { status, stdout, stderr } = spawnSync("sh", [SCRIPT, "-config", "x"], { encoding: "utf8", env });
  return { status, stdout, stderr };
}

/** All segments, with their sizes. */
const found = () =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".wal"))
      .sort()
      .map((path) => [path, readFileSync(join(folder, path)).length]),
  );
const said = (ready: number, shards: number) => ({
  status: 0,
  stdout: `write-ahead logs: ${ready} of ${shards} shards with points in them get a new segment\n`,
  stderr: "",
});

test("each shard with points gets one empty segment, of the next number, once", () => {
  segments({
    "efd/autogen/1/_00001.wal": "x",
    "efd/autogen/1/_00009.wal": "xx",
    "efd/autogen/2/_00099.wal": "x",
    "telegraf/autogen/3/_00004.wal": "x",
  });
  expect(run()).toEqual(said(3, 3));
  const after = {
    "efd/autogen/1/_00001.wal": 1,
    "efd/autogen/1/_00009.wal": 2,
    "efd/autogen/1/_00010.wal": 0,
    "efd/autogen/2/_00099.wal": 1,
    "efd/autogen/2/_00100.wal": 0,
    "telegraf/autogen/3/_00004.wal": 1,
    "telegraf/autogen/3/_00005.wal": 0,
  };
  expect(found()).toEqual(after);
  expect(run()).toEqual(said(0, 0));
  expect(found()).toEqual(after);
});

test("names may have whatever InfluxDB allows", () => {
  const names = ["a b", "it's", 'q"', "$(id)", ".dot", "a*?[b]", "-rf", "é 中"];
  segments(Object.fromEntries(names.map((name) => [`${name}/p' q/7/_00001.wal`, "x"])));
  expect(run()).toEqual(said(names.length, names.length));
  expect(Object.keys(found())).toHaveLength(2 * names.length);
});

test("nothing else is touched", () => {
  const others = {
    "_00001.wal": "x",
    "efd/_00001.wal": "x",
    "efd/autogen/_00001.wal": "x",
    "efd/autogen/1/deeper/_00001.wal": "x",
    "efd/autogen/1/_none.wal": "x",
    "efd/autogen/2/00001.wal": "x",
  };
  segments(others);
  mkdirSync(join(folder, "efd", "autogen", "3"));
  expect(run().status).toBe(0);
  expect(Object.keys(found())).toEqual(Object.keys(others).sort());
});

test("a segment that cannot be made keeps InfluxDB from no start, and a file that is there stays", () => {
  // Sorted by InfluxDB as by the script, the longer number is not the last.
  segments({
    "efd/autogen/1/_99999.wal": "x",
    "efd/autogen/1/_100000.wal": "has points",
    "efd/autogen/2/_00001.wal": "x",
  });
  const { status, stdout, stderr } = run();
  expect({ status, stdout }).toEqual({ ...said(1, 2), stderr: undefined });
  expect(stderr).toContain(`${folder}/efd/autogen/1/_99999.wal gets no segment after it`);
  expect(found()).toMatchObject({ "efd/autogen/1/_100000.wal": 10, "efd/autogen/2/_00002.wal": 0 });
});

test("an InfluxDB that is new has no logs yet", () => {
  expect(run(join(folder, "wal"))).toEqual({
    status: 0,
    stdout: `write-ahead logs: there are none in '${folder}/wal'\n`,
    stderr: "",
  });
});
