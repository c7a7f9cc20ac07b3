/** The form of Kafka: versions, nodes, what is kept, topics, who may use them. */
import { z } from "zod";
import * as form from "../../values/forms";
import { labelsForm } from "../../values/labels";
import { COUNTS } from "../../values/limits";
import * as amount from "../../values/quantities";
import { resources } from "../../values/resources";
import { line } from "../../values/texts";
import type { SiteOf } from "../../values/system";
import { KAFKA_DEFAULTS } from "./defaults";
import { topic as topicName, topicPrefix } from "./topic-forms";

/** A node id of Kafka, which keeps those from 1000 on for itself. */
export const nodeId = () => form.wholeNumber(0, 999, "0–999, Kafka's range of node ids", "renumber it");

/** A port that Kubernetes opens on every node (its default range). */
export const nodePort = () =>
  form.wholeNumber(30000, 32767, "30000–32767", "choose a NodePort in that range that nothing else of the site uses");

const broker = z.strictObject({
  id: nodeId().describe("Node id in the Kafka cluster"),
  nodePort: nodePort()
    .optional()
    .describe("Port on every node by which clients outside the cluster reach this broker, for access nodeport"),
});

const access = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("nodeport"),
      bootstrapNodePort: nodePort()
        .default(KAFKA_DEFAULTS.access.bootstrapNodePort)
        .describe("Port on every node by which clients find the brokers at first"),
    })
    .describe("Ports of the nodes, one for each broker"),
  z.strictObject({ kind: z.literal("loadbalancer") }).describe("A load balancer for each broker, all on port 9094"),
]);

const client = z.strictObject({
  name: form.kubernetesNameForm(),
  description: line().describe("Who uses the account"),
  prefixes: z.array(topicPrefix()).default([]).describe("Topics by the beginning of their names"),
  topics: z.array(topicName()).default([]).describe("Topics by their whole names"),
  access: z
    .enum(["all", "mirror", "read", "read-write"])
    .describe("What it may do with them: everything; read them and their settings; read; read and write"),
  login: z
    .enum(["scram", "tls"])
    .default("scram")
    .describe(
      "How it logs in: by password, inside the cluster and outside; or by a certificate that Strimzi makes, inside only (port 9093), since the listener outside takes passwords only",
    ),
  consumes: z.boolean().default(false).describe("Whether it may join consumer groups"),
  cluster: z.boolean().default(false).describe("Whether it may describe the cluster, as SAL's producers do"),
});

const topic = z.strictObject({
  name: topicName(),
  partitions: form.count(COUNTS.partitions).default(1),
});

const kafka = z.strictObject({
  version: form.version().default(KAFKA_DEFAULTS.version),
  metadataVersion: form
    .matching(/^\d+\.\d+-IV\d+$/, "a metadata version of Kafka (4.3-IV0)", "copy it from Strimzi's table")
    .default(KAFKA_DEFAULTS.metadataVersion),
  controllerIds: z
    .array(nodeId())
    .min(1)
    .default([...KAFKA_DEFAULTS.controllerIds])
    .describe("Node ids of the KRaft controllers"),
  controllerDisk: amount.disk().default(KAFKA_DEFAULTS.controllerDisk),
  controllerResources: resources(KAFKA_DEFAULTS.controllerResources, { java: true }),
  brokers: z.array(broker).min(1).describe("Brokers in order: the first one is kafka-0 outside the cluster"),
  brokerDisk: amount.disk().describe("Volume of each broker"),
  brokerResources: resources(KAFKA_DEFAULTS.brokerResources, { java: true }),
  brokerClass: form
    .kubernetesNameForm()
    .optional()
    .describe("Storage class of the brokers, one of those in storage; the site's when left out"),
  brokerNodeSelector: labelsForm().default({}).describe("Labels of the nodes that may run brokers"),
  entityOperatorResources: resources(KAFKA_DEFAULTS.entityOperatorResources, { java: true }),
  access: access.prefault(KAFKA_DEFAULTS.access).describe("How clients outside the cluster reach the brokers"),
  replication: form
    .positive("a whole number from 1, at most the number of brokers")
    .default(KAFKA_DEFAULTS.replication),
  minInSyncReplicas: form
    .positive("a whole number from 1, at most the replication")
    .default(KAFKA_DEFAULTS.minInSyncReplicas),
  retention: amount.duration().describe("How long brokers keep messages and consumers' offsets"),
  retentionBytes: amount
    .partitionSize()
    .optional()
    .describe("Most that a partition keeps, whatever its age; no limit when left out"),
  maxMessageBytes: form
    .count(COUNTS.message, `bytes from ${COUNTS.message.least} to ${COUNTS.message.most}`)
    .default(KAFKA_DEFAULTS.maxMessageBytes),
  clients: z.array(client).default([]).describe("Accounts of programs outside this deployment"),
  topics: z.array(topic).default([]).describe("Topics that this program makes; SAL's producers make their own"),
});

/** Kafka's section of a site's file. */
export const schema = { kafka };

/** What a site's file says of Kafka. */
export type KafkaSite = SiteOf<typeof schema>;
