import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SiteClients } from "../../../cli/shared/clients/clients";
import type { HttpQuestion } from "../../../cli/shared/clients/http";
import { consumersOf } from "../../../cli/shared/ingest/consumers";
import type { Context } from "../../../cli/shared/terminal/context";
import { Output } from "../../../cli/shared/terminal/output";
import { init } from "../../../cli/subsystem/init";
import { topicsMark } from "../../../cli/subsystem/roll";
import { parseEnvironment } from "../../../environments/parse";
import { local } from "../../../environments/sites/local";
import { FakeKafka, groupOffset, topicState } from "../shared/clients/fake-kafka";

const site = parseEnvironment(local);
const [consumer] = consumersOf(site);
const HEARTBEAT = "lsst.sal.Test.logevent_heartbeat";
const SCALARS = "lsst.sal.Test.scalars";

/** A site whose consumer takes all topics of its patterns when its Deployment is changed. */
class FakeSite {
  readonly kafka = new FakeKafka();
  readonly patches: [string, unknown][] = [];
  readonly subjects = new Map<string, string[]>();
  mode = "READWRITE";
  isCompatible = true;
  /** Whether the consumer gets the topics after its restart. */
  works = true;
  deployment: object = {};

  constructor() {
    this.kafka.topicStates = [topicState(HEARTBEAT, 1, [0])];
    this.take();
  }

  /** The consumer starts. */
  take(): void {
    const offsets = this.kafka.topicStates
      .filter(({ name }) => name.startsWith("lsst.sal.Test."))
      .map(({ name }) => groupOffset(name, 0, 0));
    this.kafka.groupStates = [{ name: consumer!.group, state: "Stable", members: 1, offsets }];
  }

  private answer({ method = "GET", path, body = "{}" }: HttpQuestion): [number, unknown] {
    const { schema = "" } = JSON.parse(body) as { schema?: string };
    const subject = /subjects\/([^/]+)/.exec(path)?.[1] ?? "";
    const versions = this.subjects.get(subject) ?? [];
    if (path === "/mode") return [200, { mode: this.mode }];
    if (path.startsWith("/compatibility"))
      return versions.length === 0 ? [404, { error_code: 40401 }] : [200, { is_compatible: this.isCompatible }];
    if (path.endsWith("/versions") && method === "POST") {
      this.subjects.set(subject, [...versions, schema]);
      return [200, { id: 1 }];
    }
    return versions.includes(schema) ? [200, { version: 1 }] : [404, { error_code: 40403 }];
  }

  get clients(): SiteClients {
    return {
      kafka: () => Promise.resolve(this.kafka),
      inside: () => ({
        ask: (question: HttpQuestion) => {
          const [status, body] = this.answer(question);
          return Promise.resolve({ status, headers: {}, text: JSON.stringify(body) });
        },
      }),
      cluster: {
        get: () => Promise.resolve(this.deployment),
        patch: (path: string, change: unknown) => {
          this.patches.push([path, change]);
          if (this.works) this.take();
          return Promise.resolve();
        },
      },
    } as unknown as SiteClients;
  }
}

let fake: FakeSite;
let said: string;
beforeEach(() => {
  fake = new FakeSite();
  said = "";
});

async function run(options: Parameters<typeof init>[4], ask?: Context["ask"]): Promise<number> {
  const write = (text: string) => (said += text);
  const output = new Output({ json: false, stdout: { write }, stderr: { write }, env: { NO_COLOR: "1" } });
  const context = { output, run: () => Promise.reject(new Error("no program is run")), env: {}, ...(ask && { ask }) };
  return init(context, site, fake.clients, "Test", options);
}

test("a topic is made as the site has copies, and its consumer starts again with the mark of the Job", async () => {
  expect(await run({ topics: "scalars,logevent_heartbeat", yes: true })).toBe(0);
  expect(fake.kafka.created).toEqual([{ name: SCALARS, partitions: 1, replication: 1 }]);
  expect(fake.patches).toEqual([
    [
      "/apis/apps/v1/namespaces/telegraf/deployments/telegraf-test",
      {
        spec: {
          template: { metadata: { annotations: { "efd/topics": topicsMark(consumer!, [HEARTBEAT, SCALARS]) } } },
        },
      },
    ],
  ]);
});

