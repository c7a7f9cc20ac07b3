import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type OuterAccess, outerAccess } from "../../environments/systems/kafka/brokers";
import type { GeneralSite } from "../../environments/general/site";
import type { KafkaSite } from "../../environments/systems/kafka/schema";
import { rollHours, SEGMENT_BYTES } from "../../environments/systems/kafka/segments";
import { NAMESPACE } from "../../ground/namespaces";
import { bytes, hours } from "../../ground/units";
import { shortHash, stableJson } from "../../synthesized/text";
import type { Certificate } from "../certificates/resources";
import { CustomResources } from "../kubernetes/custom-resources";
import { KEEP } from "../kubernetes/objects";
import type { Web } from "../kubernetes/web";
import { maintenanceWindows } from "./maintenance";
import { KAFKA_PORTS, listeners } from "./listeners";
import { nodePools } from "./node-pools";
import { brokerServices, CONTAINER_SECURITY, type Kafka, KAFKA_CLUSTER, KAFKA_GROUP, type Listener } from "./resources";

/** Account that may do everything. */
export const KAFKA_ADMIN = "kafka-admin";

const EXTERNAL_TLS = "kafka-external-tls";
/** Annotation with the revision of the pools, so that a change of a pool is a change of the Kafka. */
const POOLS_REVISION = "efd/pools-revision";

/** What clients inside the cluster must know of the brokers. */
export interface Brokers {
  /** Host and port of the listener with SCRAM and without TLS. */
  readonly bootstrap: string;
  /** Version of Kafka. */
  readonly version: string;
  /** Largest message, in bytes. */
  readonly maxMessageBytes: number;
}

/** What clients inside the cluster must know of brokers of this form. */
export function brokersOf({ version, maxMessageBytes }: KafkaSite["kafka"]): Brokers {
  const bootstrap = `${brokerServices().bootstrap}.${NAMESPACE.kafka}:${KAFKA_PORTS.plain}`;
  return { bootstrap, version, maxMessageBytes };
}

/** A Kafka cluster. */
export interface KafkaClusterProps {
  readonly spec: KafkaSite["kafka"];
  /** Storage class of controllers, and of brokers where the site names no other. */
  readonly storageClass: string;
  /** When the telescope observes. @default - never */
  readonly observing?: GeneralSite["observing"];
  /** Names, records and the certificate of the outer listener. */
  readonly web: Web;
  /** The Secret of a given certificate. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/** Brokers and controllers under Strimzi, three listeners, the certificate of the outer one. */
export class KafkaCluster extends Construct implements Brokers {
  /** Brokers that are ready for clients. */
  readonly ready: ITerraformDependable;
  readonly bootstrap: string;
  readonly version: string;
  readonly maxMessageBytes: number;
  /** How clients outside the cluster reach the brokers. */
  readonly outside: OuterAccess;

  constructor(scope: Construct, id: string, { spec, storageClass, observing = [], web, dependsOn }: KafkaClusterProps) {
    super(scope, id);
    const { certificate } = web;
    ({ bootstrap: this.bootstrap, version: this.version, maxMessageBytes: this.maxMessageBytes } = brokersOf(spec));
    this.outside = outerAccess(spec, (app) => web.host(app));
    // A pool has no condition `Ready`, and changing it does not change the Kafka. So the pools are applied first and
    // the Kafka has their revision: it is ready again when Strimzi has applied both.
    const pools = nodePools(spec, storageClass);
    const appliedPools = new CustomResources(this, "pools", {
      name: "kafka-pools",
      namespace: NAMESPACE.kafka,
      resources: pools,
      dependsOn,
    }).ready;
    const certificates = certificate.kind === "issued" ? [this.issueCertificate(certificate.issuer, dependsOn)] : [];
    const outer = listeners(
      spec.access.kind,
      this.outside,
      web,
      certificate.kind === "issued" ? EXTERNAL_TLS : certificate.secret,
    );
    this.ready = new CustomResources(this, "cluster", {
      name: "kafka-cluster",
      namespace: NAMESPACE.kafka,
      resources: [kafka(spec, outer, maintenanceWindows(observing), shortHash(stableJson(pools)))],
      awaited: { group: KAFKA_GROUP, kinds: ["kafkas"], timeout: 1800 },
      dependsOn: [...certificates, appliedPools],
    }).ready;
  }

  private issueCertificate(issuer: string, dependsOn: ITerraformDependable[] | undefined): ITerraformDependable {
    const { bootstrap, brokers } = this.outside;
    const certificate: Certificate = {
      apiVersion: "cert-manager.io/v1",
      kind: "Certificate",
      metadata: { name: EXTERNAL_TLS },
      spec: {
        secretName: EXTERNAL_TLS,
        issuerRef: { name: issuer, kind: "ClusterIssuer" },
        dnsNames: [bootstrap, ...brokers].map(({ host }) => host),
        privateKey: { algorithm: "RSA", size: 2048, encoding: "PKCS8", rotationPolicy: "Always" },
      },
    };
    return new CustomResources(this, "certificate", {
      name: "kafka-certificates",
      namespace: NAMESPACE.kafka,
      resources: [certificate],
      awaited: { group: "cert-manager.io", kinds: ["certificates"], timeout: 900 },
      dependsOn,
    }).ready;
  }
}

function kafka(spec: KafkaSite["kafka"], listeners: Listener[], windows: string[], poolsRevision: string): Kafka {
  const { replication, minInSyncReplicas, retentionBytes, maxMessageBytes } = spec;
  const retentionHours = hours(spec.retention);
  const resources = spec.entityOperatorResources;
  return {
    apiVersion: "kafka.strimzi.io/v1",
    kind: "Kafka",
    metadata: { name: KAFKA_CLUSTER, annotations: KEEP },
    spec: {
      kafka: {
        version: spec.version,
        metadataVersion: spec.metadataVersion,
        listeners,
        authorization: { type: "simple", superUsers: [`CN=${KAFKA_ADMIN}`] },
        config: {
          "auto.create.topics.enable": false,
          "default.replication.factor": replication,
          "min.insync.replicas": minInSyncReplicas,
          "offsets.topic.replication.factor": replication,
          "transaction.state.log.replication.factor": replication,
          "transaction.state.log.min.isr": minInSyncReplicas,
          "log.retention.hours": retentionHours,
          ...(retentionBytes !== undefined && { "log.retention.bytes": bytes(retentionBytes) }),
          // Kafka never deletes the segment that it writes to, so a short retention needs small segments.
          "log.roll.hours": rollHours(retentionHours),
          "log.segment.bytes": SEGMENT_BYTES,
          "offsets.retention.minutes": retentionHours * 60,
          "log.message.timestamp.type": "LogAppendTime",
          "message.max.bytes": maxMessageBytes,
          "replica.fetch.max.bytes": maxMessageBytes,
        },
        // It is on the set of pods, not on the pods, so Strimzi restarts none for it.
        template: { podSet: { metadata: { annotations: { [POOLS_REVISION]: poolsRevision } } } },
      },
      entityOperator: {
        template: {
          topicOperatorContainer: {
            // Without its operator, a topic with a finalizer would keep its namespace from being deleted.
            env: [{ name: "STRIMZI_USE_FINALIZERS", value: "false" }],
            securityContext: CONTAINER_SECURITY,
          },
          userOperatorContainer: { securityContext: CONTAINER_SECURITY },
        },
        topicOperator: { resources },
        userOperator: { resources },
      },
      ...(windows.length > 0 ? { maintenanceTimeWindows: windows } : {}),
    },
  };
}
