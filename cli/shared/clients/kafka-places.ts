/** Places in partitions: which record is the first, comes next, or has the last time. */
import type { TopicState } from "./kafka";
import type { PartitionId } from "./kafka-assignment";
import type { KafkaConnections } from "./kafka-connections";

/** Kafka's numbers for a place in a partition: the record that comes next, the first one, the one with the last time. */
const PLACE = { end: -1n, begin: -2n, newest: -3n } as const;

/** A place of a partition. */
interface Place {
  readonly offset: number;
  /** Milliseconds since 1970; -1 where it was not asked. */
  readonly time: number;
}

/** Key of a partition in maps. */
export const keyOf = (topic: string, partition: number): string => `${topic} ${partition}`;

/** Places of partitions, as far as a broker leads them by these states of their topics. */
export async function placesOf<Name extends keyof typeof PLACE>(
  connections: KafkaConnections,
  states: readonly TopicState[],
  partitions: readonly PartitionId[],
  wanted: readonly Name[],
): Promise<Record<Name, Map<string, Place>>> {
  const leaders = new Map(
    states.flatMap(({ name, partitions }) =>
      partitions.map(({ partition, leader }) => [keyOf(name, partition), leader] as const),
    ),
  );
  const byLeader = new Map<number, Map<string, Set<number>>>();
  for (const { topic, partition } of partitions) {
    const leader = leaders.get(keyOf(topic, partition)) ?? -1;
    if (leader < 0) continue;
    const topics = byLeader.get(leader) ?? new Map<string, Set<number>>();
    byLeader.set(leader, topics.set(topic, (topics.get(topic) ?? new Set()).add(partition)));
  }
  const answers = wanted.map(async (name) => {
    const found = new Map<string, Place>();
    const asked = [...byLeader].map(async ([leader, topics]) => {
      const answer = await connections.ask(leader, (connection, { listOffsetsV9 }) =>
        listOffsetsV9.api.async(connection, -1, 0, offsetsAsked(topics, PLACE[name])),
      );
      for (const topic of answer.topics)
        for (const { partitionIndex, errorCode, offset, timestamp } of topic.partitions)
          if (errorCode === 0)
            found.set(keyOf(topic.name, partitionIndex), { offset: Number(offset), time: Number(timestamp) });
    });
    await Promise.all(asked);
    return [name, found] as const;
  });
  return Object.fromEntries(await Promise.all(answers)) as Record<Name, Map<string, Place>>;
}

function offsetsAsked(topics: ReadonlyMap<string, ReadonlySet<number>>, timestamp: bigint) {
  return [...topics].map(([name, partitions]) => ({
    name,
    partitions: [...partitions].map((partitionIndex) => ({ partitionIndex, currentLeaderEpoch: -1, timestamp })),
  }));
}
