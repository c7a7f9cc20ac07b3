import { RedisCleanup } from "../../../constructs/love/redis/cleanup";
import { Redis } from "../../../constructs/love/redis/redis";
import type { LoveSpec } from "../../../environments/systems/love/schema";
import { bytes } from "../../../ground/units";
import { at, built, only } from "../support";
import { loveSpecOf, named, secretsOf, valuesOf } from "./support";

const SUMMIT = loveSpecOf("summit");
const view = (spec: LoveSpec = SUMMIT) => built((stack) => void new Redis(stack, "redis", { spec, dependsOn: [] }));
const pod = (spec?: LoveSpec) => at(only(view(spec), "kubernetes_deployment_v1"), "spec.template.spec");
const container = (spec?: LoveSpec) => at(pod(spec), "container.0");
const files = (spec?: LoveSpec) =>
  at(named(view(spec), "kubernetes_config_map_v1", "redis-conf"), "data") as Record<string, string>;
/** Lines of redis.conf. */
const settings = (spec?: LoveSpec) =>
  Object.fromEntries(
    String(files(spec)["redis.conf"])
      .trimEnd()
      .split("\n")
      .map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]),
  );

describe("one Redis", () => {
  test("LOVE-C38: one pod of a full version of 7, which ends before the next begins", () => {
    const deployment = only(view(), "kubernetes_deployment_v1");
    expect(at(deployment, "spec.replicas")).toBe("1");
    expect(at(deployment, "spec.strategy.type")).toBe("Recreate");
    expect(at(container(), "image")).toMatch(/^docker\.io\/library\/redis:7\.\d+\.\d+$/);
  });

  test("LOVE-C38: it cuts silent clients off after 60 s and keeps nothing", () => {
    expect(settings()).toMatchObject({ timeout: "60", save: '""', appendonly: "no" });
    expect(at(container(), "volume_mount")).toEqual([{ mount_path: "/data", name: "config", read_only: true }]);
  });

  test("LOVE-C38: it asks for REDIS_PASS, which no argument has", () => {
    expect(secretsOf(container())).toEqual({ REDIS_PASS: "love/redis-pass", REDISCLI_AUTH: "love/redis-pass" });
    expect(at(container(), "command")).toEqual(["sh", "/data/start.sh", "/data/redis.conf"]);
    const script = files()["start.sh"];
    expect(script).toMatch(/requirepass/);
    expect(script).not.toMatch(/--requirepass/);
  });

  test("LOVE-C39: it gets what the site gives", () => {
    const limits = { cpu: "2500m", memory: "1000Mi" };
    expect(at(container(), "resources")).toEqual({ requests: { cpu: "450m", memory: "300Mi" }, limits });
    expect(at(container(loveSpecOf("tucson")), "resources")).toEqual({
      requests: { cpu: "250m", memory: "300Mi" },
      limits,
    });
  });

  test("LOVE-C54: its public image needs no account", () => {
    expect(pod()).not.toHaveProperty("image_pull_secrets");
  });

  test("it answers under the name by which managers know it", () => {
    const service = named(view(), "kubernetes_service_v1", "love-manager-redis-service");
    expect(at(service, "spec")).toEqual({
      selector: { "app.kubernetes.io/name": "love-manager", "app.kubernetes.io/instance": "love-manager-redis" },
      port: [{ name: "redis", port: 6379, target_port: "redis" }],
    });
  });
});

describe("the ceiling", () => {
  test.each(["summit", "tucson", "local"])("LOVE-C40: at %s it is below the pod's limit", (site) => {
    const spec = loveSpecOf(site);
    const ceiling = Number(settings(spec)["maxmemory"]);
    expect(ceiling).toBe(bytes(spec.redis.maxMemory));
    expect(ceiling).toBeLessThan(bytes(String(at(container(spec), "resources.limits.memory"))));
  });

  test("above it, what would expire first goes, and Redis looks at many keys to find it", () => {
    expect(settings()).toMatchObject({ "maxmemory-policy": "volatile-ttl", "maxmemory-samples": "64" });
  });

  test("one client that does not read cannot fill it", () => {
    expect(settings()).toMatchObject({
      "client-output-buffer-limit": `normal ${64 * 2 ** 20} ${32 * 2 ** 20} 30`,
      "maxmemory-clients": "25%",
    });
    const [, most = NaN] = (settings(loveSpecOf("local"))["client-output-buffer-limit"] ?? "").split(" ").map(Number);
    expect(most).toBe((128 * 2 ** 20) / 8);
  });

  test("a second thread only where it has a core", () => {
    expect(settings()["io-threads"]).toBe("2");
    expect(settings(loveSpecOf("local"))["io-threads"]).toBe("1");
  });

  test("another setting starts another pod", () => {
    const hash = (spec: LoveSpec) =>
      at(only(view(spec), "kubernetes_deployment_v1"), "spec.template.metadata.annotations");
    expect(hash(SUMMIT)).not.toEqual(hash({ ...SUMMIT, redis: { ...SUMMIT.redis, maxMemory: "700Mi" } }));
  });
});

describe("the clean-up", () => {
  const cronJob = () =>
    only(
      built((stack) => void new RedisCleanup(stack, "cleanup", { spec: SUMMIT, dependsOn: [] })),
      "kubernetes_cron_job_v1",
    );
  const job = () => at(cronJob(), "spec.job_template.spec");

  test("runs every half hour, one at a time, five minutes at most", () => {
    expect(cronJob()["spec"]).toMatchObject({ schedule: "*/30 * * * *", concurrency_policy: "Forbid" });
    expect(job()).toMatchObject({ active_deadline_seconds: 300 });
    expect(at(job(), "template.spec.restart_policy")).toBe("Never");
  });

  test("knows Redis, and the group life that managers have", () => {
    const cleanup = at(job(), "template.spec.container.0");
    expect(valuesOf(cleanup)).toMatchObject({
      REDIS_HOST: "love-manager-redis-service",
      REDIS_PORT: "6379",
      GROUP_EXPIRY: String(SUMMIT.redis.groupExpiry),
      IDLE: "3600",
    });
    expect(secretsOf(cleanup)).toEqual({ REDISCLI_AUTH: "love/redis-pass" });
    expect(at(cleanup, "image")).toBe(at(container(), "image"));
  });

  test("its pods have labels of their own: Redis's Service does not lead to them", () => {
    expect(at(job(), "template.metadata.labels")).toMatchObject({
      "app.kubernetes.io/name": "love-manager-redis-cleanup",
      "app.kubernetes.io/instance": "love-manager-redis-cleanup",
    });
  });
});
