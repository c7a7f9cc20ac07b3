/** `npm run data`: what comes out is what is in InfluxDB. */
import { createHash } from "node:crypto";
import { passwordIn } from "../../data-path/site";
import { SUNK_TOPIC } from "../../lifecycle/site/smallest";
import type { World } from "../site/world";
import type { Scenario } from "./scenario";

/** Points of one measurement: more than InfluxDB gives in one piece (10 000). */
const POINTS = 25_000;
/** A measurement of its own. */
const MEASUREMENT = "lsst.sal.Moving.many";

const login = () => `Basic ${Buffer.from(`admin:${passwordIn("influxdb-auth")}`).toString("base64")}`;

/** Writes points, one each millisecond of the last minute. */
async function write({ data }: World): Promise<void> {
  const begin = Math.floor(Date.now() / 1000) * 1000 - 60_000;
  const lines = Array.from({ length: POINTS }, (_, i) => `${MEASUREMENT} x=${i / 7},n=${i}i ${begin + i}000000`);
  for (let i = 0; i < lines.length; i += 5000) {
    const body = lines.slice(i, i + 5000).join("\n");
    const { influxdb } = data;
    const answer = await fetch(`${influxdb.url}/write?db=efd`, {
      method: "POST",
      headers: { authorization: login() },
      body,
    });
    if (!answer.ok) throw new Error(`InfluxDB: ${await answer.text()}`);
  }
}

const digest = (rows: readonly string[]): string => createHash("sha256").update(rows.join("\n")).digest("hex");

/** The same points as InfluxDB's own CSV has them: number and value of each. */
async function reference({ data }: World): Promise<string[]> {
  const question = new URLSearchParams({ db: "efd", q: `SELECT n, x FROM "${MEASUREMENT}"` });
  const answer = await fetch(`${data.influxdb.url}/query?${question.toString()}`, {
    headers: { authorization: login(), accept: "application/csv" },
  });
  const [, ...rows] = (await answer.text()).trim().split("\n");
  return rows.map((row) => row.split(",").slice(-2).join(","));
}

const allPoints: Scenario = async (world, checks) => {
  await write(world);
  const args = [MEASUREMENT, "--fields", "n,x", "--since", "-1h", "--format", "csv"];
  const { code, stdout, stderr } = await world.command.run("data", args);
  const [head = "", ...rows] = stdout.trim().split("\r\n");
  const columns = head.split(",");
  const [n, x] = [columns.indexOf("n"), columns.indexOf("x")];
  const read = rows.map((row) => row.split(",")).map((cells) => `${cells[n]},${cells[x]}`);
  checks.same("data gives all points", { code, points: read.length }, { code: 0, points: POINTS });
  if (code !== 0) console.log(`        ${stderr.slice(-600)}`);
  checks.same("and they are those of InfluxDB's own CSV", digest(read), digest(await reference(world)));
  const list = await world.command.run("data", []);
  checks.says("without a topic it lists topics", list.stdout, new RegExp(SUNK_TOPIC));
};

const unknownTopic: Scenario = async ({ command }, checks) => {
  const { code, stderr } = await command.run("data", ["lsst.sal.Moving.logevent_heartbeet"]);
  checks.same("an unknown topic: exit code", code, 1);
  checks.says("an unknown topic: the nearest names", stderr, new RegExp(SUNK_TOPIC));
};

/** All points come out, and a wrong name finds the right one. */
export const dataScenarios = { allPoints, unknownTopic };
