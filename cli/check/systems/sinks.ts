/** Consumers and connectors: whether what Kafka has arrives in InfluxDB. */
import { setTimeout as sleep } from "node:timers/promises";
import { NAMESPACE } from "../../../ground/namespaces";
import { UserError } from "../../../ground/errors";
import type { Kafka, RecordPlace } from "../../shared/clients/kafka";
import { registryOf } from "../../shared/clients/registry";
import { type Consumer, consumersOf, topicsOf } from "../../shared/ingest/consumers";
import { newestPoints } from "../../shared/ingest/newest-points";
import type { LiveObject } from "../../shared/kubernetes/client";
import type { Check, CheckProps, Verdict } from "../model/verdict";
import { connectorVerdicts } from "./connectors";
import { type ConsumerFacts, kafkaFacts, programOf, topicsToLookAt } from "./consumer-facts";
import { consumerVerdict } from "./consumer-verdict";
import { nodeStarts } from "./node-starts";
import { refusedVerdicts } from "./refused";
import { rolloutVerdicts } from "./rollouts";
import { stands, standingVerdicts } from "./standing";

/** Milliseconds between two looks at what is unread. */
const BETWEEN_LOOKS = 5000;
/** Milliseconds before a topic's newest record within which its points are looked for. */
const WINDOW = 3_600_000;

async function flow(props: CheckProps): Promise<Verdict[]> {
  const { site, clients, now, signal } = props;
  const consumers = consumersOf(site);
  const kafka = await clients.kafka();
  const facts = await look(props, kafka, consumers, signal);
  const verdicts = facts.map((one) => ({ one, verdict: consumerVerdict(one, now(), site.name) }));
  const registry = registryOf(clients);
  const standing = await Promise.all(
    verdicts.map(async ({ one, verdict }) =>
      stands(one, verdict) ? standingVerdicts(kafka, registry, one) : Promise.resolve([]),
    ),
  );
  return verdicts.flatMap(({ verdict }, i) => [verdict, ...(standing[i] ?? [])]);
}

async function look(
  { clients }: CheckProps,
  kafka: Kafka,
  consumers: readonly Consumer[],
  signal: AbortSignal,
): Promise<ConsumerFacts[]> {
  const groups = consumers.map(({ group }) => group);
  const [before, states, pods, starts] = await Promise.all([
    kafka.groups(groups),
    kafka.topics(),
    podsOf(clients.cluster),
    nodeStarts(clients.cluster),
  ]);
  const names = states.map(({ name }) => name);
  await sleep(BETWEEN_LOOKS, undefined, { signal });
  const read = [...new Set(consumers.flatMap((consumer) => topicsOf(consumer, names)))];
  const [after, newest] = await Promise.all([kafka.groups(groups), kafka.newest(read)]);
  const seen = consumers.map((consumer) => {
    const of = (found: typeof after) => found.find(({ name }) => name === consumer.group);
    const facts = kafkaFacts(consumer, states, [of(before), of(after)], newest);
    const program = programOf(consumer, pods, starts);
    return { consumer, ...facts, ...(program && { program }), looked: topicsToLookAt(facts, newest) };
  });
  const points = await pointsOf(clients, seen, newest);
  return seen.map(({ looked, ...facts }) => {
    const { database } = facts.consumer;
    const found = database === undefined ? undefined : points.get(database);
    const arrivals = looked.map((topic) => {
      const point = found instanceof UserError ? undefined : found?.get(topic);
      return { topic, record: newest.get(topic)?.time ?? 0, ...(point !== undefined && { point }) };
    });
    return { ...facts, arrivals, ...(found instanceof UserError && { silence: found.message }) };
  });
}

/** Newest points of the topics that are looked at, by database; what keeps InfluxDB from saying it. */
async function pointsOf(
  clients: CheckProps["clients"],
  seen: readonly { readonly consumer: Consumer; readonly looked: readonly string[] }[],
  newest: ReadonlyMap<string, RecordPlace>,
): Promise<ReadonlyMap<string, ReadonlyMap<string, number> | UserError>> {
  const databases = [...new Set(seen.flatMap(({ consumer }) => consumer.database ?? []))];
  const answers = databases.map(async (database): Promise<[string, ReadonlyMap<string, number> | UserError]> => {
    const topics = seen.flatMap(({ consumer, looked }) => (consumer.database === database ? looked : []));
    const times = topics.map((topic) => newest.get(topic)?.time ?? 0);
    try {
      const influxdb = await clients.influxdb("reader");
      return [database, await newestPoints(influxdb, database, topics, Math.min(...times) - WINDOW)];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return [database, error];
    }
  });
  return new Map(await Promise.all(answers));
}

async function podsOf(cluster: CheckProps["clients"]["cluster"]): Promise<LiveObject[]> {
  const list = (namespace: string, selector: string) =>
    cluster.list(`/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(selector)}`);
  const found = await Promise.all([
    list(NAMESPACE.telegraf, "app.kubernetes.io/name=telegraf"),
    list(NAMESPACE.kafka, "strimzi.io/kind=KafkaConnect"),
  ]);
  return found.flat().filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

/** Checks of what writes into InfluxDB and S3. */
export const sinkChecks: readonly Check[] = [
  { subject: "sinks", title: "what arrives, and what is unread", seconds: 60, run: flow },
  {
    subject: "sinks",
    title: "connectors and their tasks",
    seconds: 20,
    applies: ({ connect }) => connect !== undefined,
    run: connectorVerdicts,
  },
  { subject: "sinks", title: "points that are refused", seconds: 20, run: refusedVerdicts },
  { subject: "sinks", title: "restarts and progress of consumers", seconds: 10, run: rolloutVerdicts },
];
