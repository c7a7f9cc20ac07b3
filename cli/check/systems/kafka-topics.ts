/** Topics of Kafka: copies of their partitions, and whether they are as the site's file says. */
import { SCHEMAS_TOPIC } from "../../../constructs/registry/access";
import type { KafkaSite } from "../../../environments/systems/kafka/schema";
import type { PartitionState, TopicState } from "../../shared/clients/kafka";
import type { Verdict } from "../model/verdict";
import { some } from "../../shared/terminal/some";

type Settings = ReadonlyMap<string, Readonly<Record<string, string>>>;
type Spec = KafkaSite["kafka"];

const PAGE = "docs/operations.md";

/** Names of topics of which a partition is so. */
function topicsWith(
  topics: readonly TopicState[],
  is: (partition: PartitionState, topic: string) => boolean,
): string[] {
  return topics.filter(({ name, partitions }) => partitions.some((one) => is(one, name))).map(({ name }) => name);
}

/** One verdict for each way in which partitions can be wrong. */
export function topicVerdicts(spec: Spec, topics: readonly TopicState[], settings: Settings): Verdict[] {
  return [offline(topics), inSync(spec, topics, settings), copies(spec, topics), ...declared(spec, topics)];
}

/** A partition that no broker leads can be neither written nor read. */
function offline(topics: readonly TopicState[]): Verdict {
  const names = topicsWith(topics, ({ leader }) => leader < 0);
  const count = topics.reduce((sum, { partitions }) => sum + partitions.length, 0);
  const verdict = { what: "leaders of partitions", healthy: "each partition has one" };
  if (names.length === 0)
    return { level: "ok", ...verdict, measured: `all of ${count} partitions in ${topics.length} topics have one` };
  return {
    level: "fail",
    ...verdict,
    measured: `partitions of ${names.length} topics have none, so nobody writes or reads them: ${some(names)}`,
    remedy: "bring the brokers back that have copies of them",
    page: PAGE,
  };
}

/** Copies that are behind; where fewer are in sync than producers ask for, these stop. */
function inSync({ minInSyncReplicas }: Spec, topics: readonly TopicState[], settings: Settings): Verdict {
  const least = (topic: string, replicas: number) =>
    Math.min(replicas, Number(settings.get(topic)?.["min.insync.replicas"] ?? minInSyncReplicas));
  const stopped = topicsWith(
    topics,
    ({ leader, inSync, replicas }, topic) => leader >= 0 && inSync.length < least(topic, replicas.length),
  );
  const behind = topicsWith(topics, ({ inSync, replicas }) => inSync.length < replicas.length);
  const verdict = { what: "copies in sync", healthy: "all of them" };
  if (behind.length === 0) return { level: "ok", ...verdict, measured: "all copies of all partitions" };
  const remedy = "see which broker is away or slow: the brokers above, and the log of each";
  if (stopped.length > 0)
    return {
      level: "fail",
      ...verdict,
      measured: `too few of ${stopped.length} topics for producers that wait for them (min.insync.replicas): ${some(stopped)}`,
      remedy,
      page: PAGE,
    };
  return {
    level: "warn",
    ...verdict,
    measured: `${behind.length} topics lack some, so the next failure may stop their producers: ${some(behind)}`,
    remedy,
    page: PAGE,
  };
}

/** A producer that makes its topics may ask for fewer copies than the site keeps. */
function copies({ replication }: Spec, topics: readonly TopicState[]): Verdict {
  const names = topicsWith(topics, ({ replicas }) => replicas.length < replication);
  const verdict = { what: "number of copies", healthy: `${replication} of each partition, as the site's file says` };
  if (names.length === 0) return { level: "ok", ...verdict, measured: `at least ${replication} of each` };
  return {
    level: "warn",
    ...verdict,
    measured: `${names.length} topics have fewer: ${some(names)}`,
    remedy: "reassign their partitions to more brokers: kafka-reassign-partitions.sh in a broker's pod",
  };
}

/** Topics that this program makes: there, and with the partitions of the site's file. */
function declared({ topics: wanted }: Spec, topics: readonly TopicState[]): Verdict[] {
  const specs = [...wanted, SCHEMAS_TOPIC];
  const verdict = { what: "topics of the site's file", healthy: "there, with the partitions of the file" };
  const found = new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
  const missing = specs.filter(({ name }) => !found.has(name)).map(({ name }) => name);
  const other = specs.flatMap(({ name, partitions }) => {
    const count = found.get(name) ?? partitions;
    return count === partitions ? [] : [`${name} (${count} instead of ${partitions})`];
  });
  return [
    ...(missing.length > 0
      ? [
          {
            level: "fail" as const,
            ...verdict,
            measured: `${missing.length} are not there: ${some(missing)}`,
            remedy: "see what the topic operator says: kubectl -n kafka get kafkatopics, or deploy again",
          },
        ]
      : []),
    ...(other.length > 0
      ? [
          {
            level: "warn" as const,
            ...verdict,
            measured: `other partitions: ${some(other)}`,
            remedy: "write what is there into kafka.topics: partitions cannot be taken away",
          },
        ]
      : []),
    ...(missing.length + other.length === 0
      ? [{ level: "ok" as const, ...verdict, measured: `all ${specs.length} are there` }]
      : []),
  ];
}