test("the second time there is nothing to do", async () => {
  await run({ topics: "scalars", yes: true });
  said = "";
  expect(await run({ topics: "scalars", yes: true })).toBe(0);
  expect(said).toContain("nothing to do");
  expect([fake.kafka.created.length, fake.patches.length]).toEqual([1, 1]);
});

test("killed between topic and restart, and run again, it completes", async () => {
  fake.kafka.topicStates.push(topicState(SCALARS, 1, [0]));
  expect(await run({ topics: "scalars", yes: true })).toBe(0);
  expect([fake.kafka.created.length, fake.patches.length]).toEqual([0, 1]);
});

test("a consumer that is marked already is waited for, and starts once more where that was long ago", async () => {
  fake.kafka.topicStates.push(topicState(SCALARS, 1, [0]));
  const annotations = { "efd/topics": topicsMark(consumer!, [HEARTBEAT, SCALARS]) };
  const marked = (time: number) => ({
    spec: { template: { metadata: { annotations } } },
    status: { conditions: [{ type: "Progressing", lastUpdateTime: new Date(time).toISOString() }] },
  });
  fake.deployment = marked(Date.now() - 10_000);
  setTimeout(() => fake.take(), 100);
  expect(await run({ topics: "scalars", yes: true })).toBe(0);
  expect(fake.patches).toEqual([]);
  fake = new FakeSite();
  fake.kafka.topicStates.push(topicState(SCALARS, 1, [0]));
  fake.deployment = marked(Date.now() - 600_000);
  expect(await run({ topics: "scalars", yes: true })).toBe(0);
  expect(JSON.stringify(fake.patches)).toContain("kubectl.kubernetes.io/restartedAt");
});

test("--dry-run does nothing, nor does a no", async () => {
  expect(await run({ topics: "scalars", dryRun: true })).toBe(0);
  expect(await run({ topics: "scalars" }, () => Promise.resolve("n"))).toBe(1);
  expect([fake.kafka.created, fake.patches]).toEqual([[], []]);
  await expect(run({ topics: "scalars" })).rejects.toThrow("there is no terminal to ask on: add --yes");
});

test("a topic that is there otherwise stays so, and is said", async () => {
  fake.kafka.topicStates.push(topicState(SCALARS, 4, [0]));
  fake.take();
  expect(await run({ topics: "scalars", yes: true })).toBe(1);
  expect(said).toContain(`! topic ${SCALARS}: it has 4 partitions instead of 1, and stays so`);
  expect(fake.kafka.created).toEqual([]);
});

test("topics must come from somewhere", async () => {
  fake.kafka.topicStates = [];
  await expect(run({ yes: true })).rejects.toThrow("add --avro <dir> with its schemas");
});

describe("schemas", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "avro-"));
    writeFileSync(join(folder, `${SCALARS}.avsc`), '{"type": "record", "name": "scalars", "fields": []}');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("are registered once", async () => {
    expect(await run({ avro: folder, yes: true })).toBe(0);
    expect(await run({ avro: folder, yes: true })).toBe(0);
    expect([...fake.subjects]).toEqual([[`${SCALARS}-value`, ['{"type":"record","name":"scalars","fields":[]}']]]);
  });

  test("that do not fit stop everything before it begins", async () => {
    fake.subjects.set(`${SCALARS}-value`, ["another"]);
    fake.isCompatible = false;
    await expect(run({ avro: folder, yes: true })).rejects.toThrow(
      /does not fit the schema that is there\nnothing was changed/,
    );
    expect(fake.kafka.created).toEqual([]);
  });

  test("a registry that only reads takes none", async () => {
    fake.mode = "READONLY";
    await expect(run({ avro: folder, yes: true })).rejects.toThrow("the schema registry is READONLY");
    expect(fake.kafka.created).toEqual([]);
  });
});

test("the mark of topics is the one that restarts.sh makes", () => {
  const names = [SCALARS, HEARTBEAT, "lsst.sal.Other.a", "lsst.sal.Test.A"];
  const script = `hash() { sha256sum | cut -c 1-16; }
topics=$(printf '%s\\n' "$@" | grep --extended-regexp -e '^lsst\\.sal\\.Test\\..*$' | LC_ALL=C sort); hash <<< "$topics"`;
  const mark = execFileSync("bash", ["-c", script, "bash", ...names], { encoding: "utf8" }).trim();
  expect(topicsMark(consumer!, names)).toBe(mark);
});
