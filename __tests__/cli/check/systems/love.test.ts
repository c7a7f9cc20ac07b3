import { PassThrough } from "node:stream";
import { loveChecks } from "../../../../cli/check/systems/love";
import { loveAnswerChecks } from "../../../../cli/check/systems/love-answers";
import { parseEnvironment } from "../../../../environments/parse";
import { siteWith } from "../../../support/environment";
import { ago, checkProps, expectRemedies, short, type World } from "../support";

const site = parseEnvironment(
  siteWith({
    love: {
      salSite: "tucson",
      profile: "small",
      images: { registry: "registry.example.org/love", pullSecret: false, cycle: "c0044" },
      efdAlias: "toy_efd",
      database: { kind: "inside", disk: "1Gi" },
      producers: [
        { name: "test1", csc: "Test:1" },
        { name: "test2", csc: "Test:2" },
      ],
    },
    "kafka.clients": [
      { name: "ts-salkafka", description: "SAL", prefixes: ["lsst.sal"], access: "all", consumes: true, cluster: true },
    ],
  }),
);

async function look(title: string, world: World): Promise<string[]> {
  const check = [...loveChecks, ...loveAnswerChecks].find((one) => one.title === title);
  const verdicts = (await check?.run(checkProps(world, { site }))) ?? [];
  expectRemedies(verdicts);
  return short(verdicts);
}

describe("programs", () => {
  const deployment = (name: string, readyReplicas = 1, replicas = 1) => ({
    metadata: { name, namespace: "love" },
    spec: { replicas },
    status: { readyReplicas },
  });
  const at = (...all: object[]) =>
    look("programs of LOVE", { objects: { "/apis/apps/v1/namespaces/love/deployments": all } });

  it("are ready, some of them, or not there", async () => {
    const found = await at(
      deployment("love-manager-frontend", 3, 4),
      deployment("love-manager-redis"),
      deployment("love-nginx", 0),
      deployment("love-producer-test1"),
    );
    expect(found).toContain("warn LOVE's frontends: 3 of 4 ready; lacking: love-manager-frontend");
    expect(found).toContain("ok LOVE's Redis: 1 of 1 ready");
    expect(found).toContain("fail LOVE's nginx: 0 of 1 ready; lacking: love-nginx");
    expect(found).toContain("fail LOVE's producers: 1 of 2 ready; lacking: love-producer-test2 (not there)");
  });
});

describe("room for views", () => {
  const at = (currentReplicas: number, averageUtilization: number | undefined, maxReplicas = 25) => {
    const path = "/apis/autoscaling/v2/namespaces/love/horizontalpodautoscalers/love-manager-frontend";
    const currentMetrics = averageUtilization === undefined ? [] : [{ resource: { current: { averageUtilization } } }];
    const scaler = { spec: { maxReplicas }, status: { currentReplicas, currentMetrics } };
    return look("LOVE's room for views", { objects: { [path]: scaler } });
  };

  it("is there until the autoscaler is at its end", async () => {
    expect(await at(4, 300)).toEqual([
      expect.stringMatching(/^ok .*4 of at most 25 frontends, at 300 % of their request/),
    ]);
    expect(await at(25, 20)).toEqual([expect.stringMatching(/^ok /)]);
    expect(await at(25, 300)).toEqual([expect.stringMatching(/^warn .*25 of at most 25 frontends/)]);
    expect(await at(4, undefined)).toEqual([expect.stringMatching(/^warn .*does not know the CPU of 4 frontends/)]);
    expect(await look("LOVE's room for views", {})).toEqual(["fail LOVE's room for views: there is no autoscaler"]);
  });
});

describe("set-up", () => {
  const job = (name: string, type: string, owner?: string) => ({
    metadata: { name, ownerReferences: owner === undefined ? [] : [{ kind: "CronJob", name: owner }] },
    status: { startTime: ago(60), conditions: [{ type, status: "True", reason: "BackoffLimitExceeded" }] },
  });
  const at = (...jobs: object[]) => look("LOVE's set-up", { objects: { "/apis/batch/v1/namespaces/love/jobs": jobs } });

  it("completed, failed, or was never begun", async () => {
    const clock = job("love-manager-setup-29000000", "Failed", "love-manager-setup");
    expect(await at(job("love-manager-setup-abc", "Complete"), clock)).toEqual([
      "ok LOVE's set-up: it completed",
      "fail LOVE's passwords: it failed: BackoffLimitExceeded",
    ]);
    expect(await at(job("love-manager-setup-abc", "Failed"))).toEqual([
      "fail LOVE's set-up: it failed: BackoffLimitExceeded",
    ]);
    const done = { ...clock, ...job("love-manager-setup-28999985", "Complete", "love-manager-setup") };
    const running = { ...clock, status: { startTime: ago(5), conditions: [] } };
    expect(await at(job("love-manager-setup-abc", "Complete"), done, running)).toEqual([
      "ok LOVE's set-up: it completed",
      "ok LOVE's passwords: it completed",
    ]);
    expect(await at()).toEqual(["warn LOVE's set-up: there is no Job of it"]);
  });
});

describe("answers", () => {
  it("of nginx and the commander", async () => {
    const http = { "/love/nginx-health": {}, "/heartbeat/": { status: 502, text: "bad" } };
    expect(await look("LOVE's nginx", { http })).toEqual(["ok LOVE's nginx: it answers"]);
    expect(await look("LOVE's commander", { http })).toEqual([
      "fail LOVE's commander: it answers with status 502: bad",
    ]);
  });

  const redis = (answer: string) => {
    const name = "love-manager-redis-service";
    const objects = {
      [`/api/v1/namespaces/love/services/${name}`]: { spec: { ports: [{ port: 6379 }] } },
      "/apis/discovery.k8s.io/v1/namespaces/love/endpointslices": [
        { ports: [{ port: 6379 }], endpoints: [{ targetRef: { kind: "Pod", name: "redis-0" } }] },
      ],
    };
    const written: Buffer[] = [];
    const tunnelTo = () => {
      const connection = new PassThrough();
      connection.write = (text: string) => {
        written.push(Buffer.from(text));
        // Pieces end anywhere.
        for (const piece of [answer.slice(0, 5), answer.slice(5)])
          setImmediate(() => connection.emit("data", Buffer.from(piece)));
        return true;
      };
      return Promise.resolve(connection);
    };
    const clients = { tunnelTo, secret: () => Promise.resolve("pass-word") };
    return { found: look("LOVE's Redis", { objects, clients }), written };
  };
  const memory = (used: number) =>
    `+OK\r\n$60\r\n# Memory\r\nused_memory:${used}\r\nused_memory_human:1M\r\nmaxmemory:1048576\r\nmaxmemory_policy:x\r\n\r\n`;

  it("of Redis, with its memory", async () => {
    const { found, written } = redis(memory(400_000));
    expect(await found).toEqual([expect.stringMatching(/^ok LOVE's Redis: it holds .* of at most 1Mi$/)]);
    expect(Buffer.concat(written).toString()).toBe(
      "*2\r\n$4\r\nAUTH\r\n$9\r\npass-word\r\n*2\r\n$4\r\nINFO\r\n$6\r\nmemory\r\n",
    );
    expect(await redis(memory(900_000)).found).toEqual([expect.stringMatching(/^warn LOVE's Redis/)]);
  });

  it("of Redis that refuses", async () => {
    expect(await redis("-WRONGPASS invalid\r\n").found).toEqual([
      "fail LOVE's Redis: Redis refuses: WRONGPASS invalid",
    ]);
  });
});
