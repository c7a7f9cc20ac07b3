import { influxdbChecks } from "../../../../cli/check/systems/influxdb";
import { influxdbStartChecks } from "../../../../cli/check/systems/influxdb-start";
import { influxdbWriteChecks } from "../../../../cli/check/systems/influxdb-writes";
import type { CheckProps } from "../../../../cli/check/model/verdict";
import type { Http } from "../../../../cli/shared/clients/http";
import { influxdbOver } from "../../../../cli/shared/clients/influxdb";
import { parseEnvironment } from "../../../../environments/parse";
import { UserError } from "../../../../ground/errors";
import { smallSite } from "../../../support/environment";

jest.mock("node:timers/promises", () => ({ setTimeout: () => Promise.resolve() }));

interface Table {
  readonly name?: string;
  readonly tags?: object;
  readonly columns: readonly string[];
  readonly values: readonly unknown[][];
}

/** What a made-up InfluxDB says: to questions by their beginning, one after the other where several are given. */
interface World {
  readonly answers: Readonly<Record<string, readonly Table[] | readonly (readonly Table[])[]>>;
  /** Of accounts by name. */
  readonly passwords: Readonly<Record<string, string>>;
  readonly anonymous: readonly [status: number, text: string];
  readonly version: string;
  readonly databases: readonly string[];
  readonly volume: object | undefined;
  /** The begin of its log. */
  readonly log: string;
}

const POLICIES = ["name", "duration", "shardGroupDuration", "replicaN", "default"];
const policy = (duration: string, shard = "168h0m0s") => [
  {
    columns: POLICIES,
    values: [
      ["other", "1h0m0s", "1h0m0s", 1, false],
      ["autogen", duration, shard, 1, true],
    ],
  },
];
const stats = (name: string, counts: Readonly<Record<string, number>>, tags = {}): Table => ({
  name,
  tags,
  columns: Object.keys(counts),
  values: [Object.values(counts)],
});
const write = (ok: number, error: number) => [stats("write", { writeError: error, writeOk: ok, writeTimeout: 0 })];

const HEALTHY: World = {
  answers: {
    'SHOW RETENTION POLICIES ON "efd"': policy("8736h0m0s"),
    'SHOW RETENTION POLICIES ON "telegraf"': policy("672h0m0s"),
    'SHOW RETENTION POLICIES ON "chronograf"': policy("8736h0m0s"),
    "SHOW STATS FOR 'write'": [write(5, 7), write(9, 7)],
    "SHOW STATS FOR 'shard'": [
      stats("shard", { diskBytes: 2 ** 30 }, { id: "1" }),
      stats("shard", { diskBytes: 2 ** 30 }, { id: "2" }),
    ],
    "SHOW STATS FOR 'database'": [stats("database", { numSeries: 80 }, { database: "efd" })],
    "SHOW DIAGNOSTICS": [stats("config-data", { "max-series-per-database": 0 })],
    SELECT: [],
  },
  passwords: { admin: "secret", efdreader: "secret", telegraf: "secret" },
  anonymous: [401, "{}"],
  version: "1.12.4",
  databases: ["efd", "telegraf", "chronograf", "_internal"],
  volume: {
    pvcRef: { name: "influxdb", namespace: "influxdb" },
    capacityBytes: 100 * 2 ** 30,
    availableBytes: 60 * 2 ** 30,
  },
  log: "write-ahead logs: 2 of 2 shards with points in them get a new segment\nts=2026-12-01T01:45:28Z msg=Opened\n",
};

function way(world: World): Http {
  const asked = new Map<string, number>();
  const answer = (question: string): readonly Table[] => {
    if (question === "SHOW DATABASES") return [{ columns: ["name"], values: world.databases.map((one) => [one]) }];
    const keys = Object.keys(world.answers).sort((a, b) => b.length - a.length);
    const key = keys.find((one) => question.startsWith(one)) ?? question;
    const found = world.answers[key] ?? [];
    const turn = asked.get(key) ?? 0;
    asked.set(key, turn + 1);
    return (Array.isArray(found[0]) ? found[Math.min(turn, found.length - 1)] : found) as readonly Table[];
  };
  async function* pieces(text: string) {
    yield await Promise.resolve(Buffer.from(text));
  }
  return {
    ask: ({ path }) =>
      Promise.resolve(
        path === "/ping"
          ? { status: 204, headers: { "x-influxdb-version": world.version }, text: "" }
          : { status: world.anonymous[0], headers: {}, text: world.anonymous[1] },
      ),
    stream: ({ headers = {}, body = "" }) => {
      const [name = "", password] = Buffer.from((headers["authorization"] ?? "").slice(6), "base64")
        .toString()
        .split(":");
      if (world.passwords[name] !== password)
        return Promise.resolve({ status: 401, pieces: pieces('{"error":"authorization failed"}') });
      const series = answer(new URLSearchParams(body).get("q") ?? "");
      return Promise.resolve({ status: 200, pieces: pieces(JSON.stringify({ results: [{ series }] })) });
    },
  };
}

