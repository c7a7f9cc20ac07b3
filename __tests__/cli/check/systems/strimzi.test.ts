import { rolloutVerdicts } from "../../../../cli/check/systems/rollouts";
import { strimziVerdicts } from "../../../../cli/check/systems/strimzi";
import { volumeVerdicts } from "../../../../cli/check/systems/volumes";
import type { CheckProps, Verdict } from "../../../../cli/check/model/verdict";
import type { SiteClients } from "../../../../cli/shared/clients/clients";
import type { Influxdb } from "../../../../cli/shared/clients/influxdb";
import { newestPoints } from "../../../../cli/shared/ingest/newest-points";
import { UserError } from "../../../../ground/errors";

const lines = (verdicts: readonly Verdict[]) =>
  verdicts.map(({ level, what, measured }) => `${level} ${what}: ${measured}`);

describe("objects of Strimzi", () => {
  const wanted = (kind: string, name: string) => ({
    apiVersion: "kafka.strimzi.io/v1",
    kind,
    metadata: { name, namespace: "kafka" },
  });
  const live = (kind: string, name: string, status?: object) => ({
    ...wanted(kind, name),
    metadata: { name, namespace: "kafka", generation: 2 },
    ...(status && { status }),
  });
  const ready = (status: string, observedGeneration = 2) => ({
    observedGeneration,
    conditions: [{ type: "Ready", status, message: "no room", lastTransitionTime: "2026-11-30T01:00:00Z" }],
  });

  async function said(objects: readonly object[]): Promise<string[]> {
    const customResources = () => [
      wanted("KafkaUser", "a"),
      wanted("KafkaUser", "b"),
      wanted("KafkaNodePool", "broker"),
    ];
    const list = (path: string) =>
      Promise.resolve(objects.filter((one) => path.endsWith(`/${(one as { kind: string }).kind.toLowerCase()}s`)));
    return lines(
      await strimziVerdicts({ stacks: [{ customResources }], clients: { cluster: { list } } } as unknown as CheckProps),
    );
  }

  test("are ready; a pool has no condition", async () => {
    const pool = live("KafkaNodePool", "broker", { observedGeneration: 2 });
    expect(await said([live("KafkaUser", "a", ready("True")), live("KafkaUser", "b", ready("True")), pool])).toEqual([
      "ok KafkaNodePool: 1 ready: broker",
      "ok KafkaUser: 2 ready: a, b",
    ]);
  });

  test("are not ready, not there, not looked at", async () => {
    expect(await said([live("KafkaUser", "a", ready("False")), live("KafkaNodePool", "broker")])).toEqual([
      "fail KafkaNodePool broker: its operator has not looked at it: see whether that runs",
      "fail KafkaUser a: not ready since 2026-11-30T01:00:00Z: no room",
      "fail KafkaUser b: it is not there: that layer is not deployed, or somebody deleted it",
    ]);
    const paused = live("KafkaUser", "a", { conditions: [{ type: "ReconciliationPaused", status: "True" }] });
    expect((await said([paused]))[1]).toMatch(
      /^warn KafkaUser a: its operator was told to leave it alone .*npm run power/,
    );
    const old = live("KafkaUser", "a", ready("True", 1));
    expect((await said([old]))[1]).toBe("warn KafkaUser a: its operator has not looked at its last change yet");
  });

  const condition = (type: string, reason: string, message: string) => ({
    observedGeneration: 2,
    conditions: [{ type, status: "True", reason, message, lastTransitionTime: "2026-11-30T01:00:00Z" }],
  });

  test("are not ready in Strimzi's own words, without a condition Ready", async () => {
    const failed = live("KafkaUser", "a", condition("NotReady", "ExecutionException", "no such Secret"));
    expect((await said([failed]))[1]).toBe(
      "fail KafkaUser a: not ready since 2026-11-30T01:00:00Z: ExecutionException: no such Secret",
    );
  });

  test("are ready, and warned of", async () => {
    const { conditions } = condition("Warning", "KafkaStorage", "contains changes which are not allowed");
    const pool = live("KafkaNodePool", "broker", { observedGeneration: 2, conditions });
    const ok = ready("True");
    const warned = live("KafkaUser", "a", { ...ok, conditions: [...ok.conditions, ...conditions] });
    expect(await said([pool, warned, live("KafkaUser", "b", ready("True"))])).toEqual([
      "warn KafkaNodePool broker: its operator warns: KafkaStorage: contains changes which are not allowed",
      "warn KafkaUser a: its operator warns: KafkaStorage: contains changes which are not allowed",
    ]);
  });
});

