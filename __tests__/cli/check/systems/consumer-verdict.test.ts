import type { ConsumerFacts } from "../../../../cli/check/systems/consumer-facts";
import {
  kafkaFacts,
  lagOf,
  programOf,
  programState,
  topicsToLookAt,
} from "../../../../cli/check/systems/consumer-facts";
import { consumerVerdict } from "../../../../cli/check/systems/consumer-verdict";
import type { LiveObject } from "../../../../cli/shared/kubernetes/client";
import type { Consumer } from "../../../../cli/shared/ingest/consumers";
import { groupOffset } from "../../shared/clients/fake-kafka";

const NOW = Date.parse("2026-11-30T02:00:00Z");
const seconds = (count: number) => NOW - count * 1000;
const TOPIC = "lsst.sal.Test.a";
const consumer: Consumer = {
  kind: "telegraf",
  name: "test",
  patterns: ["lsst.sal.Test.*"],
  group: "telegraf-kafka-consumer-test",
  database: "efd",
  workload: "telegraf-test",
  namespace: "telegraf",
  path: "telegraf.consumers[0].topics",
};
const healthy: ConsumerFacts = {
  consumer,
  program: { isReady: true, restarts: 0 },
  topics: [TOPIC],
  unread: [],
  leaderless: [],
  members: 1,
  state: "Stable",
  lag: [10, 12],
  behind: [],
  newest: seconds(1),
  arrivals: [{ topic: TOPIC, record: seconds(1), point: seconds(11) }],
};

const said = (facts: Partial<ConsumerFacts>): string => {
  const { level, measured } = consumerVerdict({ ...healthy, ...facts }, NOW, "local");
  return `${level}: ${measured}`;
};

test("points that arrive are what counts", () => {
  expect(said({})).toBe("ok: newest point 11 s old, newest record 1 s old, 12 records unread, 1 member in its group");
});

test("nothing that is produced is nothing wrong", () => {
  const old = { topic: TOPIC, record: seconds(86_400), point: seconds(86_401) };
  expect(said({ newest: old.record, arrivals: [old], lag: [0, 0] })).toMatch(/^ok: newest point 24 h old/);
  expect(consumerVerdict({ ...withoutNewest(), arrivals: [], lag: [0, 0] }, NOW, "local")).toMatchObject({
    level: "ok",
    measured: "no data is produced: no record in its 1 topics, 0 records unread, 1 member in its group",
  });
});

const withoutNewest = (): ConsumerFacts => {
  const rest = { ...healthy };
  delete (rest as { newest?: number }).newest;
  return rest;
};

test("points that are late: it catches up, it stands, or they were refused", () => {
  const arrivals = [{ topic: TOPIC, record: seconds(1), point: seconds(301) }];
  const behind = [groupOffset(TOPIC, 0, 500)];
  expect(said({ arrivals, behind, lag: [900, 500] })).toMatch(/^warn: points of .* 5 min late, and it catches up: 400/);
  expect(said({ arrivals, behind, lag: [500, 500] })).toMatch(/^fail: .* what is unread does not become less/);
  expect(said({ arrivals, behind, lag: [500, 900] })).toMatch(/^fail: .* what is unread does not become less/);
  expect(said({ arrivals, lag: [0, 0] })).toMatch(/^fail: .* its group has read all of them: InfluxDB refused them/);
  expect(consumerVerdict({ ...healthy, arrivals, lag: [0, 0] }, NOW, "local").page).toBe(
    "docs/runbooks/refused-points.md",
  );
});

test("what is unread of other topics does not hide that points of one were refused", () => {
  const arrivals = [
    { topic: TOPIC, record: seconds(1), point: seconds(301) },
    { topic: "lsst.sal.Test.b", record: seconds(1), point: seconds(2) },
  ];
  const behind = [groupOffset("lsst.sal.Test.b", 0, 7)];
  expect(said({ arrivals, behind, lag: [12, 7] })).toMatch(
    /^fail: points of lsst.sal.Test.a are missing: .*has read all of them: InfluxDB refused them/,
  );
});

