/** How much data arrives. */
import { count } from "../values/forms";
import { COUNTS } from "../values/limits";
import type { SiteOf, System } from "../values/system";

const schema = {
  ingestBytesPerSecond: count(COUNTS.ingest, "bytes per second above 0", "leave it out where nobody knows")
    .optional()
    .describe("What arrives in Kafka, for the rule on disks"),
};

/** What a site's file says of the data that arrive. */
export type IngestSite = SiteOf<typeof schema>;

/** What arrives in Kafka, from which rules compute disks. */
export const ingest = {
  schema,
  unjudged: ({ ingestBytesPerSecond }) =>
    ingestBytesPerSecond === undefined
      ? ["ingestBytesPerSecond: left out, so nothing checks whether Kafka's and InfluxDB's volumes hold what they keep"]
      : [],
} satisfies System<IngestSite>;