/** Lines of all checks, `level what: measured`. */
async function look(change: Partial<World>): Promise<string[]> {
  const world = { ...HEALTHY, ...change, answers: { ...HEALTHY.answers, ...change.answers } };
  const http = way(world);
  const pod = { targetRef: { kind: "Pod", name: "influxdb-0" } };
  const objects: Readonly<Record<string, object>> = {
    "/api/v1/namespaces/influxdb/services/influxdb": { spec: { ports: [{ port: 8086 }] } },
    "/api/v1/namespaces/influxdb/pods/influxdb-0/log?limitBytes=1048576": { message: world.log },
    "/api/v1/nodes/n1/proxy/stats/summary": {
      pods: [
        {
          volume: [{ name: "tmp", capacityBytes: 1, availableBytes: 0 }, ...(world.volume ? [world.volume] : [])],
        },
      ],
    },
  };
  const clients = {
    inside: () => http,
    influxdb: () => Promise.resolve(influxdbOver(http, { name: "admin", password: "secret" })),
    secret: (_: string, name: string, key: string) =>
      Promise.resolve(name === "influxdb-auth" && key === "influxdb-user" ? "admin" : "secret"),
    cluster: {
      get: (path: string) => Promise.resolve(objects[path]),
      list: (path: string) =>
        Promise.resolve(
          path === "/api/v1/nodes" ? [{ metadata: { name: "n1" } }] : [{ ports: [{ port: 8086 }], endpoints: [pod] }],
        ),
    },
  };
  const props = { site: parseEnvironment(smallSite()), clients, signal: new AbortController().signal };
  const found = await Promise.all(
    [...influxdbChecks, ...influxdbStartChecks, ...influxdbWriteChecks].map((check) =>
      check.run(props as unknown as CheckProps),
    ),
  );
  for (const { level, remedy } of found.flat()) expect(remedy !== undefined).toBe(level !== "ok");
  return found.flat().map(({ level, what, measured }) => `${level} ${what}: ${measured}`);
}

const OK = [
  "ok InfluxDB: answers, version 1.12.4",
  "ok question without a password: refused",
  "ok accounts: 3 of 3 do",
  "ok database efd: keeps points 8736 h, in shards of 168 h",
  "ok database telegraf: keeps points 672 h, in shards of 168 h",
  "ok database chronograf: keeps points 8736 h, in shards of 168 h",
  "ok start: no write-ahead log was cut",
  "ok writes: 4 done, none failed in 11 s",
  "ok volume influxdb: 40 % of 100Gi in use",
  "ok data: 2Gi, 13 % of the 15Gi of the site's file",
  "ok series: at most 80, in database efd",
];

test("a healthy InfluxDB", async () => {
  expect(await look({})).toEqual(OK);
});