describe("volumes", () => {
  const summary = (available: number) => ({
    pods: [
      {
        volume: [
          { pvcRef: { namespace: "kafka", name: "data" }, capacityBytes: 2 ** 30, availableBytes: available * 2 ** 30 },
          { name: "token" },
        ],
      },
    ],
  });
  const said = async (answer: () => Promise<unknown>) => {
    const cluster = { list: () => Promise.resolve([{ metadata: { name: "node" } }]), get: answer };
    return lines(await volumeVerdicts(cluster as unknown as SiteClients["cluster"], "kafka", ["data"], "it stops"));
  };

  test.each([
    [0.5, "ok volume data: 50 % of 1Gi in use"],
    [0.15, "warn volume data: 85 % of 1Gi in use"],
    [0.01, "fail volume data: 99 % of 1Gi in use"],
  ])("%d of it free", async (free, wanted) => {
    expect(await said(() => Promise.resolve(summary(free)))).toEqual([wanted]);
  });

  test("one that nobody measures, and no node that answers", async () => {
    expect(await said(() => Promise.resolve({}))).toEqual(["unknown volume data: no kubelet measures it"]);
    await expect(said(() => Promise.reject(new UserError("no node answers")))).rejects.toThrow("no node answers");
  });
});

describe("Jobs that restart", () => {
  const now = Date.parse("2026-11-30T02:00:00Z");
  const job = (minutes: number, failed = 0, name = "rollouts") => ({
    metadata: { name: `${name}-${minutes}`, namespace: "telegraf", labels: { "app.kubernetes.io/name": name } },
    status: {
      startTime: new Date(now - minutes * 60_000).toISOString(),
      failed,
      conditions: [{ type: failed > 0 ? "Failed" : "Complete", status: "True" }],
    },
  });
  const said = async (...jobs: object[]) => {
    const clients = { cluster: { list: () => Promise.resolve(jobs) } };
    return lines(await rolloutVerdicts({ clients, now: () => now } as unknown as CheckProps));
  };

  test("the last one counts", async () => {
    expect(await said(job(6, 1), job(1))).toEqual(["ok rollouts in telegraf: the last one began 60 s ago"]);
    expect(await said(job(6), job(3, 1))).toEqual([
      "fail rollouts in telegraf: the last one began 3 min ago and failed",
    ]);
    expect(await said(job(60))).toEqual(["warn rollouts in telegraf: the last one began 60 min ago"]);
    expect(await said()).toEqual(["warn rollouts: none of its Jobs is there"]);
    expect(await said(job(4, 0, "progress"))).toEqual([
      "warn rollouts: none of its Jobs is there",
      "ok progress in telegraf: the last one began 4 min ago",
    ]);
  });

  test("a site that was just deployed has none yet, and that is well unless its schedule is suspended or old", async () => {
    const schedule = (minutes: number, suspend = false) => ({
      metadata: { name: "rollouts", creationTimestamp: new Date(now - minutes * 60_000).toISOString() },
      spec: { suspend },
    });
    const sees = async (...schedules: object[]) => {
      const list = (path: string) => Promise.resolve(path.includes("/cronjobs") ? schedules : []);
      return lines(await rolloutVerdicts({ clients: { cluster: { list } }, now: () => now } as unknown as CheckProps));
    };
    expect(await sees(schedule(2))).toEqual([
      "ok rollouts: its schedule was made 2 min ago, and none of its Jobs has begun yet",
    ]);
    for (const one of [schedule(2, true), schedule(60)])
      expect(await sees(one)).toEqual(["warn rollouts: none of its Jobs is there"]);
    expect(await sees()).toEqual(["warn rollouts: none of its Jobs is there"]);
  });

  test("one that runs has nothing to say yet, but that it began", async () => {
    const running = { ...job(2), status: { startTime: job(2).status.startTime, active: 1 } };
    expect(await said(job(8, 1), running)).toEqual([
      "fail rollouts in telegraf: the last one that has ended began 8 min ago and failed",
    ]);
    expect(await said(job(20), running)).toEqual(["ok rollouts in telegraf: the last one began 2 min ago"]);
    expect(await said(running)).toEqual(["ok rollouts in telegraf: the last one began 2 min ago"]);
  });

  test("each counts by itself, and a pod that was made again is no failure", async () => {
    const again = job(2);
    expect(await said(job(3, 1, "progress"), { ...again, status: { ...again.status, failed: 1 } })).toEqual([
      "ok rollouts in telegraf: the last one began 2 min ago",
      "fail progress in telegraf: the last one began 3 min ago and failed",
    ]);
  });
});

test("newest points: one question for all topics, and no further back than asked", async () => {
  const asked: string[] = [];
  const influxdb = {
    query: (database: string, question: string) => {
      asked.push(database, question);
      const series = { tags: {}, columns: ["time", "a"] };
      return Promise.resolve([{ ...series, name: "a.b", rows: [["1700000000123456789", 1]] }]);
    },
  } as unknown as Influxdb;
  expect([...(await newestPoints(influxdb, "efd", ["a.b", 'c"d'], 1000.5))]).toEqual([["a.b", 1_700_000_000_123]]);
  expect(asked).toEqual([
    "efd",
    'SELECT * FROM "a.b" WHERE time > 1000ms ORDER BY time DESC LIMIT 1; SELECT * FROM "c\\"d" WHERE time > 1000ms ORDER BY time DESC LIMIT 1',
  ]);
  expect((await newestPoints(influxdb, "efd", [], 0)).size).toBe(0);
});
