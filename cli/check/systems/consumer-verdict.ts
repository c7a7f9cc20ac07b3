/** Whether data flow through a consumer, judged by what arrives: that it runs is not believed. */
import { S3_FILE_RECORDS } from "../../../constructs/connect/access";
import { NAMESPACE } from "../../../ground/namespaces";
import { duration } from "../../shared/terminal/duration";
import type { Verdict } from "../model/verdict";
import type { Arrival, ConsumerFacts } from "./consumer-facts";
import { some } from "../../shared/terminal/some";

/**
 * How much older than the newest record of a topic its newest point may be, in seconds: a consumer flushes every ten
 * seconds (environments/systems/telegraf), and Kafka dates a record later than its producer.
 */
const LATE_SECONDS = 60;
/** Milliseconds after the end of a container within which it is said. */
const RECENT = 3_600_000;

/** How many looks apart, at five seconds each, Kafka Connect may commit what it has read: twice a minute's worth. */
const COMMIT_LOOKS = 24;

const PAGE = "docs/operations.md";
const REFUSED = "docs/runbooks/refused-points.md";

const ago = (milliseconds: number): string => duration(milliseconds / 1000);

/** What is wrong with a consumer. */
type Wrong = Pick<Verdict, "level" | "remedy" | "page"> & { readonly because: string };

/** How late a topic's points are, in milliseconds; endless where there is none in the hour before the record. */
const lateness = ({ record, point = -Infinity }: Arrival): number => record - point;

/** The verdict on a consumer of a site. */
export function consumerVerdict(facts: ConsumerFacts, now: number, site: string): Verdict {
  const wrong = wrongOf(facts, now, site);
  const measured = measuredOf(facts, now);
  return {
    level: wrong?.level ?? "ok",
    what: `${facts.consumer.kind === "telegraf" ? "consumer" : "connector"} ${facts.consumer.name}`,
    measured: wrong ? `${wrong.because}; ${measured}` : measured,
    healthy: facts.consumer.database
      ? `newest point at most ${LATE_SECONDS} s older than the newest record of its topic`
      : "nothing unread, or less at each look",
    ...(wrong?.remedy !== undefined && { remedy: wrong.remedy }),
    ...(wrong?.page !== undefined && { page: wrong.page }),
  };
}

function measuredOf({ arrivals, lag: [, lag], members, newest, silence, topics }: ConsumerFacts, now: number): string {
  const points = arrivals.flatMap(({ point }) => point ?? []);
  return [
    ...(points.length > 0 ? [`newest point ${ago(now - Math.max(...points))} old`] : []),
    ...(silence === undefined ? [] : [`InfluxDB does not say what has arrived: ${silence}`]),
    newest === undefined
      ? `no data is produced: no record in its ${topics.length} topics`
      : `newest record ${ago(now - newest)} old`,
    `${lag} records unread`,
    `${members} ${members === 1 ? "member" : "members"} in its group`,
  ].join(", ");
}

function wrongOf(facts: ConsumerFacts, now: number, site: string): Wrong | undefined {
  return [programWrong, groupWrong, leadersWrong, flowWrong, topicsWrong, restartsWrong]
    .flatMap((look) => look(facts, now, site) ?? [])
    .sort((a, b) => RANK.indexOf(a.level) - RANK.indexOf(b.level))[0];
}

const RANK = ["fail", "unknown", "warn", "ok"] as const;

const logsOf = ({ consumer: { kind, workload } }: Pick<ConsumerFacts, "consumer">): string =>
  kind === "telegraf"
    ? `kubectl -n ${NAMESPACE.telegraf} logs deployment/${workload} --tail=50`
    : `kubectl -n ${NAMESPACE.kafka} logs -l strimzi.io/kind=KafkaConnect --tail=100`;

function programWrong(facts: ConsumerFacts, _now: number, site: string): Wrong | undefined {
  const { program, consumer } = facts;
  if (!program)
    return {
      level: "fail",
      because: "it has no pod",
      remedy: `npm run power -- ${site} up starts what it stopped; where it did not, see why: kubectl -n ${consumer.namespace} get deployments,pods`,
      page: PAGE,
    };
  if (program.isReady) return undefined;
  return {
    level: "fail",
    because: `its pod is not ready: ${program.reason ?? "no reason given"}, ${program.restarts} restarts`,
    remedy: `see its log: ${logsOf(facts)}`,
    page: PAGE,
  };
}

function groupWrong(facts: ConsumerFacts): Wrong | undefined {
  const { members, state, topics } = facts;
  if (members > 0 || topics.length === 0) return undefined;
  return {
    level: "fail",
    because: `nobody reads: its group ${facts.consumer.group} is ${state}`,
    remedy: `see whether Kafka lets it in: ${logsOf(facts)}`,
    page: PAGE,
  };
}

