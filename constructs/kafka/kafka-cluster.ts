import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { HostNames } from "../core/hosts";
import { CustomResources } from "../helm/custom-resources";
import { dnsAnnotations, type DnsTarget } from "../kubernetes/dns";
import { KEEP } from "../kubernetes/objects";
import { ISSUER } from "../platform/certificates";
import type { Certificate } from "../platform/resources";
import type { ExternalAccess } from "./external-access";
import { type Kafka, KAFKA_GROUP, type KafkaNodePool, type Listener } from "./resources";

/** Name of the cluster and first word of all that Strimzi makes for it. */
export const KAFKA_CLUSTER = "efd";
/** Label by which Strimzi finds what belongs to a cluster. */
export const CLUSTER_LABEL = { "strimzi.io/cluster": KAFKA_CLUSTER } as const;
/** Account that may do everything. */
export const KAFKA_ADMIN = "kafka-admin";
/** Ports of the listeners (Sasquatch). */
export const KAFKA_PORTS = { plain: 9092, tls: 9093, external: 9094 } as const;

/** Size of a log segment: 128 MiB, an eighth of Kafka's default. */
const SEGMENT_BYTES = 134217728;
const EXTERNAL_TLS = "kafka-external-tls";

/** CPU and memory of one pod. */
export interface PodResources {
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits: { readonly cpu: string; readonly memory: string };
}

/** A Kafka cluster. */
export interface KafkaClusterProps {
  readonly namespace: string;
  readonly version: string;
  readonly metadataVersion: string;
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
  readonly entityOperatorResources: PodResources;
  /** How clients outside the cluster reach the brokers. */
  readonly external: ExternalAccess;
  readonly replication: number;
  readonly minInSyncReplicas: number;
  /** Hours that messages and offsets are kept. */
  readonly retentionHours: number;
  /** Largest message, in bytes. */
  readonly maxMessageBytes: number;
  readonly hosts: HostNames;
  /** Whether and where records of the outside names point. */
  readonly dns: DnsTarget;
  /** @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/** Where programs inside the cluster find the brokers: SCRAM, no TLS. */
export function internalBootstrap(namespace: string): string {
  return `${KAFKA_CLUSTER}-kafka-bootstrap.${namespace}:${KAFKA_PORTS.plain}`;
}

/** Brokers and controllers under Strimzi, three listeners, the certificate of the outer one. */
export class KafkaCluster extends Construct {
  /** What needs the brokers depends on it. */
  readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, props: KafkaClusterProps) {
    super(scope, id);
    const certificate = new CustomResources(this, "certificate", {
      name: "kafka-certificates",
      namespace: props.namespace,
      resources: [externalCertificate(props)],
      ready: { group: "cert-manager.io", kinds: ["certificates"], timeout: 900 },
      dependsOn: props.dependsOn,
    });
    this.ready = new CustomResources(this, "cluster", {
      name: "kafka-cluster",
      namespace: props.namespace,
      resources: [kafka(props), controllerPool(props), brokerPool(props)],
      ready: { group: KAFKA_GROUP, kinds: ["kafkas"], timeout: 1800 },
      dependsOn: [certificate.applied],
    }).applied;
  }
}

function externalCertificate({ hosts, brokers }: KafkaClusterProps): Certificate {
  return {
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    metadata: { name: EXTERNAL_TLS },
    spec: {
      secretName: EXTERNAL_TLS,
      issuerRef: { name: ISSUER, kind: "ClusterIssuer" },
      dnsNames: [hosts.bootstrap, ...brokers.map((_, position) => hosts.broker(position))],
      privateKey: { algorithm: "RSA", size: 2048, encoding: "PKCS8", rotationPolicy: "Always" },
    },
  };
}

function listeners({ hosts, brokers, dns, external }: KafkaClusterProps): Listener[] {
  const nodePort = (port: number | undefined) => (external.kind === "nodeport" ? { nodePort: port } : {});
  return [
    { name: "plain", port: KAFKA_PORTS.plain, type: "internal", tls: false, authentication: { type: "scram-sha-512" } },
    { name: "tls", port: KAFKA_PORTS.tls, type: "internal", tls: true, authentication: { type: "tls" } },
    {
      name: "external",
      port: KAFKA_PORTS.external,
      type: external.kind,
      tls: true,
      authentication: { type: "scram-sha-512" },
      configuration: {
        brokerCertChainAndKey: { secretName: EXTERNAL_TLS, certificate: "tls.crt", key: "tls.key" },
        bootstrap: {
          ...nodePort(external.bootstrap),
          alternativeNames: [hosts.bootstrap],
          annotations: dnsAnnotations(dns, hosts.bootstrap),
        },
        brokers: brokers.map(({ id }, position) => ({
          broker: id,
          ...nodePort(external.brokers[position]),
          advertisedHost: hosts.broker(position),
          advertisedPort: external.brokers[position] ?? KAFKA_PORTS.external,
          annotations: dnsAnnotations(dns, hosts.broker(position)),
        })),
      },
    },
  ];
}

function kafka(props: KafkaClusterProps): Kafka {
  const { replication, minInSyncReplicas, retentionHours, maxMessageBytes } = props;
  const resources = props.entityOperatorResources;
  return {
    apiVersion: "kafka.strimzi.io/v1",
    kind: "Kafka",
    metadata: { name: KAFKA_CLUSTER, annotations: KEEP },
    spec: {
      kafka: {
        version: props.version,
        metadataVersion: props.metadataVersion,
        listeners: listeners(props),
        authorization: { type: "simple", superUsers: [`CN=${KAFKA_ADMIN}`] },
        config: {
          "auto.create.topics.enable": false,
          "default.replication.factor": replication,
          "min.insync.replicas": minInSyncReplicas,
          "offsets.topic.replication.factor": replication,
          "transaction.state.log.replication.factor": replication,
          "transaction.state.log.min.isr": minInSyncReplicas,
          "log.retention.hours": retentionHours,
          // A segment that is still written to is never deleted: small ones let a short retention be short.
          "log.roll.hours": Math.min(retentionHours, 24),
          "log.segment.bytes": SEGMENT_BYTES,
          "offsets.retention.minutes": retentionHours * 60,
          "log.message.timestamp.type": "LogAppendTime",
          "message.max.bytes": maxMessageBytes,
          "replica.fetch.max.bytes": maxMessageBytes,
        },
      },
      entityOperator: {
        // A topic's finalizer would keep its namespace from ever going once the operator has gone.
        template: { topicOperatorContainer: { env: [{ name: "STRIMZI_USE_FINALIZERS", value: "false" }] } },
        topicOperator: { resources },
        userOperator: { resources },
      },
    },
  };
}

function controllerPool(props: KafkaClusterProps): KafkaNodePool {
  return pool(
    "controller",
    props.controllerIds,
    props.controllerDisk,
    props.storageClass,
    props.controllerResources,
    {},
  );
}

function brokerPool(props: KafkaClusterProps): KafkaNodePool {
  const ids = props.brokers.map(({ id }) => id);
  return pool("broker", ids, props.brokerDisk, props.brokerClass, props.brokerResources, props.brokerNodeSelector);
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
      annotations: { ...KEEP, "strimzi.io/next-node-ids": JSON.stringify(ids) },
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
