/** What the site costs at rest and under load, against what its pods ask for and what the site's file promises. */
import { setTimeout as sleep } from "node:timers/promises";
import { NAMESPACE } from "../../../ground/namespaces";
import { bytes as bytesOf, cores as coresOf } from "../../../ground/units";
import { inside, type Json } from "../../../synthesized/stack";
import { interruption } from "../../../cli/shared/process/interruption";
import type { Checks } from "../../data-path/check";
import { Producer } from "../site/producer";
import { arrivedPoints, pointsOf } from "../site/reader";
import type { RunningSite } from "../site/running-site";
import { runNow } from "../site/schedule";
import { type Use, useDuring, type Uses } from "../site/use";
import type { Scenario } from "../site/scenario";

/** Records a second, and seconds of each measurement. */
const [RATE, SECONDS] = [500, 60];
const MIB = 2 ** 20;
/** Share of its limit that a container may take: above, a little more ends it. */
const MOST = 0.9;

const TOPIC = "lsst.sal.Test.scalars";
/** As wide as a usual record of SAL's. */
const FIELDS = Array.from({ length: 40 }, (_, i) => `value${i}`);
const SCHEMA = {
  type: "record",
  name: "scalars",
  namespace: "lsst.sal.Test",
  fields: ["private_efdStamp", ...FIELDS].map((name) => ({ name, type: "double" })),
};

const recordAt = (seconds: number) =>
  Object.fromEntries(["private_efdStamp", ...FIELDS].map((name, i) => [name, i === 0 ? seconds : i / 8]));

/** Points that the load has made so far. */
const pointsOfLoad = (site: RunningSite) =>
  pointsOf(site, new RegExp(`^${TOPIC.replaceAll(".", "\\.")}$`), FIELDS[0] ?? "");

async function run(site: RunningSite, checks: Checks): Promise<void> {
  site.tell(`at rest for ${SECONDS} s`);
  const rest = await useDuring(site, () => sleep(SECONDS * 1000, undefined, { signal: interruption }));
  const producer = await Producer.start(site, process.env);
  let written = 0;
  try {
    await producer.makeTopics([TOPIC]);
    // The consumer learns of a topic that is made while it runs when it starts again.
    await runNow(site, NAMESPACE.telegraf, "rollouts");
    const before = await pointsOfLoad(site);
    const first = [{ topic: TOPIC, schema: SCHEMA, records: [recordAt(Date.now() / 1000)] }];
    await producer.write(first);
    checks.same(
      "points before the load",
      (await arrivedPoints(() => pointsOfLoad(site), before + 1)).points,
      before + 1,
    );
    site.tell(`${RATE} records a second for ${SECONDS} s`);
    const load = await useDuring(site, async () => {
      written = await writeFor(SECONDS, producer);
    });
    checks.same("records a second that Kafka took", Math.round(written / SECONDS), RATE);
    const { points, seconds } = await arrivedPoints(() => pointsOfLoad(site), before + 1 + written);
    checks.same("points of the load in InfluxDB", points - before - 1, written);
    console.log(`        ${written} records written, the last point ${seconds} s after the last record`);
    await compare(site, checks, rest, load);
  } finally {
    await producer.close();
  }
}

/** Writes at that rate; how many records Kafka took. */
async function writeFor(seconds: number, producer: Producer): Promise<number> {
  let taken = 0;
  const begin = Date.now();
  for (let second = 0; second < seconds; second++) {
    interruption.throwIfAborted();
    const records = Array.from({ length: RATE }, (_, i) => recordAt(begin / 1000 + second + i / RATE));
    const said = await producer.write([{ topic: TOPIC, schema: SCHEMA, records }]);
    taken += said.filter((one) => one === null).length;
    await sleep(Math.max(0, begin + (second + 1) * 1000 - Date.now()), undefined, { signal: interruption });
  }
  const late = Date.now() - begin - seconds * 1000;
  if (late > 1000) console.log(`        the producer needed ${Math.round(late / 1000)} s more than ${seconds} s`);
  return taken;
}

/** What a container asks for and may take; nothing where it says nothing. */
interface Asked {
  readonly request: Partial<Use>;
  readonly limit: Partial<Use>;
}

async function askedOf(site: RunningSite): Promise<Map<string, Asked>> {
  const pods = await site.api.list("/api/v1/pods");
  const use = (of: unknown): Partial<Use> => {
    const [cpu, memory] = [inside(of, "cpu"), inside(of, "memory")];
    return {
      ...(cpu === undefined ? {} : { cores: coresOf(String(cpu)) }),
      ...(memory === undefined ? {} : { bytes: bytesOf(String(memory)) }),
    };
  };
  return new Map(
    pods.flatMap(({ metadata: { namespace, name }, spec }) =>
      ((spec?.["containers"] ?? []) as Json[]).map((one): [string, Asked] => [
        `${namespace}/${name}/${String(one["name"])}`,
        { request: use(inside(one, "resources", "requests")), limit: use(inside(one, "resources", "limits")) },
      ]),
    ),
  );
}

const shown = ({ cores, bytes }: Partial<Use>): string =>
  `${cores === undefined ? "-" : cores.toFixed(2)} cores ${bytes === undefined ? "-" : Math.round(bytes / MIB)} MiB`;

async function compare(site: RunningSite, checks: Checks, rest: Uses, load: Uses): Promise<void> {
  const asked = await askedOf(site);
  const none: Use = { cores: 0, bytes: 0 };
  for (const [name, under] of [...load].filter(([one]) => one.includes("/")).sort()) {
    const { request = {}, limit = {} } = asked.get(name) ?? {};
    console.log(
      `        ${name}: rest ${shown(rest.get(name) ?? none)}, load ${shown(under)}; asks ${shown(request)}, at most ${shown(limit)}`,
    );
    if (limit.bytes !== undefined)
      checks.same(`${name} has room below its limit of memory`, under.bytes < limit.bytes * MOST, true);
    if (limit.cores !== undefined)
      checks.same(`${name} has room below its limit of CPU`, under.cores < limit.cores * MOST, true);
  }
  const sum = (some: readonly Partial<Use>[]): Use =>
    some.reduce<Use>(
      (all, one) => ({ cores: all.cores + (one.cores ?? 0), bytes: all.bytes + (one.bytes ?? 0) }),
      none,
    );
  const whole = (uses: Uses) => sum([...uses].flatMap(([name, one]) => (name.includes("/") ? [] : [one])));
  const requests = sum([...asked.values()].map(({ request }) => request));
  console.log(
    `costs:    all nodes: rest ${shown(whole(rest))}, ${RATE} records a second ${shown(whole(load))}; pods ask ${shown(requests)}`,
  );
  const { cpu, memory } = site.environment.cluster.capacity ?? {};
  if (memory !== undefined) checks.same(`all of it within ${memory}`, whole(load).bytes < bytesOf(memory), true);
  if (cpu !== undefined) checks.same(`all of it within ${cpu} cores`, whole(load).cores < coresOf(cpu), true);
}

/** Measures. */
export const costs: Scenario = {
  name: "costs",
  title: `memory and CPU of every container at rest and under ${RATE} records a second, against what it asks for`,
  needs: ["strimzi", "cert-manager"],
  run,
};
