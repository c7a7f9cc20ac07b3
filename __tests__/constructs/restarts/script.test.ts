import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Restart } from "../../../constructs/kubernetes/restarts";
import { restartTargets } from "../../../constructs/restarts/restarts";

const SCRIPT = join(__dirname, "..", "..", "..", "constructs", "restarts", "restarts.sh");

/**
 * An API server and a registry. `secrets/` holds Secrets, `workloads/` what was patched last. The API writes JSON
 * without spaces only where it is asked to, as the real one does for curl.
 */
const CURL = String.raw`#!/bin/bash
while [ $# -gt 1 ]; do
  case $1=$2 in
    --header=@*) token=$(cat "$(echo "$2" | cut -c 2-)") ;;
    --request=*) method=$2 ;;
    --data=*) data=$2 ;;
    --output=*) exec > "$2" ;;
  esac
  shift
done
case $1 in http://registry:8081/*) test -e "$STATE/registry"; exit ;; esac
[ "$token" = "Authorization: Bearer a-token" ] || exit 22
name=$(basename "$1" "?pretty=false")
case $1 in
  https://kubernetes.test/api/v1/namespaces/*/secrets/*)
    [ -e "$STATE/secrets/$name" ] || exit 22
    answer=$(cat "$STATE/secrets/$name") ;;
  https://kubernetes.test/apis/apps/v1/namespaces/*/kafkaconnectors/*) exit 22 ;;
  https://kubernetes.test/apis/apps/v1/namespaces/*/* | \
  https://kubernetes.test/apis/kafka.strimzi.io/v1/namespaces/kafka/kafkaconnectors/*)
    [ -e "$STATE/workloads/$name" ] || exit 22
    if [ "$method" = PATCH ]; then
      [ ! -e "$STATE/frozen" ] || exit 22
      echo "$data" > "$STATE/workloads/$name"
      echo "$name" >> "$STATE/patched"
    fi
    answer=$(cat "$STATE/workloads/$name") ;;
  *) exit 22 ;;
esac
case $1 in *"?pretty=false") echo "$answer" ;; *) echo "$answer" | sed 's/:/: /g' ;; esac
`;

const KAFKA_TOPICS = String.raw`#!/bin/sh
while [ $# -gt 0 ]; do [ "$1" = --command-config ] && cp "$2" "$STATE/client.properties"; shift; done
cat "$STATE/topics"
`;

/** A group that has read one partition and not the other. Like the real program it ends with 0 also where it is refused. */
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
  *) printf '\n%s\n' "GROUP TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG CONSUMER-ID HOST CLIENT-ID" \
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
  },
  { namespace: "nodes", resource: "daemonsets", name: "nodes", secrets: ["writer"] },
  { namespace: "kafka", resource: "kafkaconnectors", name: "sink", secrets: ["sink-writer"] },
];
const ALL = TARGETS.map(({ name }) => name);
const SECRETS = [...new Set(TARGETS.flatMap(({ secrets }) => secrets))];

let folder: string;
const write = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  chmodSync(join(folder, name), 0o755);
};
const remove = (name: string) => {
  rmSync(join(folder, name));
};
const setTopics = (...topics: string[]) => {
  write("topics", topics.map((topic) => `${topic}\n`).join(""));
};
/** A Secret as the API writes it; its version is raised by every change, of whatever kind. */
const setSecret = (name: string, data: Record<string, string>, version = "1", annotations: object = {}) => {
  const metadata = {
    name,
    resourceVersion: version,
    annotations,
    managedFields: [{ fieldsV1: { "f:data": { ".": {}, "f:password": {} } } }],
  };
  write(`secrets/${name}`, JSON.stringify({ kind: "Secret", metadata, data, type: "Opaque" }));
};
const changeAllSecrets = () => {
  for (const name of SECRETS) setSecret(name, { password: "bmV3" }, "100");
};

