import { registryChecks } from "../../../../cli/check/systems/registry";
import type { CheckProps } from "../../../../cli/check/model/verdict";
import { UserError } from "../../../../ground/errors";
import { parseEnvironment } from "../../../../environments/parse";
import type { Environment } from "../../../../environments/schema";
import { local } from "../../../../environments/sites/local";
import { FakeKafka, topicState } from "../../shared/clients/fake-kafka";

const site = parseEnvironment(local);
const [answers, schemas] = registryChecks;
const TOPIC = "lsst.sal.Test.logevent_heartbeat";

/** What is said, with these answers of the registry. */
async function said(
  check: (typeof registryChecks)[number] | undefined,
  replies: Readonly<Record<string, unknown>>,
  more: { readonly kafka?: FakeKafka; readonly site?: Environment; readonly down?: boolean } = {},
): Promise<string[]> {
  const ask = ({ path }: { path: string }) => {
    if (more.down) return Promise.reject(new UserError("schema-registry.kafka:8081 does not answer"));
    const body = replies[path];
    return Promise.resolve({ status: body === undefined ? 404 : 200, headers: {}, text: JSON.stringify(body ?? {}) });
  };
  const clients = {
    inside: () => ({ ask }),
    cluster: { get: () => Promise.resolve({ status: { availableReplicas: 1 } }) },
    kafka: () => Promise.resolve(more.kafka ?? new FakeKafka()),
  };
  const { signal } = new AbortController();
  const props = { site: more.site ?? site, clients, signal } as unknown as CheckProps;
  const verdicts = (await check?.run(props)) ?? [];
  return verdicts.map(({ level, what, measured }) => `${level} ${what}: ${measured}`);
}

const HEALTHY = { "/subjects": ["a"], "/mode": { mode: "READWRITE" }, "/config": { compatibilityLevel: "NONE" } };

test("a registry that works", async () => {
  const [answer, ...others] = await said(answers, HEALTHY);
  expect(answer).toMatch(/^ok answer: 1 subjects after [\d.]+ s$/);
  expect(others).toEqual(["ok replicas: 1 are available", "ok mode: READWRITE", "ok compatibility: NONE"]);
});

test("a registry that is away is a failure", async () => {
  expect(await said(answers, {}, { down: true })).toEqual([
    "fail answer: schema-registry.kafka:8081 does not answer",
    "ok replicas: 1 are available",
  ]);
});

test("READONLY is a failure where schemas are written, and meant where they are copied", async () => {
  const readOnly = { ...HEALTHY, "/mode": { mode: "READONLY" } };
  const copy = { ...site, registry: { ...site.registry, modeIsMutable: true }, mirror: {} } as unknown as Environment;
  expect((await said(answers, readOnly))[2]).toBe("fail mode: READONLY");
  expect((await said(answers, readOnly, { site: copy }))[2]).toBe("ok mode: READONLY");
  expect((await said(answers, HEALTHY, { site: copy }))[2]).toBe("warn mode: READWRITE");
});

test("a compatibility that somebody set", async () => {
  const backward = { ...HEALTHY, "/config": { compatibilityLevel: "BACKWARD" } };
  expect((await said(answers, backward))[3]).toBe("warn compatibility: BACKWARD");
});

describe("schemas of what is written", () => {
  let kafka: FakeKafka;
  beforeEach(() => {
    kafka = new FakeKafka();
    kafka.topicStates = [topicState(TOPIC), topicState("lsst.sal.Test.scalars"), topicState("lsst.sal.Other.a")];
    kafka.newestRecords = new Map([[TOPIC, { partition: 0, offset: 7, time: 1 }]]);
    kafka.kept = [{ topic: TOPIC, partition: 0, offset: 7, time: 1, value: Buffer.from([0, 0, 0, 1, 2, 9]) }];
  });

  test("are there", async () => {
    const replies = { "/subjects": [`${TOPIC}-value`], "/schemas/ids/258": { schema: "{}" } };
    expect(await said(schemas, replies, { kafka })).toEqual([
      "ok subjects of topics: 1 are there; 1 topics without records have none yet",
      "ok schemas of records: 1 schemas of the 1 topics that were written last are there",
    ]);
  });

  test("are missing: the record is named", async () => {
    expect(await said(schemas, { "/subjects": [] }, { kafka })).toEqual([
      `warn subjects of topics: none for 1 topics that have records: ${TOPIC}`,
      `fail schemas of records: it does not have 258 (topic ${TOPIC}, partition 0, offset 7)`,
    ]);
  });
});
