/** The form of Kafka Connect: sinks into InfluxDB, and the sink into S3. */
import { z } from "zod";
import * as form from "../../values/forms";
import { COUNTS } from "../../values/limits";
import { heap } from "../../values/quantities";
import { resources } from "../../values/resources";
import * as text from "../../values/texts";
import type { SiteOf } from "../../values/system";
import { topic, topicPattern } from "../kafka/topic-forms";
import { TELEGRAF_DEFAULTS } from "../telegraf/defaults";

/** What Kafka Connect gets when a site says nothing. */
export const CONNECT_DEFAULTS = {
  replicas: 1,
  /** argocd-efd, ncsa-int. */
  heap: "2Gi",
  /** Ours: the heap and what Java takes beside it. */
  resources: { requests: { cpu: "500m", memory: "2560Mi" }, limits: { cpu: "2", memory: "3Gi" } },
  /** Name of the sink into S3. */
  s3Name: "s3-sink",
} as const;

/** Number of tasks of a connector. */
export const tasks = () => form.count(COUNTS.tasks).default(1).describe("Tasks that share the topics");

const sink = z.strictObject({
  name: form.kubernetesNameForm().describe("Name of the connector; its consumer group is connect-<name>"),
  topics: z.array(topic()).min(1).describe("Topics by their whole names: the connector takes no pattern"),
  database: form.database().default(TELEGRAF_DEFAULTS.database),
  timestampField: text
    .fieldName()
    .default(TELEGRAF_DEFAULTS.timestampField)
    .describe("Field with the time: seconds with a fraction, or whole milliseconds"),
  tags: z.array(text.fieldName()).default([]).describe("Fields that become tags"),
  tasks: tasks(),
});

const s3 = z.strictObject({
  name: form.kubernetesNameForm().default(CONNECT_DEFAULTS.s3Name).describe("Name of the connector"),
  bucket: text.s3Bucket(),
  region: text.region(),
  storeUrl: form.serviceAddress().optional().describe("Address of a store that is not Amazon's"),
  topics: z.array(topicPattern()).min(1).describe("What it takes; * stands for any characters"),
  tasks: tasks(),
});

const connect = z
  .strictObject({
    image: form
      .imageForm()
      .optional()
      .describe(
        "Image with the connectors below /opt/kafka/plugins, made from Strimzi's own; left out, it is the input connect_image",
      ),
    replicas: form.count(COUNTS.replicas).default(CONNECT_DEFAULTS.replicas),
    heap: heap().default(CONNECT_DEFAULTS.heap).describe("Heap of each worker's Java machine"),
    resources: resources(CONNECT_DEFAULTS.resources, { java: true }),
    sinks: z
      .array(sink)
      .default([])
      .describe(
        "Connectors that write topics into InfluxDB and do not wait for it: what it cannot take is lost. telegraf.consumers try again",
      ),
    s3: s3.optional().describe("Writes topics into a bucket, as Parquet; left out, none does"),
  })
  .describe("Kafka Connect; left out, there is none");

/** The section on Kafka Connect of a site's file. */
export const schema = { connect: connect.optional() };

/** What a site's file says of Kafka Connect. */
export type ConnectSite = SiteOf<typeof schema>;