/** One run; what it restarted, in order. */
function run(env: Record<string, string> = {}) {
  rmSync(join(folder, "patched"), { force: true });
  const { status, stdout, stderr } = spawnSync("bash", [SCRIPT], {
    encoding: "utf8",
    env: {
      PATH: `${folder}:${process.env["PATH"] ?? ""}`,
      STATE: folder,
      TMPDIR: folder,
      TARGETS: join(folder, "targets"),
      API_SERVER: "https://kubernetes.test",
      ACCOUNT: folder,
      KAFKA_BROKERS: "kafka:9092",
      KAFKA_USER: "telegraf",
      KAFKA_PASSWORD: "kafka-secret",
      KNOWN_TOPIC: "_schemas",
      REGISTRY: "http://registry:8081",
      ...env,
    },
  });
  const patched = join(folder, "patched");
  return {
    status,
    output: stdout + stderr,
    restarted: existsSync(patched) ? readFileSync(patched, "utf8").trim().split("\n") : [],
  };
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "efd-rollouts-"));
  for (const name of ["secrets", "workloads"]) mkdirSync(join(folder, name));
  write("curl", CURL);
  write("kafka-topics.sh", KAFKA_TOPICS);
  write("kafka-consumer-groups.sh", KAFKA_CONSUMER_GROUPS);
  write("targets", restartTargets(TARGETS));
  write("token", "a-token");
  write("registry", "");
  setTopics("_schemas", "lsst.sal.MTM1M3.forceActuatorData", "lsst.sal.Script.state");
  for (const name of SECRETS) setSecret(name, { password: "b2xk" });
  for (const name of ALL) write(`workloads/${name}`, "{}");
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("the first run restarts each once, the second none", () => {
  expect(run()).toMatchObject({ status: 0, restarted: ALL });
  expect(run()).toMatchObject({ status: 0, restarted: [], output: "0 of 5 programs restart\n" });
});

test("it changes two marks of the pods' template and nothing else", () => {
  run();
  const patch = JSON.parse(readFileSync(join(folder, "workloads", "m1m3"), "utf8")) as unknown;
  const mark = expect.stringMatching(/^[0-9a-f]{16}$/) as unknown;
  expect(patch).toEqual({
    spec: { template: { metadata: { annotations: { "efd/secrets": mark, "efd/topics": mark } } } },
  });
});

test("a connector has no template: Strimzi is told to restart it and its tasks, which alone read the password", () => {
  run();
  const patch = JSON.parse(readFileSync(join(folder, "workloads", "sink"), "utf8")) as unknown;
  const mark = expect.stringMatching(/^[0-9a-f]{16}$/) as unknown;
  expect(patch).toEqual({ metadata: { annotations: { "efd/secrets": mark, "strimzi.io/restart": "includeTasks" } } });
});

test.each([
  ["kafka-registry", ["registry"]],
  ["kafka-telegraf", ["m1m3", "obssys"]],
  ["writer", ["m1m3", "obssys", "nodes"]],
  ["sink-writer", ["sink"]],
])("another %s restarts those that read it", (secret, readers) => {
  run();
  setSecret(secret, { password: "bmV3" }, "100");
  const { restarted, output } = run();
  expect(restarted).toEqual(readers);
  expect(output).toContain("its Secrets (");
  expect(output).not.toContain("its topics");
  expect(run().restarted).toEqual([]);
});

test.each([
  ["lsst.sal.MTM1M3.gyroData", ["m1m3"]],
  ["lsst.sal.ScriptQueue.queue", ["obssys"]],
  // A name that begins like another, and what nobody consumes.
  ["lsst.sal.MTM1M3TS.gyroData", []],
  ["lsstXsal.MTM1M3.gyroData", []],
])("topic %s restarts who takes it", (topic, takers) => {
  run();
  // In another order, too, which means nothing.
  setTopics(topic, "lsst.sal.Script.state", "lsst.sal.MTM1M3.forceActuatorData", "_schemas");
  expect(run().restarted).toEqual(takers);
  expect(run().restarted).toEqual([]);
});

