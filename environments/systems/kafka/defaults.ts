/** What Kafka gets when a site says nothing. */
export const KAFKA_DEFAULTS = {
  /** Default of Strimzi 1.2.0. */
  version: "4.3.1",
  /** Metadata version of Kafka 4.3.x. */
  metadataVersion: "4.3-IV0",
  /** cp-helm-charts and Sasquatch: three copies, two of which must be in sync. */
  replication: 3,
  minInSyncReplicas: 2,
  /** Sasquatch: KRaft controllers beside brokers 0–2. */
  controllerIds: [3, 4, 5],
  /** Sasquatch, 2026-08. */
  controllerDisk: "20Gi",
  /** SQR-031 opens 31090 and up for the brokers. The bootstrap port is the one below, so that brokers can be added above. */
  access: { kind: "nodeport", bootstrapNodePort: 31089 },
  /** Sasquatch, 2026-08: largest message, in bytes. */
  maxMessageBytes: 10485760,
  controllerResources: { requests: { cpu: "500m", memory: "2Gi" }, limits: { cpu: "1", memory: "4Gi" } },
  brokerResources: { requests: { cpu: "1", memory: "4Gi" }, limits: { cpu: "2", memory: "8Gi" } },
  /** Two containers, topic and user operator, each with this. */
  entityOperatorResources: { requests: { cpu: "100m", memory: "384Mi" }, limits: { cpu: "500m", memory: "512Mi" } },
} as const;
