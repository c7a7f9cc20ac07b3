import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Restart } from "../../../constructs/kubernetes/restarts";
import { restartTargets } from "../../../constructs/restarts/restarts";
import { inside } from "../../../synthesized/stack";
import { AFTER, Api, MADE, Pod } from "./api";

const KAFKA_TOPICS = String.raw`#!/bin/sh
while [ $# -gt 0 ]; do [ "$1" = --command-config ] && cp "$2" "$STATE/client.properties"; shift; done
if [ -s "$STATE/starting" ]; then sed -i 1d "$STATE/starting"; exit 1; fi
cat "$STATE/topics"
`;

/** A group that has read one partition and not the other, and whose member takes what is in `taken`. Like the real program it ends with 0 also where it is refused. */
const KAFKA_CONSUMER_GROUPS = String.raw`#!/bin/sh
echo "$@" | sed 's/--command-config [^ ]*//' >> "$STATE/groups"
case "$*" in
  *--reset-offsets*)
    if [ -e "$STATE/active" ]; then
      printf '\n%s\n' "Error: Assignments can only be reset if the group 'g' is inactive, but the current state is Stable."
      [ -s "$STATE/active" ] || rm "$STATE/active"
    else
      printf '\n%s\n' "GROUP TOPIC PARTITION NEW-OFFSET" "telegraf-kafka-consumer-m1m3 lsst.sal.MTM1M3.b 0 121"
    fi ;;
  *) while read -r topic; do echo "g $topic 0 - 0 - a-member /10.0.0.1 telegraf"; done < "$STATE/taken"
    printf '\n%s\n' "GROUP TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG CONSUMER-ID HOST CLIENT-ID" \
    "g lsst.sal.MTM1M3.a 0 7 7 0 - - -" "g lsst.sal.MTM1M3.b 0 120 123 3 - - -" "g lsst.sal.MTM1M3.c 0 - 1 - - - -" ;;
esac
`;

const TARGETS: Restart[] = [
  { namespace: "kafka", resource: "deployments", name: "registry", secrets: ["kafka-registry"] },
  {
    namespace: "telegraf",
    resource: "deployments",
    name: "m1m3",
    secrets: ["kafka-telegraf", "writer"],
    topics: ["^lsst\\.sal\\.MTM1M3\\..*$"],
    group: "telegraf-kafka-consumer-m1m3",
  },
  {
    namespace: "telegraf",
    resource: "deployments",
    name: "obssys",
    secrets: ["kafka-telegraf", "writer"],
    topics: ["^lsst\\.sal\\.Script\\..*$", "^lsst\\.sal\\.ScriptQueue\\..*$"],
    group: "telegraf-kafka-consumer-obssys",
  },
  { namespace: "nodes", resource: "daemonsets", name: "nodes", secrets: ["writer"] },
  { namespace: "kafka", resource: "kafkaconnectors", name: "sink", secrets: ["sink-writer"] },
];
/** In the order in which the script looks at them. */
const ALL = ["registry", "nodes", "sink", "m1m3", "obssys"];
const SECRETS = [...new Set(TARGETS.flatMap(({ secrets }) => secrets))];

let api: Api;
let pod: Pod;
const setTopics = (...topics: string[]) => {
  pod.write("topics", topics.map((topic) => `${topic}\n`).join(""));
};
const changeAllSecrets = () => {
  for (const name of SECRETS) api.setSecret(name, { password: "bmV3" }, { at: AFTER });
};
const keyOf = (name: string) => {
  const { resource } = TARGETS.find((one) => one.name === name) ?? { resource: "deployments" };
  return `${resource}/${name}`;
};
/** Annotations of a workload, and of its pods' template. */
const annotations = (name: string) => {
  const one = api.get(keyOf(name));
  return {
    own: inside(one, "metadata", "annotations"),
    template: inside(one, "spec", "template", "metadata", "annotations"),
  };
};

/** One run; what it restarted, and what it only marked, in order. */
async function run(env: Record<string, string> = {}) {
  api.forget();
  const ended = await pod.run("restarts.sh", {
    TARGETS: join(pod.folder, "targets"),
    KAFKA_BROKERS: "kafka:9092",
    KAFKA_USER: "telegraf",
    KAFKA_PASSWORD: "kafka-secret",
    KNOWN_TOPIC: "_schemas",
    REGISTRY: "http://registry:8081",
    PATIENCE: "0",
    PAUSE: "0",
    ...env,
  });
  return { ...ended, restarted: api.restarted, marked: api.marked };
}

