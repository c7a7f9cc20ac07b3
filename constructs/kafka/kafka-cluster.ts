import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { HostNames } from "../kubernetes/hosts";
import { shortHash, stableJson } from "../../synthesized/text";
import { CustomResources } from "../kubernetes/custom-resources";
import { dnsAnnotations, type DnsTarget } from "../kubernetes/dns";
import { KEEP } from "../kubernetes/objects";
import { type CertificateSource, ISSUER } from "../certificates/certificates";
import type { Certificate } from "../certificates/resources";
import { GIVEN_TLS } from "../secrets/secret-spec";
import { type ExternalAccess, KAFKA_PORTS } from "./external-access";
import { CLUSTER_LABEL, KAFKA_CLUSTER, nodePools, type NodePoolsProps, type PodResources } from "./node-pools";
import { type Kafka, KAFKA_GROUP, type Listener } from "./resources";

export { CLUSTER_LABEL, KAFKA_CLUSTER, type PodResources };

/** Account that may do everything. */
export const KAFKA_ADMIN = "kafka-admin";

/** Size of a log segment: 128 MiB, an eighth of Kafka's default. */
const SEGMENT_BYTES = 134217728;
const EXTERNAL_TLS = "kafka-external-tls";
/** Annotation that makes another pool another generation of the Kafka. */
const POOLS_REVISION = "efd/pools-revision";

/** A Kafka cluster. */
export interface KafkaClusterProps extends NodePoolsProps {
  readonly namespace: string;
  readonly version: string;
  readonly metadataVersion: string;
  readonly entityOperatorResources: PodResources;
  /** How clients outside the cluster reach the brokers. */
  readonly external: ExternalAccess;
  readonly replication: number;
  readonly minInSyncReplicas: number;
  /** Hours that messages and offsets are kept. */
  readonly retentionHours: number;
  /** Bytes that a partition keeps at most. @default - no limit */
  readonly retentionBytes?: number;
  /** Largest message, in bytes. */
  readonly maxMessageBytes: number;
  readonly hosts: HostNames;
  /** Whether and where records of the outside names point. */
  readonly dns: DnsTarget;
  /** Where the outer listener's certificate comes from. A given one must be there before. */
  readonly certificate: CertificateSource;
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
    // A pool never says that it is ready, and a change of one is none of the Kafka. So pools come first, and the Kafka
    // carries their revision: it is ready again when Strimzi has rolled what both say.
    const pools = nodePools(props);
    const appliedPools = new CustomResources(this, "pools", {
      name: "kafka-pools",
      namespace: props.namespace,
      resources: pools,
      dependsOn: props.dependsOn,
    }).ready;
    this.ready = new CustomResources(this, "cluster", {
      name: "kafka-cluster",
      namespace: props.namespace,
      resources: [kafka(props, shortHash(stableJson(pools)))],
      awaited: { group: KAFKA_GROUP, kinds: ["kafkas"], timeout: 1800 },
      dependsOn: [...(props.certificate === "issued" ? [this.issueCertificate(props)] : []), appliedPools],
    }).ready;
  }

  private issueCertificate(props: KafkaClusterProps): ITerraformDependable {
    return new CustomResources(this, "certificate", {
      name: "kafka-certificates",
      namespace: props.namespace,
      resources: [externalCertificate(props)],
      awaited: { group: "cert-manager.io", kinds: ["certificates"], timeout: 900 },
      dependsOn: props.dependsOn,
    }).ready;
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

function listeners({ hosts, brokers, dns, external, certificate }: KafkaClusterProps): Listener[] {
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
        brokerCertChainAndKey: {
          secretName: certificate === "issued" ? EXTERNAL_TLS : GIVEN_TLS.name,
          certificate: "tls.crt",
          key: "tls.key",
        },
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

function kafka(props: KafkaClusterProps, poolsRevision: string): Kafka {
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
          ...(props.retentionBytes !== undefined && { "log.retention.bytes": props.retentionBytes }),
          // A segment that is still written to is never deleted: small ones let a short retention be short.
          "log.roll.hours": Math.min(retentionHours, 24),
          "log.segment.bytes": SEGMENT_BYTES,
          "offsets.retention.minutes": retentionHours * 60,
          "log.message.timestamp.type": "LogAppendTime",
          "message.max.bytes": maxMessageBytes,
          "replica.fetch.max.bytes": maxMessageBytes,
        },
        // On the set of pods, not on the pods: nothing is rolled for it.
        template: { podSet: { metadata: { annotations: { [POOLS_REVISION]: poolsRevision } } } },
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
