/** InfluxDB, which keeps the EFD. */
import { z } from "zod";
import { NAMESPACE } from "../../../ground/namespaces";
import { bytes, hours } from "../../../ground/units";
import type { IngestSite } from "../../general/ingest";
import { gibibytes } from "../../values/amounts";
import * as amount from "../../values/quantities";
import { resources } from "../../values/resources";
import { type SiteRule, when } from "../../values/rule";
import type { SiteOf, System } from "../../values/system";
import { shardHours } from "./shards";

/** What InfluxDB gets when a site says nothing. */
export const INFLUXDB_DEFAULTS = {
  resources: { requests: { cpu: "1", memory: "4Gi" }, limits: { cpu: "8", memory: "16Gi" } },
  /** terraform-efd: what Telegraf says of itself. */
  telegrafRetention: "4w",
  /** Ours: the first start after another index or a crash reads every shard of a large volume. */
  startup: "4h",
} as const;

const schema = {
  influxdb: z.strictObject({
    disk: amount.disk().describe("Volume of InfluxDB"),
    retention: amount.retention().describe("How long InfluxDB keeps the EFD, and alerts of it"),
    telegrafRetention: amount
      .retention()
      .default(INFLUXDB_DEFAULTS.telegrafRetention)
      .describe("How long it keeps what Telegraf says of itself"),
    startup: amount
      .startTime()
      .default(INFLUXDB_DEFAULTS.startup)
      .describe("How long it may take to start before Kubernetes starts it anew; a deploy waits as long"),
    resources: resources(INFLUXDB_DEFAULTS.resources),
  }),
};

/** What a site's file says of InfluxDB. */
export type InfluxdbSite = SiteOf<typeof schema>;

type Site = InfluxdbSite & IngestSite;

/**
 * Bytes on InfluxDB's disk for each byte that Kafka receives. The live test of SQR-029 filled 700 MB an hour at 1330
 * messages a second: 146 bytes a message, which is not more than the message takes as Avro. So 1 is a safe upper bound.
 */
const BYTES_PER_BYTE = 1;

/**
 * What InfluxDB keeps must fit its volume: the retention, and one shard more, for it drops a shard when its last point
 * is too old. `forever` fits no volume: `unjudged` says when it is full.
 */
const ingestFitsInfluxdb: SiteRule<Site> = ({ ingestBytesPerSecond: ingest, influxdb }) => {
  const kept = hours(influxdb.retention);
  if (ingest === undefined || kept === Infinity) return [];
  const shard = shardHours(kept);
  const needed = ingest * 3600 * (kept + shard) * BYTES_PER_BYTE;
  return when(
    needed > bytes(influxdb.disk),
    ["influxdb", "disk"],
    `at least ${gibibytes(needed)} for ${ingest} bytes/s kept ${influxdb.retention} and a shard of ${shard}h`,
    "take a larger volume or a shorter retention",
  );
};

function unjudged({ influxdb: { disk, retention }, ingestBytesPerSecond: ingest }: Site): string[] {
  if (ingest === undefined || retention !== "forever") return [];
  const days = Math.floor(bytes(disk) / (ingest * 86400 * BYTES_PER_BYTE));
  return [`influxdb.retention: forever, so ${disk} are full after ${days} days`];
}

/** InfluxDB. */
export const influxdb = {
  schema,
  rules: [ingestFitsInfluxdb],
  pods: ({ influxdb }) => [{ path: ["influxdb", "resources"], ...influxdb.resources, pods: 1 }],
  volumes: ({ influxdb }) => [{ size: influxdb.disk, volumes: 1 }],
  hosts: () => ["influxdb"],
  namespaces: () => [NAMESPACE.influxdb],
  unjudged,
} satisfies System<Site>;
