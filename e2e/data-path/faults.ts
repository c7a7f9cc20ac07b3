/** What goes wrong, one at a time, with counts before and after. All of it happens to the topics of one consumer. */
import { until } from "../../cli/shared/process/until";
import type { Checks } from "./check";
import { lateTopic } from "./late-topic";
import { progress } from "./progress";
import { refusedPoints } from "./refused-points";
import { CONSUMER } from "./site";
import { PATIENCE, type RunningConsumer, type World } from "./world";
import { send, simple, type Topic } from "./simple-topic";

/** The consumer, with other values of some variables. */
function consumer(world: World, env: Readonly<Record<string, string>> = {}): RunningConsumer {
  const [started] = world.start([CONSUMER], env);
  if (!started) throw new Error(`there is no consumer ${CONSUMER}`);
  return started;
}

/** Waits until a program has said something so often. */
async function said({ program }: RunningConsumer, pattern: RegExp, after = 0, times = 1): Promise<string> {
  const all = new RegExp(pattern, "g");
  const isSaid = () => (program.said.slice(after).match(all)?.length ?? 0) >= times;
  await until(PATIENCE, () => Promise.resolve(isSaid() || undefined));
  return program.said.slice(after);
}

/** Points that InfluxDB took into the EFD while something happened, once it has counted as many as are wanted. */
async function takenMeanwhile(world: World, wanted: number, happens: () => Promise<void>): Promise<number> {
  const before = await world.influx.counts("efd");
  await happens();
  return (await world.counted({ taken: before.taken + wanted })).taken - before.taken;
}

async function influxdbAway(world: World, checks: Checks): Promise<void> {
  const topic = await simple(world, "influxdbAway");
  const running = consumer(world);
  await send(world, topic, 20);
  checks.same("before InfluxDB goes away", await world.arrived(topic.name, 20), 20);
  // Telegraf has its answer, too: otherwise it would rightly write them again.
  checks.same("records not read before", await world.unread(running.group), 0);
  await world.influxdb.goesAway();
  const from = running.program.said.length;
  await send(world, topic, 30, 20);
  checks.says("Telegraf says that it is away", await said(running, /connection refused/, from), /connection refused/);
  await world.influxdb.comesBack();
  checks.same("after it came back", await world.arrived(topic.name, 50), 50);
  checks.same("records not read", await world.unread(running.group), 0);
  // InfluxDB counts from its start.
  const { taken } = await world.counted({ taken: 30 });
  checks.same("points written since, once each", taken, 30);
  await running.program.stop();
}

async function influxdbPassword(world: World, checks: Checks): Promise<void> {
  const topic = await simple(world, "influxdbPassword");
  const running = consumer(world);
  await world.influx.query("", `SET PASSWORD FOR "telegraf" = 'another one'`);
  await send(world, topic, 20);
  checks.says("Telegraf says that it may not", await said(running, /received status code: 401/), /401/);
  checks.same("while the password is wrong", await world.count(topic.name), 0);
  const taken = await takenMeanwhile(world, 20, async () => {
    await world.setInfluxdbUp();
    checks.same("after InfluxDB's setup brought the right one", await world.arrived(topic.name, 20), 20);
  });
  checks.same("points written, once each", taken, 20);
  await running.program.stop();
}

async function kafkaPassword(world: World, checks: Checks): Promise<void> {
  const topic = await simple(world, "kafkaPassword");
  await send(world, topic, 20);
  const stranger = consumer(world, { KAFKA_PASSWORD: "another one" });
  checks.same("with a wrong password Telegraf ends", await stranger.program.end(PATIENCE), 1);
  checks.says(
    "and says why",
    stranger.program.said,
    /SASL Authentication failed|SASLAuthentication|Authentication failed/i,
  );
  checks.same("while the password is wrong", await world.count(topic.name), 0);
  const running = consumer(world);
  checks.same("with the right one", await world.arrived(topic.name, 20), 20);
  checks.same("records not read", await world.unread(running.group), 0);
  await running.program.stop();
}