beforeEach(async () => {
  api = new Api();
  pod = new Pod(await api.listen());
  pod.write("kafka-topics.sh", KAFKA_TOPICS);
  pod.write("kafka-consumer-groups.sh", KAFKA_CONSUMER_GROUPS);
  pod.write("targets", restartTargets(TARGETS));
  setTopics("_schemas", "lsst.sal.MTM1M3.forceActuatorData", "lsst.sal.Script.state");
  pod.write("taken", "lsst.sal.MTM1M3.forceActuatorData\nlsst.sal.Script.state\n");
  for (const name of SECRETS) api.setSecret(name, { password: "b2xk" });
  for (const { resource, name } of TARGETS) api.addWorkload(resource, name);
});
afterEach(() => {
  api.close();
  pod.remove();
});

describe("the first run", () => {
  test("restarts none that started with what is there, and marks them; the second does nothing", async () => {
    expect(await run()).toMatchObject({ status: 0, restarted: [], output: "0 of 5 programs restart\n" });
    expect(api.marked).toEqual(["registry", "nodes", "sink", "m1m3", "m1m3", "obssys", "obssys"]);
    for (const name of ALL)
      expect(annotations(name)).toMatchObject({
        own: { "efd/secrets-are": expect.stringMatching(/^-[0-9a-f]{16}$/) as unknown },
      });
    expect(annotations("m1m3").own).toHaveProperty("efd/topics-are");
    expect(annotations("m1m3").template).toBeUndefined();
    expect(await run()).toMatchObject({ status: 0, restarted: [], marked: [] });
  });

  test.each([
    ["after the program was made", AFTER],
    ["in the same second, so nobody knows", MADE],
    ["at a time that the API server does not say", ""],
  ])("restarts those of which a Secret changed %s", async (_when, at) => {
    api.setSecret("writer", { password: "bmV3" }, { at });
    expect(await run()).toMatchObject({ status: 0, restarted: ["nodes", "m1m3", "obssys"] });
    expect(await run()).toMatchObject({ status: 0, restarted: [], marked: [] });
  });

  test.each([
    ["does not take a topic that is there", "lsst.sal.MTM1M3.forceActuatorData\n", ["obssys"]],
    ["takes nothing at all", "", ["m1m3", "obssys"]],
  ])("restarts a consumer that %s: it came after the start", async (_what, taken, restarted) => {
    pod.write("taken", taken);
    setTopics("_schemas", "lsst.sal.MTM1M3.forceActuatorData", "lsst.sal.Script.state", "lsst.sal.ScriptQueue.queue");
    const { output, ...ended } = await run();
    expect(ended).toMatchObject({ status: 0, restarted });
    expect(output).toContain("telegraf/obssys restarts, for it did not start with its topics (2 now)");
    expect((await run()).restarted).toEqual([]);
  });

  test("asks no group where a consumer has no topic yet", async () => {
    setTopics("_schemas");
    expect(await run()).toMatchObject({ status: 0, restarted: [] });
    expect(existsSync(join(pod.folder, "groups"))).toBe(false);
  });

  test("what started with one Secret, got another and then the first again, restarts each time", async () => {
    await run();
    api.setSecret("kafka-registry", { password: "bmV3" }, { at: AFTER });
    expect((await run()).restarted).toEqual(["registry"]);
    api.setSecret("kafka-registry", { password: "b2xk" }, { at: AFTER });
    expect((await run()).restarted).toEqual(["registry"]);
    expect((await run()).restarted).toEqual([]);
  });
});

test("a restart changes two marks of the pods' template and nothing else", async () => {
  changeAllSecrets();
  const before = api.get("deployments/m1m3");
  await run();
  const mark = expect.stringMatching(/^[0-9a-f]{16}$/) as unknown;
  expect(annotations("m1m3")).toEqual({
    own: { "efd/topics-are": expect.stringMatching(/^-[0-9a-f]{16}$/) as unknown },
    template: { "efd/secrets": mark, "efd/topics": mark },
  });
  expect(inside(api.get("deployments/m1m3"), "spec", "template", "spec")).toEqual(
    inside(before, "spec", "template", "spec"),
  );
});

