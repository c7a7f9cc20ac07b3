/** What a site has of its CSCs: topics, subjects, consumers, records and points. */
import type { Environment } from "../../environments/schema";
import { KNOWN_CSCS } from "../../environments/systems/kafka/sal";
import { UserError } from "../../ground/errors";
import type { SiteClients } from "../shared/clients/clients";
import type { GroupState, Kafka, TopicState } from "../shared/clients/kafka";
import { type Consumer, consumersOf, topicsOf } from "../shared/ingest/consumers";
import { newestPoints } from "../shared/ingest/newest-points";
import { cscOf } from "./topics";

/** Milliseconds before the newest record within which points are looked for. */
const WINDOW = 3_600_000;

/** Topics by CSC, in order of their names; those of CSCs that this program does not know are among them. */
export async function topicsByCsc(kafka: Kafka): Promise<Map<string, TopicState[]>> {
  const found = new Map<string, TopicState[]>(KNOWN_CSCS.map((csc) => [csc, []]));
  for (const topic of await kafka.topics()) {
    const csc = cscOf(topic.name);
    if (csc !== undefined) found.set(csc, [...(found.get(csc) ?? []), topic]);
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Consumers that read at least one of these topics. */
export function readersOf(site: Environment, topics: readonly string[]): Consumer[] {
  return consumersOf(site).filter((consumer) => topicsOf(consumer, topics).length > 0);
}

/** Topics that nothing writes into InfluxDB. */
export function unreadOf(site: Environment, topics: readonly string[]): string[] {
  const writers = consumersOf(site).filter(({ database }) => database !== undefined);
  return topics.filter((topic) => !writers.some((consumer) => topicsOf(consumer, [topic]).length > 0));
}

/** What to write into the site's file, so that topics of a CSC are written into InfluxDB. */
export function lineFor(csc: string): string {
  return `telegraf.consumers: { name: "${csc.toLowerCase()}", topics: allTopicsOf("${csc}") }, or allTopicsOf(…, "${csc}") in the topics of a consumer that is there`;
}

/** Records that a consumer has not read of these topics. */
export function unreadRecords(group: GroupState | undefined, topics: readonly string[]): number {
  const own = new Set(topics);
  return (group?.offsets ?? [])
    .filter(({ topic }) => own.has(topic))
    .reduce((sum, { begin, end, offset = begin }) => sum + Math.max(0, end - Math.max(offset, begin)), 0);
}

/** Topics of which no member of a group has a partition. */
export function notTaken(group: GroupState | undefined, topics: readonly string[]): string[] {
  const taken = new Set(group?.offsets.filter(({ assigned }) => assigned).map(({ topic }) => topic));
  return topics.filter((topic) => !taken.has(topic));
}

/** Times of newest points, in milliseconds since 1970, by topic. */
interface Points {
  readonly times: ReadonlyMap<string, number>;
  /** Why InfluxDB does not say it. @default - it does */
  readonly silence?: string;
}

/**
 * Newest points of topics that were written at these times. What keeps InfluxDB from answering is no error: the topics are
 * there all the same.
 */
export async function pointsOf(
  site: Environment,
  clients: Pick<SiteClients, "influxdb">,
  records: ReadonlyMap<string, number>,
): Promise<Points> {
  const topics = [...records.keys()];
  const databases = [...new Set(readersOf(site, topics).flatMap(({ database }) => database ?? []))];
  const times = new Map<string, number>();
  try {
    for (const database of databases) {
      const writers = consumersOf(site).filter((one) => one.database === database);
      const own = topics.filter((topic) => writers.some((consumer) => topicsOf(consumer, [topic]).length > 0));
      const since = Math.min(...own.map((topic) => records.get(topic) ?? 0)) - WINDOW;
      for (const [topic, time] of await newestPoints(await clients.influxdb("reader"), database, own, since))
        times.set(topic, Math.max(time, times.get(topic) ?? 0));
    }
    return { times };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { times, silence: error.message };
  }
}