/** Nobody writes or reads a partition without a leader, and Kafka says of it neither what is unread nor what is newest. */
function leadersWrong({ leaderless }: ConsumerFacts): Wrong | undefined {
  if (leaderless.length === 0) return undefined;
  return {
    level: "fail",
    because: `no broker leads partitions of ${leaderless.length} of its topics, so nobody writes or reads them: ${some(leaderless)}`,
    remedy: "see the lines on kafka: bring the brokers back that have copies of them",
    page: PAGE,
  };
}

/** RUNNING is not believed: what counts is that points arrive, and that less and less is unread where they are late. */
function flowWrong(facts: ConsumerFacts, now: number): Wrong | undefined {
  const { arrivals, lag, silence, consumer, behind } = facts;
  const [before, after] = lag;
  const shrinks = after < before;
  if (silence !== undefined)
    return { level: "unknown", because: "nobody knows what has arrived", remedy: "see the lines on influxdb" };
  if (consumer.database === undefined) return bucketWrong(facts);
  const ahead = arrivals.filter(({ record, point = record }) => Math.max(record, point) > now + LATE_SECONDS * 1000);
  const late = arrivals.filter((one) => !ahead.includes(one) && lateness(one) > LATE_SECONDS * 1000);
  if (late.length === 0) return aheadWrong(ahead, now);
  const worst = late.reduce((one, other) => (lateness(other) > lateness(one) ? other : one));
  const because = `points of ${some(late.map(({ topic }) => topic))} are missing: ${
    worst.point === undefined ? "none in the hour before the newest record" : `${ago(lateness(worst))} late`
  }`;
  // What is unread of other topics says nothing of these.
  const isUnread = behind.some(({ topic }) => late.some((one) => one.topic === topic));
  if (isUnread && shrinks)
    return {
      level: "warn",
      because: `${because}, and it catches up: ${before - after} records fewer unread in seconds`,
      remedy: "wait until nothing is unread, and look again",
    };
  if (isUnread)
    return {
      level: "fail",
      because: `${because}, and what is unread does not become less`,
      remedy: `see what InfluxDB or the registry answers it: ${logsOf(facts)}`,
      page: PAGE,
    };
  return {
    level: "fail",
    because: `${because}, and its group has read all of them: InfluxDB refused them, or the producer's clock is wrong`,
    remedy: "see the lines on refused points, and compare the clocks of producer and brokers",
    page: REFUSED,
  };
}

/** Times that are still to come hide what is missing: the newest point stays as it is, whatever arrives or not. */
function aheadWrong(ahead: readonly Arrival[], now: number): Wrong | undefined {
  if (ahead.length === 0) return undefined;
  const most = Math.max(...ahead.map(({ record, point = record }) => Math.max(record, point)));
  return {
    level: "unknown",
    because: `the newest records or points of ${some(ahead.map(({ topic }) => topic))} are dated up to ${ago(most - now)} ahead, so nobody knows whether more arrive`,
    remedy: "compare the clocks of whoever produces them, of the brokers and of this machine: chronyc tracking",
  };
}

/** A bucket gets files: what is read counts as read when its file is there, so some is always unread. */
function bucketWrong({ lag: [before, after], behind, ...facts }: ConsumerFacts): Wrong | undefined {
  const more = after - before;
  const usual = behind.length * S3_FILE_RECORDS + more * COMMIT_LOOKS;
  if (before === 0 || more <= 0 || after <= usual) return undefined;
  return {
    level: "warn",
    because: `it falls behind: ${more} records more in seconds`,
    remedy: `see what keeps it from writing its files: ${logsOf(facts)}`,
    page: PAGE,
  };
}

function topicsWrong(
  { topics, unread, members, consumer }: ConsumerFacts,
  _now: number,
  site: string,
): Wrong | undefined {
  if (topics.length === 0)
    return {
      level: "warn",
      because: `Kafka has none of its topics (${some(consumer.patterns)})`,
      remedy: `see whether the CSC ever ran here: npm run subsystem -- ${site} list`,
    };
  if (members === 0 || unread.length === 0) return undefined;
  return {
    level: "warn",
    because: `it does not read ${unread.length} of its topics, which it looks for only when it starts: ${some(unread)}`,
    remedy: "rollouts restarts it within five minutes; see the line on it where it does not",
    page: PAGE,
  };
}

function restartsWrong({ program }: ConsumerFacts, now: number): Wrong | undefined {
  if (program?.ended === undefined || now - program.ended > RECENT) return undefined;
  return {
    level: "warn",
    because: `its container ended ${ago(now - program.ended)} ago, ${program.restarts} restarts in all`,
    remedy: "see why: kubectl logs --previous of its pod",
    page: PAGE,
  };
}