test("a topic that went restarts its consumer, which would ask for it for ever", () => {
  run();
  setTopics("_schemas", "lsst.sal.Script.state");
  const { restarted, output } = run();
  expect(restarted).toEqual(["m1m3"]);
  expect(output).toContain("telegraf/m1m3 restarts, for it did not start with its topics (0 now)");
});

describe("what is away", () => {
  test("without the registry no consumer is restarted, and all else is", () => {
    run();
    changeAllSecrets();
    remove("registry");
    const { status, restarted, output } = run();
    expect([status, restarted]).toEqual([1, ["registry", "nodes", "sink"]]);
    expect(output).toContain("the schema registry does not answer at http://registry:8081: consumers are left alone");
    write("registry", "");
    expect(run()).toMatchObject({ status: 0, restarted: ["m1m3", "obssys"] });
  });

  test.each([
    ["no list", []],
    ["a list without the topic that is always there", ["lsst.sal.Other.x"]],
  ])("with %s from Kafka no consumer is restarted", (_what, topics) => {
    run();
    setTopics(...topics);
    const { status, restarted, output } = run();
    expect([status, restarted]).toEqual([1, []]);
    expect(output).toContain("Kafka does not list its topics to telegraf at kafka:9092");
  });

  test("a Secret that is not there stops its readers' restart only", () => {
    run();
    changeAllSecrets();
    remove("secrets/kafka-telegraf");
    const { status, restarted, output } = run();
    expect([status, restarted]).toEqual([1, ["registry", "nodes", "sink"]]);
    expect(output).toContain("telegraf/m1m3: it or one of its Secrets (kafka-telegraf,writer) cannot be read");
  });

  test("a workload that is not there stops no other", () => {
    remove("workloads/m1m3");
    expect(run()).toMatchObject({ status: 1, restarted: ["registry", "obssys", "nodes", "sink"] });
  });

  test("a refused restart is tried again", () => {
    write("frozen", "");
    expect(run()).toMatchObject({ status: 1, restarted: [] });
    remove("frozen");
    expect(run()).toMatchObject({ status: 0, restarted: ALL });
  });
});

test("where nobody consumes it asks neither Kafka nor the registry", () => {
  write("targets", restartTargets(TARGETS.filter(({ topics }) => !topics)));
  setTopics();
  remove("registry");
  expect(run()).toMatchObject({ status: 0, restarted: ["registry", "nodes", "sink"] });
});

test.each([
  ["plain", "abc", "abc"],
  // Java's properties take one backslash away, the login's text the other.
  ["with a quote", 'a"b', String.raw`a\\"b`],
  ["with a backslash", String.raw`a\b`, String.raw`a\\\\b`],
])("Kafka gets a password %s as it is", (_what, password, written) => {
  run({ KAFKA_PASSWORD: password });
  expect(readFileSync(join(folder, "client.properties"), "utf8")).toContain(`password="${written}";`);
});

test("it prints no password, no value of a Secret and no token", () => {
  remove("secrets/writer");
  setTopics();
  expect(run().output).not.toMatch(/kafka-secret|a-token|b2xk/);
});

describe("what of a Secret counts", () => {
  const restartedBy = (data: Record<string, string>, annotations: object = {}) => {
    setSecret("writer", { password: "b2xk", user: "YQ==" });
    run();
    setSecret("writer", data, "100", annotations);
    return run().restarted;
  };
  const READERS = ["m1m3", "obssys", "nodes"];

  test("not its labels, annotations and version", () => {
    const annotations = { note: '{"data":{"password":"bmV3"}}', "reconcile.external-secrets.io/data-hash": "x" };
    expect(restartedBy({ password: "b2xk", user: "YQ==" }, annotations)).toEqual([]);
  });

  test.each([
    ["another value", { password: "bmV3", user: "YQ==" }],
    ["a key more", { more: "YQ==", password: "b2xk", user: "YQ==" }],
    ["a key less", { password: "b2xk" }],
    ["no key", {}],
  ])("%s", (_what, data) => {
    expect(restartedBy(data)).toEqual(READERS);
  });
});

