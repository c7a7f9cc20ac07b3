/** Kafka's questions and answers over {@link KafkaConnections}. */
import { UserError } from "../../../ground/errors";
import { type BrokerWays, errorText, KafkaConnections } from "./kafka-connections";
import { coordinatorsOf, groupsOf } from "./kafka-groups";
import type { GroupState, Kafka, KafkaRecord, NewTopic, RecordPlace, TopicState } from "./kafka";
import { keyOf, placesOf } from "./kafka-places";

/** Bytes that are fetched to see one record: Kafka gives the batch that it stands in whole, and no other. */
const ONE_BATCH = 1;
/** Bytes that are fetched to see some records; one batch more where the first is larger. */
const RECORDS_BYTES = 1 << 20;
/** Attribute of batches whose records all have the time at which the broker got the batch. */
const BY_BROKER = 1 << 3;
/** Attribute of batches that hold no records of anybody, but the end of a transaction. */
const CONTROL = 1 << 5;
/** Milliseconds that a broker may wait for a record that is not there. */
const RECORD_WAIT = 500;
/** Milliseconds that Kafka may take to create a topic on its brokers. */
const CREATE_WAIT = 10_000;

/** Kafka, asked over these ways. */
export function kafkaOver(ways: BrokerWays): Kafka & { close(): void } {
  return new KafkaOver(new KafkaConnections(ways));
}

class KafkaOver implements Kafka {
  constructor(private readonly connections: KafkaConnections) {}

  close(): void {
    this.connections.close();
  }

  async brokers() {
    const { brokers } = await this.metadata([]);
    const quorum = await this.connections.askAny((connection, { describeQuorumV2 }) =>
      describeQuorumV2.api.async(connection, [
        { topicName: "__cluster_metadata", partitions: [{ partitionIndex: 0 }] },
      ]),
    );
    const controller = quorum.topics[0]?.partitions[0]?.leaderId ?? -1;
    return { ids: brokers.map(({ nodeId }) => nodeId).sort((a, b) => a - b), controller };
  }