test("times that are still to come are not believed", () => {
  const ahead = { topic: TOPIC, record: seconds(-86_400), point: seconds(-86_400) };
  expect(said({ newest: ahead.record, arrivals: [ahead] })).toMatch(
    /^unknown: the newest records or points of lsst.sal.Test.a are dated up to 24 h ahead/,
  );
  expect(said({ arrivals: [{ topic: TOPIC, record: seconds(1), point: seconds(-3600) }] })).toMatch(/^unknown/);
  // Less than a minute, such as TAI's 37 s, changes nothing.
  expect(said({ arrivals: [{ topic: TOPIC, record: seconds(1), point: seconds(-37) }] })).toMatch(/^ok/);
  const late = { topic: "lsst.sal.Test.b", record: seconds(1), point: seconds(301) };
  expect(said({ arrivals: [ahead, late] })).toMatch(/^fail: points of lsst.sal.Test.b are missing/);
});

test("no point at all", () => {
  expect(said({ arrivals: [{ topic: TOPIC, record: seconds(1) }], lag: [0, 5] })).toMatch(
    /^fail: points of lsst.sal.Test.a are missing: none in the hour before the newest record/,
  );
});

test("InfluxDB that does not answer is not a guess, and a pod that does not run is a failure all the same", () => {
  expect(said({ silence: "influxdb.influxdb:8086 does not answer" })).toMatch(/^unknown: nobody knows/);
  const program = { isReady: false, restarts: 7, reason: "CrashLoopBackOff" };
  expect(said({ silence: "it does not answer", program })).toMatch(
    /^fail: its pod is not ready: CrashLoopBackOff, 7 restarts/,
  );
});

test("no pod, nobody in the group, topics that it does not read, restarts", () => {
  const none = { ...healthy };
  delete (none as { program?: object }).program;
  expect(consumerVerdict(none, NOW, "local")).toMatchObject({
    level: "fail",
    remedy: expect.stringMatching(/^npm run power -- local up starts what it stopped; .*get deployments/) as string,
  });
  expect(said({ members: 0, state: "Empty" })).toMatch(/^fail: nobody reads: its group .* is Empty/);
  expect(said({ unread: ["lsst.sal.Test.b"] })).toMatch(/^warn: it does not read 1 of its topics/);
  expect(said({ topics: [], arrivals: [], members: 0 })).toMatch(/^warn: Kafka has none of its topics/);
  const program = { isReady: true, restarts: 3, ended: seconds(600) };
  expect(said({ program })).toMatch(/^warn: its container ended 10 min ago, 3 restarts in all/);
  expect(said({ program: { ...program, ended: seconds(7200) } })).toMatch(/^ok/);
});

test("a connector into a bucket is judged by what is unread", () => {
  const bucket = { ...consumer };
  delete (bucket as { database?: string }).database;
  const facts = { ...healthy, consumer: { ...bucket, kind: "connect" as const }, arrivals: [] };
  expect(consumerVerdict({ ...facts, lag: [10, 5] }, NOW, "local").level).toBe("ok");
  // A file has a thousand records of a partition, and what is in none yet is unread.
  const behind = [groupOffset(TOPIC, 0, 900)];
  expect(consumerVerdict({ ...facts, behind, lag: [880, 900] }, NOW, "local").level).toBe("ok");
  expect(consumerVerdict({ ...facts, behind, lag: [8980, 9000] }, NOW, "local").level).toBe("warn");
});

test("what Kafka deleted is not unread", () => {
  expect(lagOf({ ...groupOffset(TOPIC, 10, 100), begin: 90 })).toBe(10);
  expect(lagOf(groupOffset(TOPIC, undefined, 100))).toBe(100);
  expect(lagOf(groupOffset(TOPIC, 100, 100))).toBe(0);
});

