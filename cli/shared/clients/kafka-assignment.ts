/** Which partitions a member of a consumer group has, as Kafka's clients write it for one another. */

/** A partition of a topic. */
export interface PartitionId {
  readonly topic: string;
  readonly partition: number;
}

/**
 * Reads a member's assignment: two bytes of version, then a list of topics, each with a list of partitions (Kafka's
 * `ConsumerProtocolAssignment`, all versions). A member of a group that rebalances has none.
 */
export function assignedPartitions(assignment: Buffer): PartitionId[] {
  const found: PartitionId[] = [];
  if (assignment.length < 6) return found;
  let place = 2;
  const number = (bytes: 2 | 4): number => {
    const read = assignment.readIntBE(place, bytes);
    place += bytes;
    return read;
  };
  try {
    for (let topics = number(4); topics > 0; topics--) {
      const length = number(2);
      const topic = assignment.toString("utf8", place, place + length);
      place += length;
      for (let partitions = number(4); partitions > 0; partitions--) found.push({ topic, partition: number(4) });
    }
  } catch {
    // The workers of Kafka Connect have a form of their own, and no partitions.
    return [];
  }
  return found;
}