describe("a mark of the versions, as the revision before made it", () => {
  const hash = (text: string) => createHash("sha256").update(`${text}\n`).digest("hex").slice(0, 16);
  const mark = hash("writer 1");
  const nodes = () => JSON.parse(readFileSync(join(folder, "workloads", "nodes"), "utf8")) as object;
  const started = { spec: { template: { metadata: { annotations: { "efd/secrets": mark } } } } };
  beforeEach(() => {
    write("targets", restartTargets(TARGETS.filter(({ name }) => name === "nodes")));
    write("workloads/nodes", JSON.stringify(started));
  });

  test("counts where the versions are still the same, and nothing restarts", () => {
    expect(run()).toMatchObject({ status: 0, output: "0 of 1 programs restart\n" });
    const is = expect.stringMatching(`^${mark}-[0-9a-f]{16}$`) as unknown;
    expect(nodes()).toEqual({ metadata: { annotations: { "efd/secrets-are": is } } });
  });

  test("stands for the data from then on", () => {
    run();
    write("workloads/nodes", JSON.stringify({ ...nodes(), ...started }));
    setSecret("writer", { password: "b2xk" }, "100");
    expect(run().output).toBe("0 of 1 programs restart\n");
    setSecret("writer", { password: "bmV3" }, "101");
    expect(run().output).toContain("nodes/nodes restarts, for it did not start with its Secrets (writer)");
  });

  test("does not count where they differ", () => {
    setSecret("writer", { password: "bmV3" }, "2");
    expect(run().output).toContain("1 of 1 programs restart");
  });
});

describe("a consumer that cannot get past a record", () => {
  const place = "telegraf-kafka-consumer-m1m3 lsst.sal.MTM1M3.b 0";

  test("is named with topic, partition and offset", () => {
    run();
    const running = JSON.parse(readFileSync(join(folder, "workloads", "m1m3"), "utf8")) as object;
    write("workloads/m1m3", JSON.stringify({ ...running, status: { unavailableReplicas: 1 } }));
    const { status, restarted, output } = run();
    expect([status, restarted]).toEqual([1, []]);
    expect(output).toContain(
      "telegraf/m1m3 does not run, and telegraf-kafka-consumer-m1m3 has not read topic lsst.sal.MTM1M3.b, partition 0, from offset 120 on (3 records)\n",
    );
    expect(output.match(/has not read/g)).toHaveLength(1);
  });

  test("is not asked about while it runs", () => {
    run();
    expect(run().status).toBe(0);
    expect(existsSync(join(folder, "groups"))).toBe(false);
  });

  test("steps over it when told to, as soon as Kafka lets it, and restarts nothing", () => {
    write("active", "");
    const { status, restarted } = run({
      STEP_OVER: `${place} 120`,
      PAUSE: "0",
    });
    expect([status, restarted]).toEqual([0, []]);
    const [first, second, ...others] = readFileSync(join(folder, "groups"), "utf8").trim().split("\n");
    expect([first, others]).toEqual([second, []]);
    expect(second).toMatch(
      /--reset-offsets --group telegraf-kafka-consumer-m1m3 --topic lsst\.sal\.MTM1M3\.b:0 --to-offset 121 --execute$/,
    );
  });

  test("says so where Kafka never lets it", () => {
    write("active", "for ever");
    const { status, output } = run({ STEP_OVER: `${place} 120`, PAUSE: "0" });
    expect(status).toBe(1);
    expect(output).toContain("the current state is Stable");
    expect(output).toContain(
      "stays before offset 120 of lsst.sal.MTM1M3.b, partition 0: scale its Deployment to 0 first",
    );
  });

  test.each(["", " latest", " -1", " 1 2"])("asks Kafka nothing where the record's offset is %j", (offset) => {
    const { status, output } = run({ STEP_OVER: `${place}${offset}`, PAUSE: "0" });
    expect(status).toBe(1);
    expect(output).toContain("It takes the record's GROUP TOPIC PARTITION OFFSET");
    expect(existsSync(join(folder, "groups"))).toBe(false);
  });
});
