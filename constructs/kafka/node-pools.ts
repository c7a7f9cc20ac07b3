import { KEEP } from "../kubernetes/objects";
import type { KafkaNodePool } from "./resources";

/** Name of the cluster and first word of all that Strimzi makes for it. */
export const KAFKA_CLUSTER = "efd";
/** Label by which Strimzi finds what belongs to a cluster. */
export const CLUSTER_LABEL = { "strimzi.io/cluster": KAFKA_CLUSTER } as const;

/** CPU and memory of one pod. */
export interface PodResources {
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits: { readonly cpu: string; readonly memory: string };
}

/** The nodes of a Kafka cluster: controllers and brokers. */
export interface NodePoolsProps {
  /** Node ids of the KRaft controllers. */
  readonly controllerIds: readonly number[];
  readonly controllerDisk: string;
  readonly controllerResources: PodResources;
  /** Brokers by node id, in the order in which clients count them. */
  readonly brokers: readonly { readonly id: number }[];
  readonly brokerDisk: string;
  readonly brokerResources: PodResources;
  /** Storage class of the brokers. */
  readonly brokerClass: string;
  /** Labels of the nodes that may run brokers; none means all. */
  readonly brokerNodeSelector: Readonly<Record<string, string>>;
  /** Storage class of the controllers. */
  readonly storageClass: string;
}

/** A pool of controllers and one of brokers. */
export function nodePools(props: NodePoolsProps): KafkaNodePool[] {
  const { controllerIds, controllerDisk, controllerResources, brokers, brokerDisk, brokerResources } = props;
  const ids = brokers.map(({ id }) => id);
  return [
    pool("controller", controllerIds, controllerDisk, props.storageClass, controllerResources, {}),
    pool("broker", ids, brokerDisk, props.brokerClass, brokerResources, props.brokerNodeSelector),
  ];
}

/** Largest node id that Kafka takes. */
const LAST_ID = 999;

/**
 * Every node id but these, as Strimzi writes ranges. Left alone it removes the highest id when a pool shrinks; from
 * these it takes the ones that are no longer named.
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
        pod: {
          // Sasquatch: a broker writes out what it holds before it ends.
          terminationGracePeriodSeconds: 180,
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
