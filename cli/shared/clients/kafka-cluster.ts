/** Kafka of a site by its cluster: pods of brokers, the administrator's certificate, ways through the API server. */
import type { Duplex } from "node:stream";
import { KAFKA_ADMIN } from "../../../constructs/kafka/kafka-cluster";
import { KAFKA_PORTS } from "../../../constructs/kafka/listeners";
import { brokerServices, CLUSTER_LABEL, KAFKA_CLUSTER } from "../../../constructs/kafka/resources";
import { UserError } from "../../../ground/errors";
import { NAMESPACE } from "../../../ground/namespaces";
import { isTrue } from "../kubernetes/conditions";
import type { SiteClients } from "./clients";
import type { Kafka } from "./kafka";
import { kafkaOver } from "./kafka-over";

/** What Kafka's client needs of a cluster. */
export interface KafkaClusterProps {
  readonly cluster: Pick<SiteClients["cluster"], "list">;
  readonly secret: SiteClients["secret"];
  /** Opens a stream to a port of a pod. */
  readonly open: (pod: { readonly namespace: string; readonly pod: string; readonly port: number }) => Promise<Duplex>;
  /** Ends every request. */
  readonly signal: AbortSignal;
}

const namespace = NAMESPACE.kafka;
/** Strimzi's label of the pool, which constructs/kafka names `broker`. */
const BROKERS = encodeURIComponent(
  `strimzi.io/cluster=${CLUSTER_LABEL["strimzi.io/cluster"]},strimzi.io/pool-name=broker`,
);

/**
 * Kafka, as its administrator, who logs in with a certificate that Strimzi keeps in a Secret.
 *
 * @throws {UserError} where Secrets or pods cannot be read.
 */
export async function kafkaOfCluster(props: KafkaClusterProps): Promise<Kafka & { close(): void }> {
  const { cluster, secret, open, signal } = props;
  const [pods, ca, cert, key] = await Promise.all([
    cluster.list(`/api/v1/namespaces/${namespace}/pods?labelSelector=${BROKERS}`),
    secret(namespace, `${KAFKA_CLUSTER}-cluster-ca-cert`, "ca.crt"),
    secret(namespace, KAFKA_ADMIN, "user.crt"),
    secret(namespace, KAFKA_ADMIN, "user.key"),
  ]);
  const brokers = new Map(
    pods
      .map((pod) => ({
        id: Number(pod.metadata.name.split("-").at(-1)),
        pod: pod.metadata.name,
        ready: isTrue(pod, "Ready"),
      }))
      .sort((a, b) => Number(b.ready) - Number(a.ready) || a.id - b.id)
      .map((one) => [one.id, one] as const),
  );
  return kafkaOver({
    ids: () => Promise.resolve([...brokers.values()].flatMap(({ id, ready }) => (ready ? [id] : []))),
    open: (id) => {
      const broker = brokers.get(id);
      if (!broker)
        throw new UserError(`Kafka's broker ${id} has no pod ${KAFKA_CLUSTER}-broker-${id} in namespace ${namespace}`);
      return open({ namespace, pod: broker.pod, port: KAFKA_PORTS.tls });
    },
    // Strimzi puts the name of the bootstrap Service into the certificate of every broker.
    tls: { ca, cert, key, servername: `${brokerServices().bootstrap}.${namespace}.svc` },
    signal,
  });
}
