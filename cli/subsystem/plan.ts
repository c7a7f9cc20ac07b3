/** What `init` would do: nothing that is there is changed. */
import type { Environment } from "../../environments/schema";
import type { KafkaSite } from "../../environments/systems/kafka/schema";
import { UserError } from "../../ground/errors";
import type { SiteClients } from "../shared/clients/clients";
import type { Kafka, NewTopic, TopicState } from "../shared/clients/kafka";
import { type Registry, registryOf, subjectOf } from "../shared/clients/registry";
import { type Consumer, topicsOf } from "../shared/ingest/consumers";
import type { TopicSchema } from "./avro";
import { notTaken, readersOf, unreadOf } from "./facts";

/** Partitions of a topic of SAL, of which ts_salobj makes one. */
const PARTITIONS = 1;

/** A consumer that starts again, for it looks for topics only then. */
export interface Roll {
  readonly consumer: Consumer;
  /** Topics that it reads afterwards and does not read now. */
  readonly topics: readonly string[];
}

/** What would be done. */
export interface Plan {
  readonly create: readonly NewTopic[];
  readonly register: readonly TopicSchema[];
  readonly roll: readonly Roll[];
  /** Topics and subjects that are there as they should be. */
  readonly unchanged: number;
  /** What is there otherwise, and stays so. */
  readonly differs: readonly string[];
  /** Topics that nothing writes into InfluxDB. */
  readonly unread: readonly string[];
  /** All topics that this is about. */
  readonly topics: readonly string[];
}

/** How a topic differs from what the site gives to SAL's; undefined where it does not. */
export function differences({ replication }: KafkaSite["kafka"], { partitions }: TopicState): string | undefined {
  const copies = Math.min(...partitions.map(({ replicas }) => replicas.length));
  const found = [
    ...(partitions.length === PARTITIONS ? [] : [`${partitions.length} partitions instead of ${PARTITIONS}`]),
    ...(copies === replication ? [] : [`${copies} copies instead of ${replication}`]),
  ];
  return found.length > 0 ? `it has ${found.join(" and ")}, and stays so` : undefined;
}

/**
 * Plans topics, subjects and restarts.
 *
 * @throws {UserError} with a line for each schema that the registry would not take, or when it takes none at all.
 */
export async function planOf(
  site: Environment,
  clients: SiteClients,
  kafka: Kafka,
  topics: readonly string[],
  schemas: readonly TopicSchema[],
): Promise<Plan> {
  const found = await kafka.topics(topics);
  const there = new Map(found.map((topic) => [topic.name, topic]));
  const create = topics
    .filter((topic) => !there.has(topic))
    .map((name) => ({ name, partitions: PARTITIONS, replication: site.kafka.replication }));
  const differs = found.flatMap((topic) => {
    const difference = differences(site.kafka, topic);
    return difference === undefined ? [] : [`${topic.name}: ${difference}`];
  });
  const register = schemas.length > 0 ? await missingSchemas(registryOf(clients), schemas) : [];
  const unchanged = found.length - differs.length + schemas.length - register.length;
  return {
    create,
    register,
    roll: await rollsOf(site, kafka, topics),
    unchanged,
    differs,
    unread: unreadOf(site, topics),
    topics,
  };
}

async function missingSchemas(registry: Registry, schemas: readonly TopicSchema[]): Promise<TopicSchema[]> {
  const problems: string[] = [];
  const missing: TopicSchema[] = [];
  for (const one of schemas) {
    const subject = subjectOf(one.topic);
    if ((await registry.versionOf(subject, one.schema)) !== undefined) continue;
    const { isCompatible, messages } = await registry.takes(subject, one.schema);
    if (isCompatible) missing.push(one);
    else
      problems.push(
        `${one.file}: the registry does not take it for subject ${subject}${messages.length > 0 ? `: ${messages.join("; ")}` : ", for it does not fit the schema that is there"}`,
      );
  }
  if (problems.length > 0) throw new UserError([...problems, "nothing was changed"].join("\n"));
  const mode = missing.length > 0 ? await registry.mode() : "READWRITE";
  if (mode !== "READWRITE")
    throw new UserError(
      `the schema registry is ${mode}, so ${missing.length} schemas cannot be registered: set it to READWRITE, or leave --avro out; nothing was changed`,
    );
  return missing;
}

/** Consumers that do not read all of the topics that they take. Connectors see new topics by themselves. */
async function rollsOf(site: Environment, kafka: Kafka, topics: readonly string[]): Promise<Roll[]> {
  const readers = readersOf(site, topics).filter(({ kind }) => kind === "telegraf");
  const groups = await kafka.groups(readers.map(({ group }) => group));
  return readers.flatMap((consumer) => {
    const group = groups.find(({ name }) => name === consumer.group);
    const missing = notTaken(group, topicsOf(consumer, topics));
    return missing.length > 0 ? [{ consumer, topics: missing }] : [];
  });
}
