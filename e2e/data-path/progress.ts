/** How far a consumer is, as the script of its CronJob writes it and Chronograf's reader reads it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "../../cli/shared/process/process";
import { OWN_DATABASE } from "../../constructs/telegraf/access";
import { PROGRESS } from "../../constructs/telegraf/measurements";
import { SAL_COUNTER, SAL_TIME } from "../../environments/systems/kafka/sal";
import type { Checks } from "./check";
import { writeKafkaPrograms } from "./kafka-programs";
import { CONSUMER } from "./site";
import type { World } from "./world";

const TOPIC = "lsst.sal.Test.progress";

/** Sends so many records of this minute. */
async function send(world: World, count: number): Promise<void> {
  const fields = [
    { name: SAL_TIME, type: "double" },
    { name: SAL_COUNTER, type: "long" },
  ];
  const schema = { type: "record", name: "progress", namespace: "lsst.sal.Test", fields };
  const now = Date.now() / 1000;
  const records = Array.from({ length: count }, (_, n) => ({ [SAL_TIME]: now + n / 1000, [SAL_COUNTER]: n }));
  const account = world.account("ts-salkafka");
  await world.client.ask("topics", { names: [TOPIC], account });
  await world.client.ask("produce", { account, batches: [{ topic: TOPIC, schema, records }] });
}

/** Runs the script as its pod does. */
async function measure(world: World, asked: Readonly<Record<string, string>> = {}) {
  const folder = join(world.folder, "progress");
  mkdirSync(folder, { recursive: true });
  const { files, env } = world.site.progress();
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  writeKafkaPrograms(folder, world.installed.home);
  const { code, stdout, stderr } = await run("bash", [join(folder, "progress.sh")], {
    env: {
      ...env,
      TMPDIR: world.folder,
      PATH: [folder, world.installed.env["PATH"]].join(delimiter),
      CONSUMERS: join(folder, "consumers"),
      KAFKA_BROKERS: world.kafka.listener,
      INFLUXDB_URL: world.influxdb.url,
      PATIENCE: "0",
      ...asked,
    },
  });
  return { code, said: `${stdout}${stderr}` };
}

/** The newest value of a field, of the consumer to which everything happens. */
async function newest(world: World, field: string): Promise<number> {
  const [table] = await world.influx.query(
    OWN_DATABASE,
    `SELECT last("${field}") FROM "${PROGRESS.measurement}" WHERE "${PROGRESS.consumer}" = '${CONSUMER}'`,
  );
  return Number(table?.rows[0]?.[1] ?? NaN);
}

/** All of it. */
export async function progress(world: World, checks: Checks): Promise<void> {
  const sent = Date.now();
  await send(world, 1);
  const [running] = world.start([CONSUMER]);
  if (!running) throw new Error(`there is no consumer ${CONSUMER}`);
  checks.same("the consumer takes its topic", await world.arrived(TOPIC, 1), 1);
  checks.same("records not read", await world.unread(running.group), 0);
  const well = await measure(world);
  checks.same("the script ends well", well.code === 0 ? 0 : well.said, 0);
  checks.same("no lag where all is read", await newest(world, PROGRESS.lag), 0);
  const age = await newest(world, PROGRESS.age);
  const most = (Date.now() - sent) / 1000 + 1;
  checks.same("the newest point is as old as its record", age >= 0 && age <= most ? true : { age, most }, true);

  await running.program.stop();
  await send(world, 5);
  checks.same("the script ends well", (await measure(world)).code, 0);
  checks.same("five records that nobody reads are lag", await newest(world, PROGRESS.lag), 5);
  checks.same("the newest point has grown older", (await newest(world, PROGRESS.age)) > age, true);

  const refused = await measure(world, { READER_PASSWORD: "another" });
  checks.same("another password of InfluxDB is said", refused.code, 1);
  checks.says("and whose", refused.said, /InfluxDB does not tell efdreader .* 401/);
  const away = await measure(world, { KAFKA_BROKERS: "127.0.0.1:1" });
  checks.same("brokers that do not answer are said", away.code, 1);
  checks.says("and where", away.said, /Kafka tells telegraf of no group at 127\.0\.0\.1:1/);
  const secrets = Object.entries(world.site.progress().env).filter(([name]) => name.endsWith("PASSWORD"));
  const shown = secrets.filter(([, password]) => `${refused.said}${away.said}`.includes(password));
  checks.same("passwords in what it says", shown, []);
}
