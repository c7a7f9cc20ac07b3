import type { ConsumerFacts } from "../../../../cli/check/systems/consumer-facts";
import { standingVerdicts } from "../../../../cli/check/systems/standing";
import type { Registry } from "../../../../cli/shared/clients/registry";
import { FakeKafka, groupOffset } from "../../shared/clients/fake-kafka";

const TOPIC = "lsst.sal.Test.a";
const registry = { hasSchema: (id: number) => Promise.resolve(id === 1) } as unknown as Registry;
const good = Buffer.from([0, 0, 0, 0, 1, 9]);
const facts = {
  consumer: { name: "test", group: "g" },
  behind: [groupOffset(TOPIC, 40, 45)],
} as unknown as ConsumerFacts;

async function said(value: Buffer | null): Promise<string | undefined> {
  const kafka = new FakeKafka();
  kafka.kept = [good, good, value].map((one, i) => ({
    topic: TOPIC,
    partition: 0,
    offset: 40 + i,
    time: 1,
    value: one,
  }));
  const [verdict] = await standingVerdicts(kafka, registry, facts);
  return `${verdict?.level} ${verdict?.measured}`;
}

const BEFORE = `before topic ${TOPIC}, partition 0, offset 40 (5 records unread)`;
const AT = `the record at topic ${TOPIC}, partition 0, offset 42 cannot be read`;

test.each([
  ["an empty record", null, `fail ${BEFORE}: ${AT}: it is empty`],
  ["a short one", Buffer.from([0, 255]), `fail ${BEFORE}: ${AT}: it has 2 bytes, and 5 stand before Avro`],
  [
    "something else",
    Buffer.from('{"a": 1}'),
    `fail ${BEFORE}: ${AT}: its first byte is 123, and that of Avro with a schema's number is 0`,
  ],
  ["a schema that is not there", Buffer.from([0, 0, 0, 0, 2]), `fail ${BEFORE}: ${AT}: the registry has no schema 2`],
  ["nothing wrong", good, `warn ${BEFORE}: 3 records from there can be read`],
])("%s", async (_what, value, wanted) => {
  expect(await said(value)).toBe(wanted);
});

test("Kafka that gives nothing from there is no proof that records can be read", async () => {
  const [verdict] = await standingVerdicts(new FakeKafka(), registry, facts);
  expect(verdict?.measured).toBe(
    `${BEFORE}: Kafka gives no record from there: see whether a broker leads the partition`,
  );
});