test("a connector has no template: Strimzi is told to restart it and its tasks, which alone read the password", async () => {
  changeAllSecrets();
  await run();
  const mark = expect.stringMatching(/^[0-9a-f]{16}$/) as unknown;
  expect(annotations("sink").own).toEqual({ "efd/secrets": mark, "strimzi.io/restart": "includeTasks" });
});

test.each([
  ["kafka-registry", ["registry"]],
  ["kafka-telegraf", ["m1m3", "obssys"]],
  ["writer", ["nodes", "m1m3", "obssys"]],
  ["sink-writer", ["sink"]],
])("another %s restarts those that read it", async (secret, readers) => {
  await run();
  api.setSecret(secret, { password: "bmV3" }, { at: AFTER });
  const { restarted, output } = await run();
  expect(restarted).toEqual(readers);
  expect(output).toContain("its Secrets (");
  expect(output).not.toContain("its topics");
  expect((await run()).restarted).toEqual([]);
});

test.each([
  ["lsst.sal.MTM1M3.gyroData", ["m1m3"]],
  ["lsst.sal.ScriptQueue.queue", ["obssys"]],
  // A name that begins like another, and what nobody consumes.
  ["lsst.sal.MTM1M3TS.gyroData", []],
  ["lsstXsal.MTM1M3.gyroData", []],
])("topic %s restarts who takes it", async (topic, takers) => {
  await run();
  // In another order, too, which means nothing.
  setTopics(topic, "lsst.sal.Script.state", "lsst.sal.MTM1M3.forceActuatorData", "_schemas");
  expect((await run()).restarted).toEqual(takers);
  expect((await run()).restarted).toEqual([]);
});

test("a topic that went restarts its consumer, which would ask for it for ever", async () => {
  await run();
  setTopics("_schemas", "lsst.sal.Script.state");
  const { restarted, output } = await run();
  expect(restarted).toEqual(["m1m3"]);
  expect(output).toContain("telegraf/m1m3 restarts, for it did not start with its topics (0 now)");
});

