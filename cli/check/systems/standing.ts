/** The record at which a consumer stands that does not get on. */
import type { Kafka } from "../../shared/clients/kafka";
import type { Registry } from "../../shared/clients/registry";
import { formOf, unreadableForm } from "../../shared/ingest/schema-id";
import { UserError } from "../../../ground/errors";
import type { Verdict } from "../model/verdict";
import { type ConsumerFacts, lagOf } from "./consumer-facts";

/** How many partitions are looked at, and how many records of each. */
const PARTITIONS = 3;
const RECORDS = 500;

/** Whether somebody should look at what a consumer stands before: it does not run, or points are late. */
export function stands({ program, members }: ConsumerFacts, { level }: Verdict): boolean {
  return level === "fail" || program?.isReady === false || members === 0;
}

/**
 * One verdict for each partition that a consumer has not read to its end, with the first record that it cannot read.
 * Where all can be read it says so: the reason is another one then.
 */
export async function standingVerdicts(
  kafka: Kafka,
  registry: Registry,
  { consumer, behind }: ConsumerFacts,
): Promise<Verdict[]> {
  const known = new Map<number, Promise<boolean>>();
  const hasSchema = (schema: number): Promise<boolean> => {
    const asked = known.get(schema) ?? registry.hasSchema(schema);
    known.set(schema, asked);
    return asked;
  };
  const verdicts = behind.slice(0, PARTITIONS).map(async (one): Promise<Verdict> => {
    const { topic, partition, begin, offset = begin } = one;
    const from = Math.max(offset, begin);
    const found = await firstUnreadable(kafka, topic, partition, from, hasSchema);
    const at = `topic ${topic}, partition ${partition}`;
    const verdict = { what: `${consumer.name} stands`, healthy: "records that can be read" };
    const where = `before ${at}, offset ${from} (${lagOf(one)} records unread)`;
    if (found.kind !== "unreadable")
      return {
        level: "warn",
        ...verdict,
        measured: `${where}: ${found.kind === "none" ? `${found.seen} records from there can be read` : found.why}`,
        remedy: "the reason is another one than a record: see its log",
      };
    return {
      level: "fail",
      ...verdict,
      measured: `${where}: the record at ${at}, offset ${found.offset} cannot be read: ${found.why}`,
      remedy: `where it does not get past it by itself in ten minutes, step over it: STEP_OVER='${consumer.group} ${topic} ${partition} ${found.offset}'`,
      page: "docs/operations.md",
    };
  });
  return Promise.all(verdicts);
}

type Found =
  | { readonly kind: "unreadable"; readonly offset: number; readonly why: string }
  | { readonly kind: "none"; readonly seen: number }
  | { readonly kind: "unknown"; readonly why: string };

async function firstUnreadable(
  kafka: Kafka,
  topic: string,
  partition: number,
  from: number,
  hasSchema: (schema: number) => Promise<boolean>,
): Promise<Found> {
  try {
    const records = await kafka.records(topic, partition, from, RECORDS);
    for (const { offset, value } of records) {
      const form = formOf(value);
      if (form.kind !== "avro") return { kind: "unreadable", offset, why: unreadableForm(form) };
      if (!(await hasSchema(form.schema)))
        return { kind: "unreadable", offset, why: `the registry has no schema ${form.schema}` };
    }
    if (records.length === 0)
      return { kind: "unknown", why: "Kafka gives no record from there: see whether a broker leads the partition" };
    return { kind: "none", seen: records.length };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { kind: "unknown", why: error.message };
  }
}
