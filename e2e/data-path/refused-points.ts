/** InfluxDB refuses points for good: how many is seen, the others arrive, and the runbook gets them back. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../cli/shared/process/process";
import { until } from "../../cli/shared/process/until";
import { linesOf, RUNBOOKS, TRIED_ON_DATA } from "../runbooks/lines";
import type { Checks } from "./check";
import { send, simple } from "./simple-topic";
import { CONSUMER, passwordIn } from "./site";
import { PATIENCE, type World } from "./world";

const RUNBOOK = "refused-points.md";
const DAY = 86_400;

/** Runs commands of the runbook, one after another in one shell. */
async function follow(world: World, topic: string, commands: readonly string[], input = ""): Promise<string> {
  const { port } = world.influxdb;
  const script = [
    "set -euo pipefail",
    `influx() { command influx -host 127.0.0.1 -port ${port} "$@"; }`,
    `topic=${topic} field=x days=1`,
    ...commands,
    ...(input === "" ? [] : [`refused < '${input}'`]),
  ].join("\n");
  const env = {
    ...world.installed.env,
    INFLUX_USERNAME: "admin",
    INFLUX_PASSWORD: passwordIn("influxdb-auth"),
    HOME: world.folder,
  };
  const { code, stdout, stderr } = await run("bash", ["-c", script], { env });
  if (code !== 0) throw new Error(`the runbook failed: ${stdout}${stderr}`);
  return stdout;
}

/** What InfluxDB says in its own database, once it has said so much. */
async function internal(world: World, field: string, from: string, least: number): Promise<number> {
  let seen = 0;
  await until(PATIENCE, async () => {
    const tables = await world.influx.query("_internal", `SELECT LAST("${field}") FROM "${from}" GROUP BY *`);
    const ours = tables.filter(({ tags }) => (tags["database"] || "efd") === "efd");
    seen = ours.reduce((all, { rows }) => all + Number(rows[0]?.[1] ?? 0), 0);
    return seen >= least ? true : undefined;
  });
  return seen;
}

/** A field goes from int to double, and points are older than the retention. */
export async function refusedPoints(world: World, checks: Checks): Promise<void> {
  const [whole, old] = [await simple(world, "refused", "int"), await simple(world, "old")];
  const broken = await simple(world, "refused", "double");
  const [running] = world.start([CONSUMER]);
  if (!running) throw new Error(`there is no consumer ${CONSUMER}`);
  const begin = await world.influx.counts("efd");
  await send(world, whole, 10);
  checks.same("integers", await world.arrived(whole.name, 10), 10);
  const before = await world.counted({ taken: begin.taken + 10 });
  await send(world, broken, 12, 10);
  // InfluxDB answers with one reason for each write: these are none with what follows.
  await world.counted({ refused: before.refused + 12 });
  await send(world, old, 5, 0, Math.floor(Date.now() / 1000) - 60 * DAY);
  await send(world, old, 7);
  checks.same("points within the retention, of a write with older ones", await world.arrived(old.name, 7), 7);
  checks.same("records not read", await world.unread(running.group), 0);
  const { taken, refused } = await world.counted({ taken: before.taken + 7, refused: before.refused + 12 });
  checks.same("integers stay", await world.count(whole.name), 10);
  checks.same(
    "points taken and refused",
    { taken: taken - before.taken, refused: refused - before.refused },
    { taken: 7, refused: 12 },
  );
  checks.same("InfluxDB's own count of types", await internal(world, "writePointsDropped", "shard", refused), refused);
  checks.same("InfluxDB's own count of old points", await internal(world, "writeDrop", "write", 5), 5);
  checks.says(
    "Telegraf's log has the old ones",
    running.program.said,
    /Metrics are lost.*points beyond retention policy dropped=5/,
  );

  const lines = linesOf(RUNBOOK, readFileSync(join(RUNBOOKS, RUNBOOK), "utf8")).filter(
    ({ mark }) => mark === TRIED_ON_DATA,
  );
  const commands = lines.map(({ command }) => command);
  const defined = commands.findIndex((one) => one.startsWith("q()"));
  const seen = await follow(world, whole.name, commands.slice(0, defined), running.program.file);
  checks.says("the runbook's sum", seen, /lsst\.sal\.Test\.refused x is float, was integer: 12$/m);
  await running.program.stop();
  await follow(world, whole.name, commands.slice(defined));
  checks.same("after the runbook's commands", await world.count(whole.name), 10);
  const [repairing] = world.start([CONSUMER], {}, world.repaired);
  checks.same("after a repair", await world.arrived(whole.name, 22), 22);
  const table = await world.influx.points("efd", whole.name);
  const column = table?.columns.indexOf("x") ?? -1;
  checks.same(
    "all points",
    table?.rows.map((row) => row[column]),
    Array.from({ length: 22 }, (_, n) => n),
  );
  checks.same(
    "one type",
    [...(await world.influx.types("efd", whole.name))].filter(([field]) => field === "x"),
    [["x", "float"]],
  );
  await repairing?.program.stop();
}
