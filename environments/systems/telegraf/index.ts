/** Telegraf: consumers that write topics into InfluxDB, and measurements of the nodes. */
import { z } from "zod";
import { NAMESPACE } from "../../../ground/namespaces";
import * as form from "../../values/forms";
import { COUNTS } from "../../values/limits";
import { flushInterval } from "../../values/quantities";
import { resources } from "../../values/resources";
import { fieldName } from "../../values/texts";
import { fixedPods, type Share, type SiteOf, type System } from "../../values/system";
import { nodesOf } from "../cluster/nodes";
import type { ClusterSite } from "../cluster/schema";
import { topicPattern } from "../kafka/topic-forms";
import { TELEGRAF_DEFAULTS } from "./defaults";
import { rules } from "./rules";

/** The Telegraf that runs on every node, where a site measures its nodes. */
export const NODE_METRICS = { cpu: "50m", memory: "64Mi", limit: "256Mi" } as const satisfies Share;

const consumer = z.strictObject({
  name: form.kubernetesNameForm(),
  topics: z.array(topicPattern()).min(1).describe("What it consumes; * stands for any characters"),
  database: form.database().default(TELEGRAF_DEFAULTS.database),
  timestampField: fieldName().default(TELEGRAF_DEFAULTS.timestampField),
  timestampFormat: z.enum(["unix", "unix_ms", "unix_us", "unix_ns"]).default(TELEGRAF_DEFAULTS.timestampFormat),
  tags: z.array(fieldName()).default([]).describe("Fields that become tags"),
  batchSize: form.count(COUNTS.batch).default(TELEGRAF_DEFAULTS.batchSize).describe("Points in one write"),
  flushInterval: flushInterval().default(TELEGRAF_DEFAULTS.flushInterval),
  maxUndelivered: form
    .count(COUNTS.any)
    .default(TELEGRAF_DEFAULTS.maxUndelivered)
    .describe("Messages read and not yet written"),
  repair: form
    .wholeNumber(
      1,
      1_000_000,
      "the number of the repair, a whole number from 1",
      "write 1 for a first repair and a number that was not used yet for each later one, for a group reads once",
    )
    .optional()
    .describe(
      "Adds a second consumer group of this number that reads once all that Kafka still has; left out, there is none",
    ),
  resources: resources(TELEGRAF_DEFAULTS.resources),
});

const schema = {
  telegraf: z
    .strictObject({
      consumers: z.array(consumer).default([]),
      measuresNodes: z
        .boolean()
        .default(false)
        .describe("Whether a Telegraf on every node writes the node's CPU, memory, disks and network into InfluxDB"),
    })
    .prefault({})
    .describe("Consumers that write Kafka's topics into InfluxDB"),
};

/** What a site's file says of Telegraf. */
export type TelegrafSite = SiteOf<typeof schema>;

/** Telegraf. */
export const telegraf = {
  schema,
  pods: (site) => [
    ...site.telegraf.consumers.map(({ resources }, i) => ({
      path: ["telegraf", "consumers", i, "resources"],
      ...resources,
      pods: 1,
    })),
    ...(site.telegraf.measuresNodes ? [fixedPods(NODE_METRICS, nodesOf(site) ?? 1)] : []),
  ],
  namespaces: ({ telegraf: { consumers, measuresNodes } }) => [
    ...(consumers.length > 0 ? [NAMESPACE.telegraf] : []),
    ...(measuresNodes ? [NAMESPACE.telegrafDs] : []),
  ],
  uniqueNames: ({ telegraf }) => [
    { path: ["telegraf", "consumers"], names: telegraf.consumers.map(({ name }) => name) },
    ...telegraf.consumers.flatMap(({ topics, tags }, i) => [
      { path: ["telegraf", "consumers", i, "topics"], names: topics, remedy: "leave one of them out" },
      { path: ["telegraf", "consumers", i, "tags"], names: tags, remedy: "leave one of them out" },
    ]),
  ],
  rules,
  topics: ({ telegraf }) =>
    telegraf.consumers.map(({ topics }, i) => ({
      path: ["telegraf", "consumers", i, "topics"],
      names: topics,
      kind: "patterns",
    })),
  // A consumer with `repair` has a second consumer group that writes all records again on purpose: it is not a second sink.
  sinks: ({ telegraf }) =>
    telegraf.consumers.map((consumer, i) => ({ ...consumer, path: ["telegraf", "consumers", i] })),
  reservedNames: { accounts: ["telegraf"], databases: ["telegraf"] },
} satisfies System<TelegrafSite & ClusterSite>;
