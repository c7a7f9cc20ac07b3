/** A Kafka in memory. */
import type {
  GroupOffset,
  GroupState,
  Kafka,
  KafkaRecord,
  NewTopic,
  RecordPlace,
  TopicState,
} from "../../../../cli/shared/clients/kafka";

/** A topic whose partitions all have these copies, led by the first. */
export function topicState(name: string, partitions = 1, replicas: readonly number[] = [0, 1, 2]): TopicState {
  return {
    name,
    partitions: Array.from({ length: partitions }, (_none, partition) => ({
      partition,
      leader: replicas[0] ?? -1,
      replicas,
      inSync: replicas,
      offline: [],
    })),
  };
}

/** What a group has of a partition. */
export function groupOffset(topic: string, offset: number | undefined, end: number, assigned = true): GroupOffset {
  return { topic, partition: 0, begin: 0, end, assigned, ...(offset !== undefined && { offset }) };
}

/** A Kafka that has what it is given. */
export class FakeKafka implements Kafka {
  topicStates: TopicState[] = [];
  groupStates: GroupState[] = [];
  newestRecords: ReadonlyMap<string, RecordPlace> = new Map();
  kept: (KafkaRecord & { readonly topic: string })[] = [];
  readonly created: NewTopic[] = [];
  ids = [0, 1, 2];
  controller = 3;
  own: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map();

  brokers() {
    return Promise.resolve({ ids: this.ids, controller: this.controller });
  }

  topics(names?: readonly string[]) {
    return Promise.resolve(this.topicStates.filter(({ name }) => names === undefined || names.includes(name)));
  }

  settings() {
    return Promise.resolve(this.own);
  }

  groups(names: readonly string[]) {
    const dead = (name: string): GroupState => ({ name, state: "Dead", members: 0, offsets: [] });
    return Promise.resolve(names.map((name) => this.groupStates.find((one) => one.name === name) ?? dead(name)));
  }

  newest() {
    return Promise.resolve(this.newestRecords);
  }

  records(topic: string, partition: number, offset: number, most: number) {
    const found = this.kept.filter((one) => one.topic === topic && one.partition === partition && one.offset >= offset);
    return Promise.resolve(found.slice(0, most));
  }

  createTopic(topic: NewTopic) {
    this.created.push(topic);
    const replicas = Array.from({ length: topic.replication }, (_none, id) => id);
    this.topicStates.push(topicState(topic.name, topic.partitions, replicas));
    return Promise.resolve();
  }
}
