/** Records of eleven CSCs, written from outside the cluster, are read outside the cluster. */
import { NAMESPACE } from "../../../ground/namespaces";
import { looksRight, RECORDS, times } from "../../data-path/arrival";
import type { Checks } from "../../data-path/check";
import { recordOf, schemaOf, type Shape, SHAPES } from "../../data-path/shapes";
import { SAL_CLIENT } from "../../lifecycle/site/smallest";
import { Producer } from "../site/producer";
import { arrivedPoints, pointsOf, type Reader, readerOf } from "../site/reader";
import type { RunningSite } from "../site/running-site";
import { runNow } from "../site/schedule";
import { troublesLeft } from "../site/verdicts";
import type { Scenario } from "../site/scenario";

/** Records of SAL, each of another CSC. */
const SAL: readonly Shape[] = SHAPES.filter(({ producer }) => producer === SAL_CLIENT.name);

const cscOf = ({ topic }: Shape): string => topic.split(".")[2] ?? "";

/** `local` consumes the CSC Test alone: a second consumer takes the others. */
const OTHERS = {
  name: "others",
  topics: [...new Set(SAL.map(cscOf))].filter((csc) => csc !== "Test").map((csc) => `lsst.sal.${csc}.*`),
  resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { cpu: "1", memory: "512Mi" } },
};

/** What data flow through. */
const ASKED = ["kafka", "registry", "sinks", "influxdb", "chronograf", "kapacitor", "certificates"] as const;

async function run(site: RunningSite, checks: Checks): Promise<void> {
  const producer = await Producer.start(site, process.env);
  try {
    await recordsArrive(site, checks, producer);
    await lateTopicArrives(site, checks, producer);
  } finally {
    await producer.close();
  }
  if (site.simulated.has("traefik")) site.notRun("routes with TLS", site.simulated.get("traefik") ?? "");
  checks.same("check finds nothing wrong once data flow", await troublesLeft(site, ...ASKED), []);
}

/** Times of records in microseconds, the newest a moment ago: the site's own check takes older ones for late. */
const justNow = (): number[] => {
  const all = times(Date.now() * 1000 + 321);
  const shift = Date.now() * 1000 - 1_000_000 - (all.at(-1) ?? 0);
  return all.map((time) => time + shift);
};

async function recordsArrive(site: RunningSite, checks: Checks, producer: Producer): Promise<void> {
  const topics = SAL.map(({ topic }) => topic);
  const made = await producer.makeTopics(topics);
  // The site's file makes the first of them.
  const refused = Object.entries(made).filter(([, said]) => said !== null && said !== "TOPIC_ALREADY_EXISTS");
  checks.same(`${SAL_CLIENT.name} makes ${topics.length} topics`, refused, []);
  const telegraf = {
    consumers: [...site.environment.telegraf.consumers.filter(({ name }) => name !== OTHERS.name), OTHERS],
  };
  site.change({ telegraf });
  checks.same("deploy of a second consumer", (await site.command("deploy", "efd", "--yes")).code, 0);
  const before = await salPoints(site);
  const sent = justNow();
  const batches = SAL.map((shape) => ({
    topic: shape.topic,
    schema: schemaOf(shape),
    records: sent.map((time) => recordOf(shape, time)),
  }));
  const said = await producer.write(batches);
  checks.same("records that Kafka took", said.filter((one) => one === null).length, topics.length * RECORDS);
  const wanted = before + topics.length * RECORDS;
  const { points, seconds } = await arrived(site, wanted);
  checks.same("points in InfluxDB, as efdreader reads them", points - before, topics.length * RECORDS);
  console.log(`        points: ${before} before, ${points} after; the last was there after ${seconds} s`);
  const influx = onlyAt(await readerOf(site), sent);
  for (const shape of SAL) await looksRight({ influx }, checks, shape, sent);
}

/** InfluxDB as if it had the points of these times only: other scenarios write too. */
function onlyAt(influx: Reader, times: readonly number[]): Reader {
  return {
    ...influx,
    points: async (database, measurement) => {
      const table = await influx.points(database, measurement);
      return table && { ...table, rows: table.rows.filter(([time]) => times.includes(Number(time))) };
    },
  };
}

/** Points of SAL's measurements, each of which has a sequence number. */
const salPoints = (site: RunningSite) => pointsOf(site, /^lsst\.sal\./, "private_seqNum");

const arrived = (site: RunningSite, points: number) => arrivedPoints(() => salPoints(site), points);

/** A consumer learns of a topic that is made while it runs when the schedule of restarts looks. */
async function lateTopicArrives(site: RunningSite, checks: Checks, producer: Producer): Promise<void> {
  const shape: Shape = { ...(SAL[0] as Shape), topic: `lsst.sal.Test.logevent_late${Date.now()}` };
  checks.same("a topic made later", Object.values(await producer.makeTopics([shape.topic])), [null]);
  const before = await salPoints(site);
  const sent = justNow();
  await producer.write([
    { topic: shape.topic, schema: schemaOf(shape), records: sent.map((time) => recordOf(shape, time)) },
  ]);
  const { well, log } = await runNow(site, NAMESPACE.telegraf, "rollouts");
  checks.same("the schedule of restarts has run", well, true);
  console.log(`        ${log.slice(-3).join("\n        ")}`);
  checks.same("points of the topic made later", (await arrived(site, before + RECORDS)).points - before, RECORDS);
}

/** The data path, whole. */
export const arrival: Scenario = {
  name: "arrival",
  title: `records of ${new Set(SAL.map(cscOf)).size} CSCs go from outside through Kafka and Telegraf into InfluxDB, and a topic made later`,
  inCi: true,
  run,
};
