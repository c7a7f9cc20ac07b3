/** Shards of InfluxDB, which it writes, and drops, as a whole. */

/** Hours of a shard: less than the retention, and for long retentions seven days, InfluxDB's own choice. */
export function shardHours(retentionHours: number): number {
  if (retentionHours >= 14 * 24) return 7 * 24;
  return retentionHours >= 2 * 24 ? 24 : 1;
}
