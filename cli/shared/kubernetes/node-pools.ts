/** Strimzi's pools of Kafka's nodes, as a cluster has them. */
import { KAFKA_GROUP } from "../../../constructs/kafka/resources";
import { NAMESPACE } from "../../../ground/namespaces";
import type { LiveObject } from "./client";

/** Path of all of them. */
export const NODE_POOLS = `/apis/${KAFKA_GROUP}/v1/namespaces/${NAMESPACE.kafka}/kafkanodepools`;

/** Whether the nodes of a pool have this role. */
export function hasRole({ spec }: Pick<LiveObject, "spec">, role: "broker" | "controller"): boolean {
  return ((spec?.["roles"] ?? []) as string[]).includes(role);
}
