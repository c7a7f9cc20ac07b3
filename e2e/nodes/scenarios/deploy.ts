/** One command brings the site up, as on a machine that never had it. */
import type { Checks } from "../../data-path/check";
import { recordOf, schemaOf, type Shape, SHAPES } from "../../data-path/shapes";
import { applyTimes, timesLine, wholeLine } from "../site/apply-times";
import { layersIn, statuses } from "../site/layers";
import { memoryLine, readNodes } from "../site/node-use";
import { Producer } from "../site/producer";
import { arrivedPoints, pointsOf } from "../site/reader";
import type { RunningSite } from "../site/running-site";
import { troublesLeft } from "../site/verdicts";
import type { Scenario } from "../site/scenario";

/** Seconds that pods may take after the apply, which waits for most of them itself. */
const PATIENCE = 600;

/** A record of the topic that the site's file makes. */
const HEARTBEAT = SHAPES.find(({ topic }) => topic.endsWith(".Test.logevent_heartbeat")) as Shape;

async function run(site: RunningSite, checks: Checks): Promise<void> {
  const begin = Date.now();
  const first = await site.command("deploy", "--yes");
  const seconds = Math.round((Date.now() - begin) / 1000);
  checks.same("deploy: exit code", first.code, 0);
  const layers = layersIn(site);
  checks.same(
    "deploy: layers",
    statuses(first.stdout, layers),
    Object.fromEntries(layers.map((one) => [one, "applied"])),
  );
  if (first.code !== 0) throw new Error(lastLines(first.stdout || first.stderr));
  const times = layers.flatMap((layer) => {
    const one = applyTimes(site.checkout, layer);
    return one && one.apply > 0 ? [[layer, one] as const] : [];
  });
  for (const [layer, one] of times) console.log(`        ${timesLine(layer, one)}`);
  const toFirstPoint = await firstPoint(site, checks, begin);
  const settled = await site.allReady(PATIENCE);
  checks.same("every node and pod is ready, every Job done", true, true);
  console.log(`        ${wholeLine(seconds, times)}; all was ready ${Math.round(settled)} s after the first point`);
  console.log(
    `costs:    deploy ${seconds} s, its first point after ${toFirstPoint} s; memory: ${memoryLine(await readNodes(site))}`,
  );
  const second = await site.command("deploy", "--yes");
  checks.same(
    "second deploy",
    [second.code, statuses(second.stdout, layers)],
    [0, Object.fromEntries(layers.map((one) => [one, "unchanged"]))],
  );
  checks.same("check finds nothing wrong", await troublesLeft(site), []);
}

/** Seconds from a time to the first point of the EFD: a record goes out as soon as the site is deployed. */
async function firstPoint(site: RunningSite, checks: Checks, begin: number): Promise<number> {
  const { topic } = HEARTBEAT;
  const count = () => pointsOf(site, new RegExp(`^${topic.replaceAll(".", "\\.")}$`), "private_seqNum");
  const producer = await Producer.start(site, process.env);
  try {
    const time = Date.now() * 1000;
    const said = await producer.write([{ topic, schema: schemaOf(HEARTBEAT), records: [recordOf(HEARTBEAT, time)] }]);
    checks.same("Kafka takes the first record", said, [null]);
    checks.same("the first point", (await arrivedPoints(count, 1)).points, 1);
    return Math.round((Date.now() - begin) / 1000);
  } finally {
    await producer.close();
  }
}

const lastLines = (text: string): string => text.trim().split("\n").slice(-12).join("\n");

/** Brings it up. */
export const deploy: Scenario = {
  name: "deploy",
  title: "one command brings the site up; a second one changes nothing",
  inCi: true,
  run,
};
