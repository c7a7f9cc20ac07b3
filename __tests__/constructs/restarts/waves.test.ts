import { join } from "node:path";
import { RestartWaves, type RestartWavesProps } from "../../../constructs/restarts/restarts";
import { inside } from "../../../synthesized/stack";
import { at, built, only } from "../support";
import { AFTER, Api, MADE, Pod } from "./api";

const PROPS: Omit<RestartWavesProps, "dependsOn"> = {
  namespace: "love",
  waves: [
    { labels: { tier: "store" }, parts: 1 },
    { labels: { tier: "set", of: "love" }, parts: 2 },
    { labels: { tier: "producer" }, parts: 5 },
  ],
  secrets: ["love"],
  kafkaVersion: "4.3.1",
};
const view = () => built((stack) => new RestartWaves(stack, "rollouts", { ...PROPS, dependsOn: [] }));

let api: Api;
let pod: Pod;

async function run(env: Record<string, string> = {}) {
  api.forget();
  const ended = await pod.run("waves.sh", {
    WAVES: join(pod.folder, "waves"),
    NAMESPACE: "love",
    PATIENCE: "600",
    PAUSE: "0.01",
    ...env,
  });
  return { ...ended, restarted: api.restarted, marked: api.marked };
}

const SETS = ["set-1", "set-2", "set-3", "set-4"];
const PRODUCERS = Array.from({ length: 10 }, (_, i) => `producer-${i + 1}`);
const VALUES = { "redis-pass": "cmVkaXM=", "producer-pass": "cHJvZHVjZXI=", other: "b3RoZXI=" };

beforeEach(async () => {
  api = new Api();
  pod = new Pod(await api.listen());
  pod.write("waves", String(at(only(view(), "kubernetes_config_map_v1"), "data.waves")));
  api.setSecret("love", VALUES);
  api.addWorkload("deployments", "redis", { tier: "store" }, ["love/redis-pass"]);
  for (const name of SETS)
    api.addWorkload("deployments", name, { tier: "set", of: "love" }, ["love/redis-pass", "love/producer-pass"]);
  for (const name of PRODUCERS) api.addWorkload("deployments", name, { tier: "producer" }, ["love/producer-pass"]);
  // What is of another kind, of no wave, or reads nothing.
  api.addWorkload("deployments", "set-of-others", { tier: "set", of: "others" }, ["love/redis-pass"]);
  api.addWorkload("deployments", "reader", {}, ["love/redis-pass"]);
  api.addWorkload("deployments", "set-without-secrets", { tier: "set", of: "love" });
});
afterEach(() => {
  api.close();
  pod.remove();
});

test("one wave a line: its parts, and the labels by which its programs are found", () => {
  expect(at(only(view(), "kubernetes_config_map_v1"), "data.waves")).toBe(
    "1 tier=store\n2 tier=set,of=love\n5 tier=producer\n",
  );
});

test("it may read the named Secrets, and list and change Deployments of its own namespace: no program is named", () => {
  const one = view();
  expect(only(one, "kubernetes_role_v1")).toMatchObject({
    metadata: { namespace: "love" },
    rule: [
      { api_groups: [""], resources: ["secrets"], resource_names: ["love"], verbs: ["get"] },
      { api_groups: ["apps"], resources: ["deployments"], verbs: ["list", "patch"] },
    ],
  });
  expect(one.resources("kubernetes_cluster_role_v1")).toEqual([]);
  const env = at(only(one, "kubernetes_cron_job_v1"), "spec.job_template.spec.template.spec.container.0.env");
  const patience = (env as { name: string; value: string }[]).find(({ name }) => name === "PATIENCE")?.value;
  // A run that waits longer would be ended in the middle.
  expect(Number(patience)).toBeLessThan(
    Number(at(only(one, "kubernetes_cron_job_v1"), "spec.job_template.spec.template.spec.active_deadline_seconds")) -
      40,
  );
});

describe("the first run", () => {
  test("restarts none that started with what is there, and marks each on itself; the second does nothing", async () => {
    expect(await run()).toMatchObject({ status: 0, restarted: [], output: "0 of 15 programs restart\n" });
    expect(api.marked).toEqual(["redis", ...SETS, ...PRODUCERS]);
    expect(inside(api.get("deployments/set-1"), "spec", "template", "metadata", "annotations")).toBeUndefined();
    expect(await run()).toMatchObject({ status: 0, restarted: [], marked: [] });
  });

  test.each([
    ["after they were made", AFTER],
    ["in the same second, so nobody knows", MADE],
    ["at a time that the API server does not say", ""],
  ])("restarts those whose Secret changed %s", async (_when, at) => {
    api.setSecret("love", VALUES, { at });
    expect((await run()).restarted).toHaveLength(15);
    expect(await run()).toMatchObject({ restarted: [], marked: [] });
  });

  test("of a producer that is new marks that one", async () => {
    await run();
    api.addWorkload("deployments", "producer-new", { tier: "producer" }, ["love/producer-pass"]);
    expect(await run()).toMatchObject({ status: 0, restarted: [], marked: ["producer-new"] });
  });
});

