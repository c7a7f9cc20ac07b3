/** Ends Kafka's nodes in their order before their namespace goes, which would end all of them at the same moment. */
import { NODE_GRACE } from "../../constructs/kafka/node-pools";
import { Interrupted, UserError } from "../../ground/errors";
import { NAMESPACE } from "../../ground/namespaces";
import type { Cluster, LiveObject } from "../shared/kubernetes/client";
import { hasRole, NODE_POOLS } from "../shared/kubernetes/node-pools";
import { some, type Waiting, waitFor } from "../shared/terminal/wait";
import type { Outcome } from "../shared/terraform/terraform";

/** Seconds until a pool has ended: as long as its nodes may take, and a minute for those who see to it. */
const LIMIT = NODE_GRACE + 60;

/** Address of the namespace of Kafka, in the state of the layer that makes it. */
const KAFKA_NAMESPACE = `kubernetes_namespace_v1.${NAMESPACE.kafka}`;

/** Whether a plan removes the namespace of Kafka, and so everything in it. */
export function removesKafka({ actions }: Pick<Outcome, "actions">): boolean {
  return actions.some(({ address, action }) => address === KAFKA_NAMESPACE && action === "delete");
}

/**
 * Removes the node pools, brokers first: a broker that ends asks the controllers, and where these end too it waits for
 * them until it is killed. A pool that is deleted in the foreground stays until its nodes have ended, whether
 * Strimzi runs or not: the cluster's garbage collector sees to it. `Kafka` stays, with the identity that the volumes
 * know, so that a deploy that comes instead makes the same nodes again.
 *
 * What keeps them from ending keeps nobody from removing their namespace: it is said, and that is all.
 *
 * @throws {Interrupted} when the user interrupts.
 */
export async function endKafkaNodes(api: Pick<Cluster, "list" | "delete">, waiting: Waiting): Promise<void> {
  try {
    await endPools(api, waiting, (pool) => hasRole(pool, "broker"));
    await endPools(api, waiting, () => true);
  } catch (error) {
    if (!(error instanceof UserError) || error instanceof Interrupted) throw error;
    waiting.output.note(`${error.message}; what is left of Kafka ends with its namespace, which may take minutes`);
  }
}

async function endPools(
  api: Pick<Cluster, "list" | "delete">,
  waiting: Waiting,
  ends: (pool: LiveObject) => boolean,
): Promise<void> {
  const left = async () => (await api.list(NODE_POOLS)).filter(ends).map(({ metadata }) => metadata.name);
  for (const name of await left()) await api.delete(`${NODE_POOLS}/${name}`, "Foreground");
  const advice = `kubectl -n ${NAMESPACE.kafka} get pods shows why`;
  await waitFor(waiting, { seconds: LIMIT, advice }, async () => {
    const names = await left();
    return names.length > 0 ? `Kafka: nodes of ${some(names)} are ending` : undefined;
  });
}