test.each<[string, Partial<World>, string]>([
  ["another program", { version: "" }, "fail InfluxDB: answers /ping with status 204 and no version"],
  [
    "no login",
    { anonymous: [200, "{}"] },
    "fail question without a password: answered with status 200: anybody may read and write",
  ],
  [
    "no administrator",
    { anonymous: [403, '{"error":"create admin user first or disable authentication"}'] },
    "fail question without a password: it has no administrator, so whoever comes first may make one",
  ],
  [
    "another password",
    { passwords: { ...HEALTHY.passwords, efdreader: "old" } },
    "fail account efdreader: refused with the password of Secret influxdb/efdreader: authorization failed",
  ],
  ["no database", { databases: ["telegraf", "chronograf"] }, "fail database efd: is not there"],
  ["no right", { databases: ["telegraf", "chronograf"] }, "fail account efdreader: may not use efd"],
  [
    "a shorter retention",
    { answers: { 'SHOW RETENTION POLICIES ON "efd"': policy("24h0m0s") } },
    "fail database efd: keeps points 24 h, in shards of 168 h",
  ],
  [
    "a longer retention",
    { answers: { 'SHOW RETENTION POLICIES ON "efd"': policy("0s") } },
    "warn database efd: keeps points for ever, in shards of 168 h",
  ],
  [
    "other shards",
    { answers: { 'SHOW RETENTION POLICIES ON "efd"': policy("8736h0m0s", "1h30m0s") } },
    "warn database efd: keeps points 8736 h, in shards of 1.5 h",
  ],
  [
    "logs that were torn",
    {
      log: `${HEALTHY.log}ts=2026-12-01T01:45:28Z lvl=info msg="File corrupt" error="unexpected EOF" path="/w/a b/1/_00001.wal" pos=1
ts=2026-12-01T01:45:28Z lvl=info msg="File corrupt" error="unexpected EOF" path=/w/efd/autogen/2/_00001.wal pos=1\n`,
    },
    'warn start: 2 write-ahead logs were cut: "/w/a b/1/_00001.wal", /w/efd/autogen/2/_00001.wal',
  ],
  [
    "a start that the script could not help",
    {
      log: `write-ahead log: /w/a b/1/_00001.wal gets no segment after it: if its end is torn\n${HEALTHY.log}`,
    },
    "warn start: 1 write-ahead logs go on where they ended: /w/a b/1/_00001.wal",
  ],
  [
    "writes that fail",
    { answers: { "SHOW STATS FOR 'write'": [write(5, 7), write(6, 10)] } },
    "fail writes: 3 of 4 failed in 11 s",
  ],
  [
    "a start in between",
    { answers: { "SHOW STATS FOR 'write'": [write(500, 7), write(6, 1)] } },
    "fail writes: 1 of 7 failed in 11 s",
  ],
  [
    "a disk that is nearly full",
    {
      volume: {
        pvcRef: { name: "influxdb", namespace: "influxdb" },
        capacityBytes: 2 ** 30,
        availableBytes: 0.2 * 2 ** 30,
      },
    },
    "warn volume influxdb: 80 % of 1Gi in use",
  ],
  [
    "a full disk",
    {
      volume: {
        pvcRef: { name: "influxdb", namespace: "influxdb" },
        capacityBytes: 2 ** 30,
        availableBytes: 0.04 * 2 ** 30,
      },
    },
    "fail volume influxdb: 96 % of 1Gi in use",
  ],
  ["a silent kubelet", { volume: undefined }, "unknown volume influxdb: no kubelet measures it"],
  [
    "more data than planned",
    { answers: { "SHOW STATS FOR 'shard'": [stats("shard", { diskBytes: 16 * 2 ** 30 })] } },
    "warn data: 16Gi, 107 % of the 15Gi of the site's file",
  ],
  [
    "a limit of series",
    { answers: { "SHOW DIAGNOSTICS": [stats("config-data", { "max-series-per-database": 100 })] } },
    "warn series: at most 80, in database efd",
  ],
])("%s", async (_, change, line) => {
  const found = await look(change);
  expect(found).toContain(line);
  expect(OK).not.toContain(line);
});

test("an InfluxDB that does not answer is down, not unknown; one whose check ran out of time is", async () => {
  const [login] = influxdbChecks;
  const down = () => Promise.reject(new UserError("no ready pod behind influxdb.influxdb:8086"));
  const clients = { inside: () => ({ ask: down }) };
  const run = (signal: AbortSignal) => login?.run({ clients, signal } as unknown as CheckProps);
  expect(await run(new AbortController().signal)).toMatchObject([
    { level: "fail", what: "InfluxDB", measured: "no ready pod behind influxdb.influxdb:8086" },
  ]);
  await expect(run(AbortSignal.abort())).rejects.toThrow("no ready pod");
});

test("a log that no longer goes back to the start says nothing", async () => {
  expect(await look({ log: 'ts=2026-12-01T01:45:28Z msg="File corrupt" path=/w pos=1\n' })).toEqual(
    OK.filter((line) => !line.startsWith("ok start")),
  );
});
