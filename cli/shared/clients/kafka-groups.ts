/** Consumer groups, asked of the brokers that keep them. */
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../../ground/errors";
import { assignedPartitions, type PartitionId } from "./kafka-assignment";
import { errorText, type KafkaConnections } from "./kafka-connections";
import { keyOf } from "./kafka-places";

/** Kafka's number for a group whose broker is not known yet: it makes the topic of offsets when the first group is asked for. */
const NO_COORDINATOR = 15;
const TRIES = 5;
/** Milliseconds between tries. */
const RETRY_WAIT = 500;

/** Groups by the broker that keeps them. */
export async function coordinatorsOf(
  connections: KafkaConnections,
  names: readonly string[],
): Promise<Map<number, string[]>> {
  for (let tries = 1; ; tries++) {
    const { coordinators } = await connections.askAny((connection, { findCoordinatorV6 }) =>
      findCoordinatorV6.api.async(connection, 0, [...names]),
    );
    const wrong = coordinators.find(({ errorCode }) => errorCode !== 0);
    if (wrong && (tries === TRIES || wrong.errorCode !== NO_COORDINATOR))
      throw new UserError(
        `Kafka has no broker for the offsets of group ${wrong.key}: ${await errorText(wrong.errorCode)}`,
      );
    if (!wrong) {
      const found = new Map<number, string[]>();
      for (const { key, nodeId } of coordinators) found.set(nodeId, [...(found.get(nodeId) ?? []), key]);
      return found;
    }
    await sleep(RETRY_WAIT);
  }
}

/** Groups of the broker that keeps them, with the partitions that they have or have committed. */
export async function groupsOf(connections: KafkaConnections, id: number, names: readonly string[]) {
  const [described, fetched] = await Promise.all([
    connections.ask(id, (connection, { describeGroupsV5 }) =>
      describeGroupsV5.api.async(connection, [...names], false),
    ),
    connections.ask(id, (connection, { offsetFetchV9 }) =>
      offsetFetchV9.api.async(
        connection,
        names.map((groupId) => ({ groupId, memberEpoch: -1, topics: null })),
        false,
      ),
    ),
  ]);
  return described.groups.map(({ groupId, groupState, members }) => {
    const partitions = new Map<string, PartitionId & { offset?: number; assigned: boolean }>();
    for (const { memberAssignment } of members)
      for (const one of assignedPartitions(memberAssignment))
        partitions.set(keyOf(one.topic, one.partition), { ...one, assigned: true });
    const committed = fetched.groups.find((one) => one.groupId === groupId)?.topics ?? [];
    for (const { name: topic, partitions: offsets } of committed)
      for (const { partitionIndex: partition, committedOffset } of offsets) {
        const assigned = partitions.has(keyOf(topic, partition));
        if (committedOffset < 0n && !assigned) continue;
        const offset = committedOffset < 0n ? {} : { offset: Number(committedOffset) };
        partitions.set(keyOf(topic, partition), { topic, partition, assigned, ...offset });
      }
    return { name: groupId, state: groupState, members: members.length, partitions };
  });
}
