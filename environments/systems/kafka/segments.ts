/** Segments of Kafka's log, which it writes, and deletes, as a whole. */

/** Size of a segment: 128 MiB, an eighth of Kafka's default. */
export const SEGMENT_BYTES = 134_217_728;

/**
 * Hours after which a segment that is not full ends, too. Kafka never deletes the one that it writes to, and any other
 * when its newest message is older than the retention: so it keeps messages for the retention and up to this longer.
 */
export function rollHours(retentionHours: number): number {
  return Math.min(retentionHours, 24);
}
