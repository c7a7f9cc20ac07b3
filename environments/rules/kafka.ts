/** Rules of Kafka: nodes, copies, ways in. */
import { repeated, type Rule, when } from "./violation";

/** Every broker has a NodePort where clients come by one, and none where they do not. */
export const brokersFitAccess: Rule = ({ kafka: { access, brokers } }) =>
  brokers.flatMap(({ nodePort }, i) => [
    ...when(
      access.kind === "nodeport" && nodePort === undefined,
      ["kafka", "brokers", i, "nodePort"],
      "allowed 30000–32767, for kafka.access is nodeport, add it",
    ),
    ...when(
      access.kind === "loadbalancer" && nodePort !== undefined,
      ["kafka", "brokers", i, "nodePort"],
      "allowed nothing, for kafka.access is loadbalancer, remove it",
    ),
  ]);

/**
 * k3s opens a load balancer's port on its nodes, where 9094 is there once. Nodes of GKE come and go with their
 * addresses.
 */
export const accessFitsCluster: Rule = ({ cluster, kafka: { access } }) => {
  const allowed = { k3s: "nodeport", gke: "loadbalancer", existing: undefined }[cluster.kind];
  return when(
    allowed !== undefined && access.kind !== allowed,
    ["kafka", "access", "kind"],
    `allowed ${allowed} on a cluster of kind ${cluster.kind}, write it`,
  );
};

/** Controllers and brokers share one space of node ids. */
export const kafkaIdsAreDisjoint: Rule = ({ kafka }) => {
  const ids = [
    ...kafka.controllerIds.map((id, i) => ({ id, name: `kafka.controllerIds[${i}]` })),
    ...kafka.brokers.map(({ id }, i) => ({ id, name: `kafka.brokers[${i}].id` })),
  ];
  return [...repeated(ids.map(({ id }) => id))].map(([id, indexes]) => ({
    path: ["kafka"],
    message: `node id ${id} is used by ${indexes.map((i) => ids[i]?.name).join(" and ")}, allowed one node each, renumber one of them`,
  }));
};

/** An even number of KRaft controllers tolerates no more failures than one less. */
export const controllersAreOdd: Rule = ({ kafka: { controllerIds } }) =>
  when(
    controllerIds.length > 0 && controllerIds.length % 2 === 0,
    ["kafka", "controllerIds"],
    "allowed an odd number of controllers, which can always form a majority, add or remove one",
  );

/** A partition cannot have more copies than there are brokers. */
export const replicationFitsBrokers: Rule = ({ kafka: { replication, brokers } }) =>
  when(
    replication > brokers.length,
    ["kafka", "replication"],
    `allowed at most ${brokers.length}, the number of brokers, lower it or add brokers`,
  );

/** More copies in sync than copies stops every producer. */
export const inSyncReplicasFitReplication: Rule = ({ kafka: { replication, minInSyncReplicas } }) =>
  when(
    minInSyncReplicas > replication,
    ["kafka", "minInSyncReplicas"],
    `allowed at most ${replication}, kafka.replication, lower it`,
  );