describe("what is away", () => {
  test("without the registry no consumer is restarted, and all else is", async () => {
    await run();
    changeAllSecrets();
    api.registry = false;
    const { status, restarted, output } = await run();
    expect([status, restarted]).toEqual([1, ["registry", "nodes", "sink"]]);
    expect(output).toContain("the schema registry does not answer at http://registry:8081: consumers are left alone");
    api.registry = true;
    expect(await run()).toMatchObject({ status: 0, restarted: ["m1m3", "obssys"] });
  });

  test.each([
    ["no list", []],
    ["a list without the topic that is always there", ["lsst.sal.Other.x"]],
  ])("with %s from Kafka no consumer is restarted", async (_what, topics) => {
    await run();
    setTopics(...topics);
    const { status, restarted, output } = await run();
    expect([status, restarted]).toEqual([1, []]);
    expect(output).toContain("Kafka does not list its topics to telegraf at kafka:9092");
  });

  describe("and may be starting is asked again", () => {
    beforeEach(async () => {
      await run();
      changeAllSecrets();
    });
    const patiently = () => run({ PATIENCE: "600", PAUSE: "0.2" });

    test("Kafka, for which no other program waits", async () => {
      pod.write("starting", "once\ntwice\n");
      const { status, restarted, output } = await patiently();
      expect([status, restarted]).toEqual([0, ALL]);
      expect(
        output.match(/Kafka does not list its topics to telegraf at kafka:9092: asks again for \d+ s/g),
      ).toHaveLength(1);
      expect(output.indexOf("kafka/sink restarts")).toBeLessThan(output.indexOf("Kafka does not list"));
    });

    test("the registry", async () => {
      api.registry = false;
      setTimeout(() => (api.registry = true), 1500);
      expect(await patiently()).toMatchObject({ status: 0, restarted: ALL });
    });

    test("a consumer", async () => {
      await run();
      const m1m3 = api.get("deployments/m1m3");
      api.objects.set("deployments/m1m3", { ...m1m3, status: { unavailableReplicas: 1 } });
      const get = api.objects.get.bind(api.objects);
      let looks = 0;
      const runs = jest
        .spyOn(api.objects, "get")
        .mockImplementation((key) => (key === "deployments/m1m3" && ++looks > 2 ? m1m3 : get(key)));
      const { output, ...ended } = await patiently();
      runs.mockRestore();
      expect(ended).toMatchObject({ status: 0, restarted: [] });
      expect(output).toMatch(/^0 of 5 programs restart\ntelegraf\/m1m3 does not run: asks again for \d+ s, .*\n$/);
    });
  });

  test("a consumer that cannot be read again is no consumer that runs", async () => {
    await run();
    api.objects.set("deployments/m1m3", { ...api.get("deployments/m1m3"), status: { unavailableReplicas: 1 } });
    const get = api.objects.get.bind(api.objects);
    let looks = 0;
    const goes = jest
      .spyOn(api.objects, "get")
      .mockImplementation((key) => (key === "deployments/m1m3" && ++looks > 2 ? undefined : get(key)));
    const { status, output } = await run({ PATIENCE: "600", PAUSE: "0.2" });
    goes.mockRestore();
    expect(output).toContain("telegraf/m1m3 does not run: asks again for");
    expect([status, output.match(/telegraf\/m1m3 cannot be read again/g)]).toEqual([
      1,
      ["telegraf/m1m3 cannot be read again"],
    ]);
  });

  test("a Secret that is not there stops its readers' restart only", async () => {
    await run();
    changeAllSecrets();
    api.objects.delete("secrets/kafka-telegraf");
    const { status, restarted, output } = await run();
    expect([status, restarted]).toEqual([1, ["registry", "nodes", "sink"]]);
    expect(output).toContain("telegraf/m1m3: it or one of its Secrets (kafka-telegraf,writer) cannot be read");
  });

  test("a workload that is not there stops no other", async () => {
    changeAllSecrets();
    api.objects.delete("deployments/m1m3");
    expect(await run()).toMatchObject({ status: 1, restarted: ["registry", "nodes", "sink", "obssys"] });
  });

  test("a refused restart is tried again", async () => {
    changeAllSecrets();
    api.frozen = true;
    expect(await run()).toMatchObject({ status: 1, restarted: [] });
    api.frozen = false;
    expect(await run()).toMatchObject({ status: 0, restarted: ALL });
  });

  test("a refused mark restarts nothing, and is tried again", async () => {
    api.frozen = true;
    const { output, ...ended } = await run();
    expect(ended).toMatchObject({ status: 1, restarted: [] });
    expect(output).toContain("nodes/nodes cannot be marked");
    api.frozen = false;
    expect(await run()).toMatchObject({ status: 0, restarted: [] });
    expect(api.marked).toContain("nodes");
  });
});

test("where nobody consumes it asks neither Kafka nor the registry", async () => {
  pod.write("targets", restartTargets(TARGETS.filter(({ topics }) => !topics)));
  setTopics();
  api.registry = false;
  changeAllSecrets();
  expect(await run()).toMatchObject({ status: 0, restarted: ["registry", "nodes", "sink"] });
});

test.each([
  ["plain", "abc", "abc"],
  // Java's properties take one backslash away, the login's text the other.
  ["with a quote", 'a"b', String.raw`a\\"b`],
  ["with a backslash", String.raw`a\b`, String.raw`a\\\\b`],
])("Kafka gets a password %s as it is", async (_what, password, written) => {
  await run({ KAFKA_PASSWORD: password });
  expect(readFileSync(join(pod.folder, "client.properties"), "utf8")).toContain(`password="${written}";`);
});

test("it prints no password, no value of a Secret and no token", async () => {
  api.objects.delete("secrets/writer");
  setTopics();
  expect((await run()).output).not.toMatch(/kafka-secret|a-token|b2xk/);
});

describe("what of a Secret counts", () => {
  const restartedBy = async (data: Record<string, string>, annotations: object = {}) => {
    api.setSecret("writer", { password: "b2xk", user: "YQ==" });
    await run();
    api.setSecret("writer", data, { at: AFTER, annotations });
    return (await run()).restarted;
  };
  const READERS = ["nodes", "m1m3", "obssys"];

  test("not its labels, annotations and version", async () => {
    const annotations = { note: '{"data":{"password":"bmV3"}}', "reconcile.external-secrets.io/data-hash": "x" };
    expect(await restartedBy({ password: "b2xk", user: "YQ==" }, annotations)).toEqual([]);
  });

  test.each([
    ["another value", { password: "bmV3", user: "YQ==" }],
    ["a key more", { more: "YQ==", password: "b2xk", user: "YQ==" }],
    ["a key less", { password: "b2xk" }],
    ["no key", {}],
  ])("%s", async (_what, data) => {
    expect(await restartedBy(data as Record<string, string>)).toEqual(READERS);
  });
});

