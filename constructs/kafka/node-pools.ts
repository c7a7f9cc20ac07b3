import type { KafkaSite } from "../../environments/systems/kafka/schema";
import { KEEP } from "../kubernetes/objects";
import type { PodResources } from "../kubernetes/workload";
import { CLUSTER_LABEL, CONTAINER_SECURITY, type KafkaNodePool } from "./resources";

/** Seconds in which a node of Kafka ends before it is killed: Sasquatch's, since a broker flushes its logs before it ends. */
export const NODE_GRACE = 180;

/** A pool of controllers and one of brokers. */
export function nodePools(spec: KafkaSite["kafka"], storageClass: string): KafkaNodePool[] {
  const { controllerIds, controllerDisk, controllerResources, brokers, brokerDisk, brokerResources } = spec;
  return [
    pool("controller", controllerIds, controllerDisk, storageClass, controllerResources, {}),
    pool(
      "broker",
      brokers.map(({ id }) => id),
      brokerDisk,
      spec.brokerClass ?? storageClass,
      brokerResources,
      spec.brokerNodeSelector,
    ),
  ];
}

/** Largest node id that we use. */
const LAST_ID = 999;

/**
 * All node ids except these, as Strimzi writes ranges: the ids that it may remove. By default it removes the highest id
 * when a pool shrinks.
 */
function allBut(ids: readonly number[]): string {
  const edges = [-1, ...[...ids].sort((a, b) => a - b), LAST_ID + 1];
  const ranges = edges.slice(1).flatMap((end, i) => {
    const [from, to] = [(edges[i] ?? 0) + 1, end - 1];
    return from > to ? [] : [from === to ? `${from}` : `${from}-${to}`];
  });
  return `[${ranges.join(",")}]`;
}

function pool(
  role: "controller" | "broker",
  ids: readonly number[],
  size: string,
  storageClass: string,
  resources: PodResources,
  nodeSelector: Readonly<Record<string, string>>,
): KafkaNodePool {
  const required = Object.entries(nodeSelector).map(([key, value]) => ({ key, operator: "In", values: [value] }));
  return {
    apiVersion: "kafka.strimzi.io/v1",
    kind: "KafkaNodePool",
    metadata: {
      name: role,
      labels: CLUSTER_LABEL,
      annotations: {
        ...KEEP,
        "strimzi.io/next-node-ids": JSON.stringify(ids),
        "strimzi.io/remove-node-ids": allBut(ids),
      },
    },
    spec: {
      replicas: ids.length,
      roles: [role],
      storage: {
        type: "jbod",
        volumes: [
          { id: 0, type: "persistent-claim", size, class: storageClass, deleteClaim: false, kraftMetadata: "shared" },
        ],
      },
      resources,
      template: {
        kafkaContainer: { securityContext: CONTAINER_SECURITY },
        pod: {
          terminationGracePeriodSeconds: NODE_GRACE,
          // Strimzi's own group, once for each volume: by default a kubelet looks at every file at each start.
          securityContext: { fsGroup: 0, fsGroupChangePolicy: "OnRootMismatch" },
          affinity: {
            ...(required.length > 0
              ? {
                  nodeAffinity: {
                    requiredDuringSchedulingIgnoredDuringExecution: {
                      nodeSelectorTerms: [{ matchExpressions: required }],
                    },
                  },
                }
              : {}),
            podAntiAffinity: {
              preferredDuringSchedulingIgnoredDuringExecution: [
                {
                  weight: 100,
                  podAffinityTerm: {
                    topologyKey: "kubernetes.io/hostname",
                    labelSelector: { matchLabels: { ...CLUSTER_LABEL, "strimzi.io/pool-name": role } },
                  },
                },
              ],
            },
          },
        },
      },
    },
  };
}