test("what Kafka says of a consumer: only its own topics count", () => {
  const group = (offset: number) => ({
    name: consumer.group,
    state: "Stable",
    members: 1,
    offsets: [groupOffset(TOPIC, offset, 100), groupOffset("lsst.sal.Other.a", 0, 1000)],
  });
  const newest = new Map([[TOPIC, { partition: 0, offset: 99, time: seconds(5) }]]);
  const state = (name: string, leader = 0) => ({
    name,
    partitions: [{ partition: 0, leader, replicas: [0], inSync: [0], offline: [] }],
  });
  const states = [state(TOPIC), state("lsst.sal.Test.b"), state("lsst.sal.Test2.a")];
  const facts = kafkaFacts(consumer, states, [group(50), group(60)], newest);
  expect(facts).toMatchObject({
    topics: [TOPIC, "lsst.sal.Test.b"],
    unread: ["lsst.sal.Test.b"],
    lag: [50, 40],
    newest: seconds(5),
  });
  // A topic without a leader is not one that the consumer would read after a restart.
  const lost = kafkaFacts(consumer, [state(TOPIC), state("lsst.sal.Test.b", -1)], [group(50), group(60)], newest);
  expect(lost).toMatchObject({ unread: [], leaderless: ["lsst.sal.Test.b"] });
  expect(said(lost)).toMatch(/^fail: no broker leads partitions of 1 of its topics, .*: lsst.sal.Test.b/);
  expect(facts.behind.map(({ topic }) => topic)).toEqual([TOPIC]);
  expect(topicsToLookAt(facts, newest)).toEqual([TOPIC]);
  expect(kafkaFacts(consumer, states, [undefined, undefined], new Map())).toMatchObject({ members: 0, state: "Dead" });
});

const NONE = new Map();

test("that its container started again with its node is said once for all pods, and not of each consumer", () => {
  const status = {
    restartCount: 1,
    state: { running: { startedAt: "2026-11-30T01:50:20Z" } },
    lastState: { terminated: { finishedAt: "2026-11-30T01:50:00Z", reason: "Unknown" } },
  };
  const pod = {
    metadata: { name: "a", uid: "b" },
    spec: { nodeName: "master" },
    status: { containerStatuses: [status] },
  } as unknown as LiveObject;
  const starts = new Map([["master", [Date.parse("2026-11-30T01:50:10Z")]]]);
  expect(programState(pod, starts)).not.toHaveProperty("ended");
  expect(programState(pod, NONE)).toHaveProperty("ended");
});

test("how a pod runs", () => {
  const pod = (status: object) => ({ metadata: { name: "a", uid: "b" }, status }) as unknown as LiveObject;
  const running = { conditions: [{ type: "Ready", status: "True" }], containerStatuses: [{ restartCount: 0 }] };
  expect(programState(pod(running), NONE)).toEqual({ isReady: true, restarts: 0 });
  const crashing = {
    restartCount: 4,
    state: { waiting: { reason: "CrashLoopBackOff" } },
    lastState: { terminated: { finishedAt: "2026-11-30T01:59:00Z" } },
  };
  expect(programState(pod({ containerStatuses: [crashing] }), NONE)).toEqual({
    isReady: false,
    restarts: 4,
    ended: seconds(60),
    reason: "CrashLoopBackOff",
  });
  const unscheduled = { type: "PodScheduled", status: "False", message: "0/1 nodes are available" };
  expect(programState(pod({ phase: "Pending", conditions: [unscheduled] }), NONE).reason).toBe(
    "0/1 nodes are available",
  );
});

test("a pod that was evicted long ago does not count beside the one that replaced it", () => {
  const pod = (phase: string, ready: string) =>
    ({
      metadata: { name: phase, uid: phase, labels: { "app.kubernetes.io/instance": "telegraf-test" } },
      status: { phase, conditions: [{ type: "Ready", status: ready }] },
    }) as unknown as LiveObject;
  const [evicted, running] = [pod("Failed", "False"), pod("Running", "True")];
  expect(programOf(consumer, [evicted, running], NONE)).toMatchObject({ isReady: true });
  expect(programOf(consumer, [evicted], NONE)).toMatchObject({ isReady: false, reason: "Failed" });
  expect(programOf(consumer, [], NONE)).toBeUndefined();
});
