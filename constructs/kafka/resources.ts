import type { KubernetesObject } from "../kubernetes/objects";
import { type PodResources, RESTRICTED_CONTAINER } from "../kubernetes/workload";

/** API group of Strimzi. */
export const KAFKA_GROUP = "kafka.strimzi.io";
/** Name of the cluster. Strimzi begins the names of all its objects with it. */
export const KAFKA_CLUSTER = "efd";
/** Label by which Strimzi finds what belongs to a cluster. */
export const CLUSTER_LABEL = { "strimzi.io/cluster": KAFKA_CLUSTER } as const;

/**
 * Names of Strimzi's Services of a cluster: the one by which clients find it, and the headless one of its brokers.
 *
 * @param cluster - @default ours
 */
export function brokerServices(cluster: string = KAFKA_CLUSTER) {
  return { bootstrap: `${cluster}-kafka-bootstrap`, brokers: `${cluster}-kafka-brokers` } as const;
}

/**
 * Security context of a container of Strimzi's. Its provider `restricted` gives all of it but the root file system, which
 * nobody writes: Strimzi mounts /tmp.
 */
export const CONTAINER_SECURITY = { ...RESTRICTED_CONTAINER, seccompProfile: { type: "RuntimeDefault" } } as const;

/** A container of Strimzi's, as its template has it. */
export interface ContainerTemplate {
  readonly securityContext: typeof CONTAINER_SECURITY;
}

/** How a client under Strimzi logs in with SCRAM. */
export interface ScramLogin {
  readonly type: "scram-sha-512";
  readonly username: string;
  readonly passwordSecret: { readonly secretName: string; readonly password: string };
}

/** A listener of a Kafka cluster. */
export interface Listener {
  /** At most eleven lower-case letters and digits. */
  readonly name: string;
  readonly port: number;
  readonly type: "internal" | "nodeport" | "loadbalancer";
  readonly tls: boolean;
  readonly authentication: { readonly type: "scram-sha-512" | "tls" };
  readonly configuration?: {
    readonly brokerCertChainAndKey: { readonly secretName: string; readonly certificate: string; readonly key: string };
    readonly bootstrap: {
      readonly nodePort?: number;
      readonly alternativeNames: readonly string[];
      readonly annotations?: Readonly<Record<string, string>>;
    };
    readonly brokers: readonly {
      readonly broker: number;
      readonly nodePort?: number;
      readonly advertisedHost: string;
      readonly advertisedPort: number;
      readonly annotations?: Readonly<Record<string, string>>;
    }[];
  };
}

/** A Kafka cluster; its nodes are in pools. */
export interface Kafka extends KubernetesObject {
  readonly apiVersion: "kafka.strimzi.io/v1";
  readonly kind: "Kafka";
  readonly spec: {
    readonly kafka: {
      readonly version: string;
      readonly metadataVersion: string;
      readonly listeners: readonly Listener[];
      readonly authorization: { readonly type: "simple"; readonly superUsers: readonly string[] };
      readonly config: Readonly<Record<string, string | number | boolean>>;
      readonly template: {
        readonly podSet: { readonly metadata: { readonly annotations: Readonly<Record<string, string>> } };
      };
    };
    readonly entityOperator: {
      readonly template: {
        readonly topicOperatorContainer: ContainerTemplate & {
          readonly env: readonly { readonly name: string; readonly value: string }[];
        };
        readonly userOperatorContainer: ContainerTemplate;
      };
      readonly topicOperator: { readonly resources: PodResources };
      readonly userOperator: { readonly resources: PodResources };
    };
    /** Cron expressions of Quartz, in UTC: when Strimzi may renew its authorities and the certificates of nodes. */
    readonly maintenanceTimeWindows?: readonly string[];
  };
}

/** Nodes of a Kafka cluster that are alike. */
export interface KafkaNodePool extends KubernetesObject {
  readonly apiVersion: "kafka.strimzi.io/v1";
  readonly kind: "KafkaNodePool";
  readonly spec: {
    readonly replicas: number;
    readonly roles: readonly ("controller" | "broker")[];
    readonly storage: {
      readonly type: "jbod";
      readonly volumes: readonly {
        readonly id: number;
        readonly type: "persistent-claim";
        readonly size: string;
        readonly class: string;
        readonly deleteClaim: boolean;
        readonly kraftMetadata: "shared";
      }[];
    };
    readonly resources: PodResources;
    readonly template: {
      readonly pod: {
        readonly affinity: object;
        readonly terminationGracePeriodSeconds: number;
        readonly securityContext: { readonly fsGroup: number; readonly fsGroupChangePolicy: "OnRootMismatch" };
      };
      readonly kafkaContainer: ContainerTemplate;
    };
  };
}

/** One right of a user. */
export interface Acl {
  readonly resource:
    | { readonly type: "topic" | "group"; readonly name: string; readonly patternType: "literal" | "prefix" }
    | { readonly type: "cluster" };
  readonly operations: readonly ("All" | "Read" | "Write" | "Describe" | "DescribeConfigs" | "Create" | "Alter")[];
}

/** An account of a Kafka cluster. */
export interface KafkaUser extends KubernetesObject {
  readonly apiVersion: "kafka.strimzi.io/v1";
  readonly kind: "KafkaUser";
  readonly spec: {
    readonly authentication:
      | { readonly type: "tls" }
      | {
          readonly type: "scram-sha-512";
          readonly password: {
            readonly valueFrom: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
          };
        };
    readonly authorization?: { readonly type: "simple"; readonly acls: readonly Acl[] };
  };
}

/** A topic of a Kafka cluster. */
export interface KafkaTopic extends KubernetesObject {
  readonly apiVersion: "kafka.strimzi.io/v1";
  readonly kind: "KafkaTopic";
  readonly spec: {
    readonly topicName: string;
    readonly partitions: number;
    readonly replicas: number;
    readonly config: Readonly<Record<string, string | number>>;
  };
}
