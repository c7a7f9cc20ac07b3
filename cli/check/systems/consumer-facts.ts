/** What is known of a consumer: its pods, what Kafka has of its topics and group, what InfluxDB has. */
import type { GroupOffset, GroupState, RecordPlace, TopicState } from "../../shared/clients/kafka";
import { type Consumer, topicsOf } from "../../shared/ingest/consumers";
import type { LiveObject } from "../../shared/kubernetes/client";
import { conditionOf, isTrue } from "../../shared/kubernetes/conditions";
import { allContainersOf, containersOf } from "../../shared/kubernetes/containers";
import { type NodeStarts, startedWithNode } from "./node-starts";

/** How a consumer's program runs. */
export interface ProgramState {
  readonly isReady: boolean;
  /** How often its containers were restarted. */
  readonly restarts: number;
  /** When a container ended last that did not start again with its node, in milliseconds since 1970. @default - none did */
  readonly ended?: number;
  /** Why it does not run, in Kubernetes' words: `CrashLoopBackOff`. @default - it runs */
  readonly reason?: string;
}

/** A topic of a consumer: its newest record, and its newest point. */
export interface Arrival {
  readonly topic: string;
  /** Milliseconds since 1970. */
  readonly record: number;
  /** Milliseconds since 1970. @default - no point in the hour before the record */
  readonly point?: number;
}

/** What was seen of a consumer. */
export interface ConsumerFacts {
  readonly consumer: Consumer;
  /** How its pod runs. @default - there is none */
  readonly program?: ProgramState;
  /** Its topics that Kafka has. */
  readonly topics: readonly string[];
  /** Its topics of which no member has a partition, although brokers lead all of them. */
  readonly unread: readonly string[];
  /** Its topics with a partition that no broker leads: what is unread there nobody can say. */
  readonly leaderless: readonly string[];
  readonly members: number;
  /** State of its group. */
  readonly state: string;
  /** Records that it has not read, at the first look and at the second. */
  readonly lag: readonly [number, number];
  /** Partitions with records that it has not read, the most of them first. */
  readonly behind: readonly GroupOffset[];
  /** Time of the newest record of all its topics, in milliseconds since 1970. @default - Kafka has none */
  readonly newest?: number;
  readonly arrivals: readonly Arrival[];
  /** Why InfluxDB does not say what has arrived. @default - it says it */
  readonly silence?: string;
}

/** Records of a partition that a group has not read. */
export function lagOf({ begin, end, offset = begin }: GroupOffset): number {
  // What Kafka deleted meanwhile nobody reads any more.
  return Math.max(0, end - Math.max(offset, begin));
}

/** What Kafka says of a consumer, by two looks at its group. */
export function kafkaFacts(
  consumer: Consumer,
  states: readonly TopicState[],
  groups: readonly [GroupState | undefined, GroupState | undefined],
  newest: ReadonlyMap<string, RecordPlace>,
): Omit<ConsumerFacts, "consumer" | "program" | "arrivals" | "silence"> {
  const topics = topicsOf(
    consumer,
    states.map(({ name }) => name),
  );
  const own = new Set(topics);
  const [before, after] = groups.map((group) => (group?.offsets ?? []).filter(({ topic }) => own.has(topic)));
  const sum = (offsets: readonly GroupOffset[] = []) => offsets.reduce((total, one) => total + lagOf(one), 0);
  const taken = new Set(after?.filter(({ assigned }) => assigned).map(({ topic }) => topic));
  const leaderless = states
    .filter(({ name, partitions }) => own.has(name) && partitions.some(({ leader }) => leader < 0))
    .map(({ name }) => name);
  const times = topics.flatMap((topic) => newest.get(topic)?.time ?? []);
  return {
    topics,
    unread: topics.filter((topic) => !taken.has(topic) && !leaderless.includes(topic)),
    leaderless,
    members: groups[1]?.members ?? 0,
    state: groups[1]?.state ?? "Dead",
    lag: [sum(before), sum(after)],
    behind: (after ?? []).filter((one) => lagOf(one) > 0).sort((a, b) => lagOf(b) - lagOf(a)),
    ...(times.length > 0 && { newest: Math.max(...times) }),
  };
}

/** Topics of a consumer whose points are looked for: those with the newest records, and those with most that is unread. */
export function topicsToLookAt(
  { topics, behind }: Pick<ConsumerFacts, "topics" | "behind">,
  newest: ReadonlyMap<string, RecordPlace>,
): string[] {
  const time = (topic: string) => newest.get(topic)?.time ?? 0;
  const last = topics.filter((topic) => newest.has(topic)).sort((a, b) => time(b) - time(a));
  const most = behind.map(({ topic }) => topic).filter((topic) => newest.has(topic));
  return [...new Set([...last.slice(0, 4), ...most.slice(0, 1)])];
}

/** How a pod runs. */
export function programState(pod: LiveObject, starts: NodeStarts): ProgramState {
  const all = allContainersOf(pod);
  const isReady = isTrue(pod, "Ready");
  const ended = all
    .filter((status) => startedWithNode(pod, status, starts) === undefined)
    .flatMap(({ lastState }) => Date.parse(lastState?.terminated?.finishedAt ?? "") || []);
  const scheduled = conditionOf(pod, "PodScheduled");
  const reason =
    all.flatMap(({ state }) => state?.waiting?.reason ?? []).find((one) => one !== "PodInitializing") ??
    containersOf(pod, "containerStatuses").flatMap(({ state }) => state?.terminated?.reason ?? [])[0] ??
    (scheduled?.status === "False" ? scheduled.message : undefined) ??
    (pod.status?.["phase"] as string | undefined);
  return {
    isReady,
    restarts: all.reduce((sum, { restartCount }) => sum + restartCount, 0),
    ...(ended.length > 0 && { ended: Math.max(...ended) }),
    ...(!isReady && reason !== undefined && { reason }),
  };
}

/**
 * How a consumer's pod runs; a connector runs as well as the worst of Connect's. Pods that have ended, as those that were
 * evicted, stay in the list for long and are replaced: they count only where nothing else is there.
 */
export function programOf(
  { kind, workload }: Consumer,
  pods: readonly LiveObject[],
  starts: NodeStarts,
): ProgramState | undefined {
  const isOwn = ({ metadata: { labels = {} } }: LiveObject): boolean =>
    kind === "telegraf"
      ? labels["app.kubernetes.io/instance"] === workload
      : labels["strimzi.io/kind"] === "KafkaConnect";
  const own = pods.filter(isOwn);
  const alive = own.filter(({ status }) => !["Succeeded", "Failed"].includes(String(status?.["phase"])));
  const states = (alive.length > 0 ? alive : own).map((pod) => programState(pod, starts));
  return states.find(({ isReady }) => !isReady) ?? states[0];
}