describe("another value", () => {
  const rotate = (changes: Record<string, string>) => {
    api.setSecret("love", { ...VALUES, ...changes }, { at: AFTER });
  };
  beforeEach(run);

  test("restarts those that read its key, wave after wave", async () => {
    rotate({ "redis-pass": "bmV3" });
    expect(await run()).toMatchObject({ status: 0, restarted: ["redis", ...SETS] });
    rotate({ "redis-pass": "bmV3", "producer-pass": "bmV3" });
    expect(await run()).toMatchObject({ status: 0, restarted: [...SETS, ...PRODUCERS] });
    expect((await run()).output).toBe("0 of 15 programs restart\n");
  });

  test("of a key that nobody reads restarts nobody", async () => {
    rotate({ other: "bmV3", more: "bmV3" });
    expect(await run()).toMatchObject({ status: 0, restarted: [], marked: [] });
  });

  test("that comes back restarts again", async () => {
    rotate({ "redis-pass": "bmV3" });
    await run();
    rotate({});
    expect((await run()).restarted).toEqual(["redis", ...SETS]);
  });

  test.each([1, 3])("never takes more than a part at once, with %d looks until one is available", async (looks) => {
    api.settles = looks;
    pod.write("waves", "5 tier=producer\n");
    rotate({ "producer-pass": "bmV3" });
    expect((await run()).restarted).toHaveLength(10);
    expect(api.mostMoving).toBe(2);
    pod.write("waves", "2 tier=set,of=love\n");
    expect((await run()).restarted).toHaveLength(4);
    expect(api.mostMoving).toBe(2);
  });

  test("waits for what moves for another reason, too: a part is a part", async () => {
    pod.write("waves", "2 tier=set,of=love\n");
    api.setReason("deployments/set-4", "ReplicaSetUpdated", 3);
    rotate({ "redis-pass": "bmV3" });
    expect((await run()).restarted).toHaveLength(4);
    expect(api.mostMoving).toBe(2);
  });

  test("reaches no wave before the one before is available; the next run goes on", async () => {
    api.stuck.add("set-3");
    rotate({ "producer-pass": "bmV3" });
    expect(await run({ PATIENCE: "0" })).toMatchObject({ status: 0, restarted: ["set-1", "set-2"] });
    const second = await run({ PATIENCE: "0" });
    expect(second).toMatchObject({ status: 0, restarted: ["set-3", "set-4"] });
    expect(second.output).toContain("2 of 15 programs restart; the next run goes on\n");
    api.stuck.clear();
    expect(await run()).toMatchObject({ status: 0, restarted: PRODUCERS });
  });

  test("waits for none that the cluster has given up, and says so", async () => {
    rotate({ "producer-pass": "bmV3" });
    api.stuck.add("set-3");
    await run({ PATIENCE: "0" });
    expect((await run({ PATIENCE: "0" })).restarted).toContain("set-3");
    api.setReason("deployments/set-3", "ProgressDeadlineExceeded");
    const { status, restarted, output } = await run();
    expect([status, restarted.at(-1)]).toEqual([1, "producer-10"]);
    expect(output).toContain("love/set-3 does not become available: nobody waits for it");
  });

  test("that cannot be given to one stops what comes after, which would not fit to it", async () => {
    rotate({ "redis-pass": "bmV3" });
    api.frozen = true;
    const { output, ...ended } = await run();
    expect(ended).toMatchObject({ status: 1, restarted: [] });
    expect(output).toContain("love/redis cannot be restarted: what comes after it waits");
    api.frozen = false;
    expect(await run()).toMatchObject({ status: 0, restarted: ["redis", ...SETS] });
  });

  test("a key that is not there: its readers are named and left alone, as they would not start", async () => {
    api.setSecret("love", { "redis-pass": "bmV3", other: VALUES.other }, { at: AFTER });
    const { status, restarted, output } = await run();
    expect([status, restarted]).toEqual([1, ["redis"]]);
    expect(output).toContain(
      "love/set-1: one of the keys of Secrets that it reads (love/redis-pass,love/producer-pass) cannot be read",
    );
  });
});

test("without an API server it restarts nothing, and ends as failed", async () => {
  api.close();
  const { status, restarted, output } = await run({ API_PORT: "1", PATIENCE: "0" });
  expect([status, restarted]).toEqual([1, []]);
  expect(output).toMatch(/^the API server does not answer at https:\/\/kubernetes\.test: /);
});

test("an API server to which nothing leads yet, as the node has just started, is asked again", async () => {
  api.hidden = 2;
  const { status, output } = await run();
  expect(status).toBe(0);
  expect(output).toMatch(/^the API server does not answer .*: asks again for \d+ s, .*\n0 of 15 programs restart\n$/);
});

test("it prints no value of a Secret and no token", async () => {
  api.setSecret("love", { "redis-pass": "cmVkaXM=" }, { at: AFTER });
  expect((await run()).output).not.toMatch(/a-token|cmVkaXM|redis-pass":/);
});
