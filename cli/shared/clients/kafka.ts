/** Kafka of a site, asked by its own protocol through the API server. */

/** A topic as Kafka has it. */
export interface TopicState {
  readonly name: string;
  readonly partitions: readonly PartitionState[];
}

/** A partition. */
export interface PartitionState {
  readonly partition: number;
  /** Broker that leads; -1 where none does. */
  readonly leader: number;
  readonly replicas: readonly number[];
  readonly inSync: readonly number[];
  readonly offline: readonly number[];
}

/** What a group has read of a partition. */
export interface GroupOffset {
  readonly topic: string;
  readonly partition: number;
  /** The next record that it reads; undefined where it never committed one. */
  readonly offset?: number;
  /** The first record that Kafka still has. */
  readonly begin: number;
  /** The record that comes next. */
  readonly end: number;
  /** Whether a member of the group has the partition now. */
  readonly assigned: boolean;
}

/** A consumer group. */
export interface GroupState {
  readonly name: string;
  /** Stable, Empty, Dead, PreparingRebalance, CompletingRebalance. */
  readonly state: string;
  readonly members: number;
  /** Partitions that it committed an offset of, or that a member has; none of those that no broker leads. */
  readonly offsets: readonly GroupOffset[];
}

/** Where a record is, and when it came. */
export interface RecordPlace {
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** A record of a topic, as bytes. */
export interface KafkaRecord extends RecordPlace {
  /** Null where the record is empty. */
  readonly value: Buffer | null;
}

/** A new topic. */
export interface NewTopic {
  readonly name: string;
  readonly partitions: number;
  readonly replication: number;
  readonly config?: Readonly<Record<string, string>>;
}

/** Kafka of a site. Every function throws a {@link UserError} when Kafka does not answer or refuses. */
export interface Kafka {
  /** Ids of the brokers that are in the cluster, and of the controller that leads it; -1 where none does. */
  brokers(): Promise<{ readonly ids: readonly number[]; readonly controller: number }>;
  /** All topics, or those of these names that exist. */
  topics(names?: readonly string[]): Promise<TopicState[]>;
  /** Settings of topics that differ from the brokers' defaults, by topic; all, or those of these names. */
  settings(
    topics: readonly string[],
    names?: readonly string[],
  ): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>>;
  /** Groups of these names; one that Kafka does not know is `Dead`, without members and offsets. */
  groups(names: readonly string[]): Promise<GroupState[]>;
  /** The newest record of each topic, by its time; topics without records are left out. */
  newest(topics: readonly string[]): Promise<ReadonlyMap<string, RecordPlace>>;
  /** Records of a partition from an offset on, as many as Kafka gives at once and at most this many. */
  records(topic: string, partition: number, offset: number, most: number): Promise<KafkaRecord[]>;
  /** Creates a topic. One that exists is an error. */
  createTopic(topic: NewTopic): Promise<void>;
}