async function registryAway(world: World, checks: Checks): Promise<void> {
  const [known, unknown] = [await simple(world, "known"), await simple(world, "unknown")];
  const running = consumer(world);
  await send(world, known, 10);
  checks.same("before the registry goes away", await world.arrived(known.name, 10), 10);
  const id = await world.client.ask<number>("register", { subject: `${unknown.name}-value`, schema: unknown.schema });
  const knownId = await world.client.ask<number>("register", { subject: `${known.name}-value`, schema: known.schema });
  await world.registry.goesAway();
  const from = running.program.said.length;
  await send(world, { ...known, id: knownId }, 15, 10);
  await send(world, { ...unknown, id }, 15);
  checks.same("of a schema that Telegraf had met", await world.arrived(known.name, 25), 25);
  checks.same("of another schema", await world.count(unknown.name), 0);
  const lost = (await said(running, /connection refused/, from, 15)).match(/connection refused/g)?.length;
  checks.same("records that Telegraf names as lost", lost, 15);
  checks.same("records not read", await world.unread(running.group), 0);
  await world.registry.comesBack();
  await running.program.stop();
  const [repairing] = world.start([CONSUMER], {}, world.repaired);
  checks.same("after a repair: of the one schema", await world.arrived(known.name, 25), 25);
  checks.same("after a repair: of the other", await world.arrived(unknown.name, 15), 15);
  await repairing?.program.stop();
}

/** Nothing at all, an empty record, and one to four bytes: zeros, the number of a schema that may be there, others. */
const SHORT = [null, "", "00", "07", "0000", "00ff", "000000", "00000000", "00000001", "41424344"];

async function shortRecords(world: World, checks: Checks): Promise<void> {
  const topics: Topic[] = [];
  for (const [i, hex] of SHORT.entries()) {
    const topic = await simple(world, `short${i}`);
    await send(world, topic, 10);
    await world.client.ask("produce", {
      account: world.account("ts-salkafka"),
      batches: [{ topic: topic.name, hex: [hex] }],
    });
    await send(world, topic, 10, 10);
    topics.push(topic);
  }
  const taken = await takenMeanwhile(world, SHORT.length * 20 + 10, async () => {
    const running = consumer(world, { CAREFUL_SECONDS: "20" });
    checks.says("Telegraf panics", await said(running, /Telegraf panicked/), /panic: runtime error/);
    for (const [i, topic] of topics.entries())
      checks.same(`around ${JSON.stringify(SHORT[i])}`, await world.arrived(topic.name, 20), 20);
    checks.same("records not read", await world.unread(running.group), 0);
    const [late] = topics;
    const begins = () => (running.program.said.match(/Loading config: .*telegraf\.conf/g) ?? []).length;
    await until(PATIENCE, () => Promise.resolve(begins() >= 4 || undefined));
    if (late) await send(world, late, 10, 20);
    if (late) checks.same("and it reads on as before", await world.arrived(late.name, 30), 30);
    checks.same("it still runs", running.program.runs, true);
    checks.says(
      "it names what it left out",
      running.program.said,
      /a record of topic lsst\.sal\.Test\.short\d+ is no Avro/,
    );
    await running.program.stop();
  });
  // A panic comes before the offsets of what was written: those records are read and written again, as the same points.
  checks.same("points written, some of them twice", taken >= SHORT.length * 20 + 10, true);
  const table = await world.influx.query("telegraf", 'SELECT SUM(records) FROM "telegraf_unreadable" GROUP BY topic');
  const counted = table.map(({ tags, rows }) => [tags["topic"], rows[0]?.[1]]);
  // Telegraf takes zeros and white space away before it looks whether anything is left.
  const visible = SHORT.flatMap((hex, i) => (/[1-9a-f]/.test(hex ?? "") ? [[`lsst.sal.Test.short${i}`, 1]] : []));
  checks.same("and counts them by topic", counted, visible);
}

/** All of them, by name. */
export const SCENARIOS = {
  influxdbAway,
  influxdbPassword,
  kafkaPassword,
  registryAway,
  shortRecords,
  refusedPoints,
  lateTopic,
  progress,
};