describe("a mark of the versions, as the revision before made it", () => {
  const hash = (text: string) => createHash("sha256").update(`${text}\n`).digest("hex").slice(0, 16);
  const mark = hash("writer 1");
  beforeEach(() => {
    pod.write("targets", restartTargets(TARGETS.filter(({ name }) => name === "nodes")));
    api.setSecret("writer", { password: "b2xk" }, { version: 1, at: AFTER });
    const nodes = api.get("daemonsets/nodes");
    api.objects.set("daemonsets/nodes", {
      ...nodes,
      spec: { template: { metadata: { annotations: { "efd/secrets": mark } } } },
    });
  });

  test("counts where the versions are still the same, and nothing restarts", async () => {
    expect(await run()).toMatchObject({ status: 0, output: "0 of 1 programs restart\n" });
    const is = expect.stringMatching(`^${mark}-[0-9a-f]{16}$`) as unknown;
    expect(annotations("nodes").own).toEqual({ "efd/secrets-are": is });
  });

  test("stands for the data from then on", async () => {
    await run();
    api.setSecret("writer", { password: "b2xk" }, { at: AFTER });
    expect((await run()).output).toBe("0 of 1 programs restart\n");
    api.setSecret("writer", { password: "bmV3" }, { at: AFTER });
    expect((await run()).output).toContain("nodes/nodes restarts, for it did not start with its Secrets (writer)");
  });

  test("does not count where they differ", async () => {
    api.setSecret("writer", { password: "bmV3" }, { version: 2 });
    expect((await run()).output).toContain("1 of 1 programs restart");
  });
});

describe("a consumer that cannot get past a record", () => {
  const place = "telegraf-kafka-consumer-m1m3 lsst.sal.MTM1M3.b 0";
  const groups = () => readFileSync(join(pod.folder, "groups"), "utf8").trim().split("\n");
  /** What was asked before does not count. */
  const forgetGroups = () => {
    rmSync(join(pod.folder, "groups"), { force: true });
  };

  test("is named with topic, partition and offset", async () => {
    await run();
    api.objects.set("deployments/m1m3", { ...api.get("deployments/m1m3"), status: { unavailableReplicas: 1 } });
    const { status, restarted, output } = await run();
    expect([status, restarted]).toEqual([1, []]);
    expect(output).toContain(
      "telegraf/m1m3 does not run, and telegraf-kafka-consumer-m1m3 has not read topic lsst.sal.MTM1M3.b, partition 0, from offset 120 on (3 records)\n",
    );
    expect(output.match(/has not read/g)).toHaveLength(1);
  });

  test("is not asked about while it runs and its topics are the same", async () => {
    await run();
    forgetGroups();
    expect((await run()).status).toBe(0);
    expect(existsSync(join(pod.folder, "groups"))).toBe(false);
  });

  test("steps over it when told to, as soon as Kafka lets it, and restarts nothing", async () => {
    pod.write("active", "");
    const { status, restarted } = await run({ STEP_OVER: `${place} 120` });
    expect([status, restarted]).toEqual([0, []]);
    const [first, second, ...others] = groups();
    expect([first, others]).toEqual([second, []]);
    expect(second).toMatch(
      /--reset-offsets --group telegraf-kafka-consumer-m1m3 --topic lsst\.sal\.MTM1M3\.b:0 --to-offset 121 --execute$/,
    );
  });

  test("says so where Kafka never lets it", async () => {
    pod.write("active", "for ever");
    const { status, output } = await run({ STEP_OVER: `${place} 120` });
    expect(status).toBe(1);
    expect(output).toContain("the current state is Stable");
    expect(output).toContain(
      "stays before offset 120 of lsst.sal.MTM1M3.b, partition 0: scale its Deployment to 0 first",
    );
  });

  test.each(["", " latest", " -1", " 1 2"])("asks Kafka nothing where the record's offset is %j", async (offset) => {
    const { status, output } = await run({ STEP_OVER: `${place}${offset}` });
    expect(status).toBe(1);
    expect(output).toContain("It takes the record's GROUP TOPIC PARTITION OFFSET");
    expect(existsSync(join(pod.folder, "groups"))).toBe(false);
  });
});
