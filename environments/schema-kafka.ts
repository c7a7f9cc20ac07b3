/** The form of Kafka: versions, nodes, what is kept, topics, who may use them. */
import { z } from "zod";
import { DEFAULTS } from "./defaults";
import { positive, resources } from "./schema-parts";
import * as unit from "../ground/units";

const broker = z.strictObject({
  id: unit.nodeId().describe("Node id in the Kafka cluster"),
  nodePort: unit
    .nodePort()
    .optional()
    .describe("Port on every node by which clients outside the cluster reach this broker, for access nodeport"),
});

const access = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("nodeport"),
      bootstrapNodePort: unit
        .nodePort()
        .default(DEFAULTS.kafka.access.bootstrapNodePort)
        .describe("Port on every node by which clients find the brokers at first"),
    })
    .describe("Ports of the nodes, one for each broker"),
  z.strictObject({ kind: z.literal("loadbalancer") }).describe("A load balancer for each broker, all on port 9094"),
]);

const client = z.strictObject({
  name: unit.kubernetesName(),
  description: z.string().min(1).describe("Who uses the account"),
  prefixes: z.array(unit.topicPrefix()).min(1).describe("Topics by the beginning of their names"),
  access: z.enum(["all", "read"]).describe("What it may do with them"),
  consumes: z.boolean().default(false).describe("Whether it may join consumer groups"),
  cluster: z.boolean().default(false).describe("Whether it may describe the cluster, as SAL's producers do"),
});

const topic = z.strictObject({
  name: unit.topic(),
  partitions: positive().default(1),
});

/** Kafka of a site. */
export const kafka = z.strictObject({
  version: unit.version().default(DEFAULTS.kafka.version),
  metadataVersion: z
    .string()
    .regex(unit.METADATA_VERSION, {
      error: "allowed a metadata version of Kafka (4.3-IV0), copy it from Strimzi's table",
    })
    .default(DEFAULTS.kafka.metadataVersion),
  controllerIds: z
    .array(unit.nodeId())
    .min(1)
    .default([...DEFAULTS.kafka.controllerIds])
    .describe("Node ids of the KRaft controllers"),
  controllerDisk: unit.quantity().default(DEFAULTS.kafka.controllerDisk),
  controllerResources: resources(DEFAULTS.kafka.controllerResources),
  brokers: z.array(broker).min(1).describe("Brokers in order: the first one is kafka-0 outside the cluster"),
  brokerDisk: unit.quantity().describe("Volume of each broker"),
  brokerResources: resources(DEFAULTS.kafka.brokerResources),
  brokerClass: unit
    .kubernetesName()
    .optional()
    .describe("Storage class of the brokers, one of those in storage; the site's when left out"),
  brokerNodeSelector: unit.labels().default({}).describe("Labels of the nodes that may run brokers"),
  entityOperatorResources: resources(DEFAULTS.kafka.entityOperatorResources),
  access: access.prefault(DEFAULTS.kafka.access).describe("How clients outside the cluster reach the brokers"),
  replication: positive("allowed a whole number from 1, at most the number of brokers").default(
    DEFAULTS.kafka.replication,
  ),
  minInSyncReplicas: positive("allowed a whole number from 1, at most the replication").default(
    DEFAULTS.kafka.minInSyncReplicas,
  ),
  retention: unit.duration().describe("How long brokers keep messages and consumers' offsets"),
  retentionBytes: unit
    .quantity()
    .optional()
    .describe("Most that a partition keeps, whatever its age; no limit when left out"),
  maxMessageBytes: positive("allowed bytes above 0, write a whole number").default(DEFAULTS.kafka.maxMessageBytes),
  clients: z.array(client).default([]).describe("Accounts of programs outside this deployment"),
  topics: z.array(topic).default([]).describe("Topics that this program makes; SAL's producers make their own"),
});
