import { topicVerdicts } from "../../../../cli/check/systems/kafka-topics";
import type { PartitionState } from "../../../../cli/shared/clients/kafka";
import { topicState } from "../../shared/clients/fake-kafka";

type Spec = Parameters<typeof topicVerdicts>[0];
const spec = {
  replication: 3,
  minInSyncReplicas: 2,
  topics: [{ name: "lsst.s3.raw", partitions: 1 }],
} as unknown as Spec;
const healthy = () => [topicState("_schemas"), topicState("lsst.s3.raw"), topicState("lsst.sal.Test.a")];

/** What is said with the partition of one topic changed. */
function saidOf(change: Partial<PartitionState>, settings: Readonly<Record<string, string>> = {}): string[] {
  const [schemas, raw, last] = healthy();
  const changed = { ...last!, partitions: last!.partitions.map((one) => ({ ...one, ...change })) };
  return topicVerdicts(spec, [schemas!, raw!, changed], new Map([[changed.name, settings]])).map(
    ({ level, what, measured }) => `${level} ${what}: ${measured}`,
  );
}

test("nothing is wrong", () => {
  expect(saidOf({}).map((line) => line.replace(/ .*/, ""))).toEqual(["ok", "ok", "ok", "ok"]);
});

test("a partition without a leader", () => {
  expect(saidOf({ leader: -1, inSync: [] })[0]).toBe(
    "fail leaders of partitions: partitions of 1 topics have none, so nobody writes or reads them: lsst.sal.Test.a",
  );
});

test("a copy that is behind is a warning; too few of them for producers is a failure", () => {
  expect(saidOf({ inSync: [0, 1] })[1]).toMatch(/^warn copies in sync: 1 topics lack some/);
  expect(saidOf({ inSync: [0] })[1]).toMatch(/^fail copies in sync: too few of 1 topics/);
  expect(saidOf({ inSync: [0] }, { "min.insync.replicas": "1" })[1]).toMatch(/^warn/);
  expect(saidOf({ inSync: [0, 1] }, { "min.insync.replicas": "3" })[1]).toMatch(/^fail/);
  // A topic with one copy cannot lack one.
  expect(saidOf({ replicas: [0], inSync: [0] })[1]).toMatch(/^ok/);
});

test("fewer copies than the site keeps", () => {
  expect(saidOf({ replicas: [0], inSync: [0] })[2]).toBe("warn number of copies: 1 topics have fewer: lsst.sal.Test.a");
});

test("topics of the site's file: missing, and with other partitions", () => {
  const said = topicVerdicts(spec, [topicState("lsst.s3.raw", 4)], new Map()).slice(3);
  expect(said.map(({ level, measured }) => `${level}: ${measured}`)).toEqual([
    "fail: 1 are not there: _schemas",
    "warn: other partitions: lsst.s3.raw (4 instead of 1)",
  ]);
});

test("at most five are named", () => {
  const many = Array.from({ length: 7 }, (_none, i) => topicState(`lsst.sal.Test.t${i}`, 1, [0]));
  const [, , copies] = topicVerdicts(spec, [...healthy(), ...many], new Map());
  expect(copies?.measured).toBe(
    "7 topics have fewer: lsst.sal.Test.t0, lsst.sal.Test.t1, lsst.sal.Test.t2, lsst.sal.Test.t3, lsst.sal.Test.t4 and 2 more",
  );
});