  async topics(names?: readonly string[]): Promise<TopicState[]> {
    if (names?.length === 0) return [];
    const { topics } = await this.metadata(names);
    return topics
      .flatMap(({ name, partitions }) =>
        !name || partitions.length === 0
          ? []
          : [
              {
                name,
                partitions: partitions
                  .map((one) => ({
                    partition: one.partitionIndex,
                    leader: one.leaderId,
                    replicas: one.replicaNodes,
                    inSync: one.isrNodes,
                    offline: one.offlineReplicas,
                  }))
                  .sort((a, b) => a.partition - b.partition),
              },
            ],
      )
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async settings(topics: readonly string[], names?: readonly string[]) {
    if (topics.length === 0) return new Map<string, Readonly<Record<string, string>>>();
    const { results } = await this.connections.askAny((connection, { describeConfigsV4, ConfigResourceTypes }) =>
      describeConfigsV4.api.async(
        connection,
        topics.map((resourceName) => ({
          resourceType: ConfigResourceTypes.TOPIC,
          resourceName,
          ...(names && { configurationKeys: [...names] }),
        })),
        false,
        false,
      ),
    );
    return new Map(
      results.flatMap(({ errorCode, resourceName, configs }) =>
        errorCode !== 0
          ? []
          : [
              [
                resourceName,
                Object.fromEntries(
                  configs.flatMap(({ name, value, configSource }) =>
                    // 1 is what was set for the topic itself.
                    Number(configSource) === 1 && typeof value === "string" ? [[name, value] as const] : [],
                  ),
                ),
              ] as const,
            ],
      ),
    );
  }

  async groups(names: readonly string[]): Promise<GroupState[]> {
    if (names.length === 0) return [];
    const coordinators = await coordinatorsOf(this.connections, names);
    const found = await Promise.all([...coordinators].map(([id, groups]) => groupsOf(this.connections, id, groups)));
    const groups = found.flat();
    const all = groups.flatMap(({ partitions }) => [...partitions.values()]);
    const states = await this.topics([...new Set(all.map(({ topic }) => topic))]);
    const places = await placesOf(this.connections, states, all, ["begin", "end"]);
    return groups.map(({ name, state, members, partitions }) => ({
      name,
      state,
      members,
      offsets: [...partitions.values()].flatMap(({ topic, partition, offset, assigned }) => {
        const begin = places.begin.get(keyOf(topic, partition));
        const end = places.end.get(keyOf(topic, partition));
        return begin && end
          ? [
              {
                topic,
                partition,
                begin: begin.offset,
                end: end.offset,
                assigned,
                ...(offset === undefined ? {} : { offset }),
              },
            ]
          : [];
      }),
    }));
  }

  async newest(topics: readonly string[]): Promise<ReadonlyMap<string, RecordPlace>> {
    const states = await this.topics(topics);
    const partitions = states.flatMap(({ name, partitions }) =>
      partitions.map(({ partition }) => ({ topic: name, partition })),
    );
    const { newest } = await placesOf(this.connections, states, partitions, ["newest"]);
    const found = new Map<string, RecordPlace>();
    for (const { topic, partition } of partitions) {
      const place = newest.get(keyOf(topic, partition));
      if (place && place.time > (found.get(topic)?.time ?? -1)) found.set(topic, { partition, ...place });
    }
    return found;
  }

  async records(topic: string, partition: number, offset: number, most: number): Promise<KafkaRecord[]> {
    const { topics } = await this.metadata([topic]);
    const found = topics.find(({ name }) => name === topic);
    const leader = found?.partitions.find(({ partitionIndex }) => partitionIndex === partition)?.leaderId ?? -1;
    if (!found || leader < 0) return [];
    const bytes = most === 1 ? ONE_BATCH : RECORDS_BYTES;
    const place = {
      partition,
      currentLeaderEpoch: -1,
      fetchOffset: BigInt(offset),
      lastFetchedEpoch: -1,
      partitionMaxBytes: bytes,
    };
    const answer = await this.connections.ask(leader, (connection, { fetchV15 }) =>
      fetchV15.api.async(
        connection,
        ...([RECORD_WAIT, 1, bytes, 0, 0, -1] as const),
        [{ topicId: found.topicId, partitions: [place] }],
        [],
        "",
      ),
    );
    const batches = answer.responses[0]?.partitions[0]?.records ?? [];
    return batches
      .filter(({ attributes }) => (attributes & CONTROL) === 0)
      .flatMap((batch) =>
        batch.records.map(({ offsetDelta, timestampDelta, value }) => ({
          partition,
          offset: Number(batch.firstOffset) + offsetDelta,
          time: Number(
            (batch.attributes & BY_BROKER) === 0 ? batch.firstTimestamp + timestampDelta : batch.maxTimestamp,
          ),
          value,
        })),
      )
      .filter((one) => one.offset >= offset)
      .slice(0, most);
  }

  async createTopic({ name, partitions, replication, config = {} }: NewTopic): Promise<void> {
    const asked = {
      name,
      numPartitions: partitions,
      replicationFactor: replication,
      assignments: [],
      configs: Object.entries(config).map(([key, value]) => ({ name: key, value })),
    };
    const { topics } = await this.connections.askAny((connection, { createTopicsV7 }) =>
      createTopicsV7.api.async(connection, [asked], CREATE_WAIT, false),
    );
    const [topic] = topics;
    if (topic && topic.errorCode !== 0)
      throw new UserError(
        `Kafka refuses topic ${name} (${partitions} partitions in ${replication} copies): ${topic.errorMessage || (await errorText(topic.errorCode))}`,
      );
  }

  private async metadata(names?: readonly string[]) {
    return this.connections.askAny((connection, { metadataV12 }) =>
      metadataV12.api.async(connection, names === undefined ? null : [...names], false, false),
    );
  }
}
