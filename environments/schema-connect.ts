/** The form of what runs in Kafka Connect: sinks into InfluxDB, the sink into S3, the mirror of another site. */
import { z } from "zod";
import { DEFAULTS } from "./defaults";
import { database, positive, resources, webAddress } from "./schema-parts";
import * as unit from "../ground/units";

const tasks = () => positive().default(1).describe("Tasks that share the topics");

const sink = z.strictObject({
  name: unit.kubernetesName().describe("Name of the connector; its consumer group is connect-<name>"),
  topics: z.array(unit.topic()).min(1).describe("Topics by their whole names: the connector takes no pattern"),
  database: database().default(DEFAULTS.telegraf.database),
  timestampField: z
    .string()
    .min(1)
    .default(DEFAULTS.telegraf.timestampField)
    .describe("Field with the time: seconds with a fraction, or whole milliseconds"),
  tags: z.array(z.string().min(1)).default([]).describe("Fields that become tags"),
  tasks: tasks(),
});

const s3 = z.strictObject({
  name: unit.kubernetesName().default(DEFAULTS.connect.s3.name).describe("Name of the connector"),
  bucket: z.string().min(3),
  region: z.string().min(1),
  storeUrl: webAddress().optional().describe("Address of a store that is not Amazon's"),
  topics: z.array(unit.topicPattern()).min(1).describe("What it takes; * stands for any characters"),
  tasks: tasks(),
});

/** Kafka Connect and its connectors. */
export const connect = z
  .strictObject({
    image: unit
      .image()
      .optional()
      .describe(
        "Image with the connectors below /opt/kafka/plugins, made from Strimzi's own; left out, it is the input connect_image",
      ),
    replicas: positive().default(DEFAULTS.connect.replicas),
    heap: unit.quantity().default(DEFAULTS.connect.heap).describe("Heap of each worker's Java machine"),
    resources: resources(DEFAULTS.connect.resources),
    sinks: z
      .array(sink)
      .default([])
      .describe("Connectors that write topics into InfluxDB; empty while their topics move to Telegraf"),
    s3: s3.optional().describe("Writes topics into a bucket, as Parquet; left out, none does"),
  })
  .describe("Kafka Connect; left out, there is none");

/** The copy of another site's topics. */
export const mirror = z
  .strictObject({
    source: z
      .strictObject({
        alias: unit.kubernetesName().describe("Short name of the other cluster"),
        bootstrap: z
          .string()
          .regex(/^[a-z0-9.-]+:\d{2,5}$/, { error: "allowed <host>:<port>, name a broker of the other site" })
          .describe("Where its brokers are found, over TLS with a certificate that every system knows"),
        user: unit.kubernetesName().describe("Account there; its password is the secret mirror-source"),
      })
      .describe("Whose topics are copied"),
    alias: unit.kubernetesName().describe("Short name of this site's cluster"),
    topics: z
      .array(unit.mirroredTopic())
      .min(1)
      .describe("What is copied, under the same names; * stands for any characters"),
    tasks: tasks(),
    resources: resources(DEFAULTS.mirror.resources),
  })
  .describe("MirrorMaker 2, which copies another site's topics here; left out, there is none");
