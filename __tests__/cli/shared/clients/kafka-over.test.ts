import { Duplex } from "node:stream";
import { kafkaOver } from "../../../../cli/shared/clients/kafka-over";
import { UserError } from "../../../../ground/errors";

/** What brokers answer, by the name of the API. A number stands for the broker that was connected to. */
const mockAnswers: Record<string, (broker: number, ...asked: never[]) => unknown> = {};
const mockAsked: string[] = [];

// The package is there as an ES module only; e2e/using runs it against real brokers.
jest.mock("@platformatic/kafka", () => {
  const api = (name: string) => ({
    api: {
      async: async (connection: { broker: number }, ...asked: never[]) => {
        mockAsked.push(`${name} ${connection.broker}`);
        return await mockAnswers[name]?.(connection.broker, ...asked);
      },
    },
  });
  const names = [
    ...["metadataV12", "describeQuorumV2", "describeConfigsV4", "describeGroupsV5", "offsetFetchV9"],
    ...["findCoordinatorV6", "listOffsetsV9", "fetchV15", "createTopicsV7"],
  ];
  return {
    ...Object.fromEntries(names.map((name) => [name, api(name)])),
    ConfigResourceTypes: { TOPIC: 2 },
    protocolErrors: { COORDINATOR_LOAD_IN_PROGRESS: { message: "The coordinator is loading." } },
    protocolErrorsCodesById: { 14: "COORDINATOR_LOAD_IN_PROGRESS" },
    Connection: class {
      broker: number;
      constructor(_name: string, options: { tls: { socket: { broker: number } } }) {
        this.broker = options.tls.socket.broker;
      }
      on() {}
      connect = () => (this.broker === 9 ? Promise.reject(new Error("it is away")) : Promise.resolve());
    },
  };
});

const controller = new AbortController();
function kafka(ids: readonly number[] = [1, 2], signal: AbortSignal = controller.signal) {
  const tls = { ca: "", cert: "", key: "", servername: "brokers" };
  const open = (broker: number) => Promise.resolve(Object.assign(new Duplex({ read: () => undefined }), { broker }));
  return kafkaOver({ ids: () => Promise.resolve(ids), open, tls, signal });
}

const partition = (partitionIndex: number, leaderId: number) => ({
  partitionIndex,
  leaderId,
  replicaNodes: [1, 2],
  isrNodes: [1],
  offlineReplicas: [2],
});
const TOPIC = { name: "a", topicId: "id", partitions: [partition(1, 2), partition(0, 1)] };

beforeEach(() => {
  mockAsked.length = 0;
  for (const name of Object.keys(mockAnswers)) delete mockAnswers[name];
  mockAnswers["metadataV12"] = () => ({ brokers: [{ nodeId: 2 }, { nodeId: 1 }], topics: [TOPIC] });
});

test("brokers, and the controller that leads", async () => {
  mockAnswers["describeQuorumV2"] = () => ({ topics: [{ partitions: [{ leaderId: 5 }] }] });
  expect(await kafka().brokers()).toEqual({ ids: [1, 2], controller: 5 });
});

test("topics; an answer that is right in parts is an answer", async () => {
  mockAnswers["metadataV12"] = () => {
    throw Object.assign(new Error("one is wrong"), {
      response: { brokers: [], topics: [TOPIC, { name: "b", partitions: [] }] },
    });
  };
  expect(
    (await kafka().topics()).map(({ name, partitions }) => [name, partitions.map((one) => one.partition)]),
  ).toEqual([["a", [0, 1]]]);
});

test("a broker that is away is asked last from then on; where all are, the first one's words", async () => {
  const one = kafka([9, 1]);
  await one.topics();
  await one.topics();
  expect(mockAsked).toEqual(["metadataV12 1", "metadataV12 1"]);
  await expect(kafka([9]).topics()).rejects.toThrow(new UserError("Kafka's broker 9 does not answer: it is away"));
  await expect(kafka([]).topics()).rejects.toThrow("none of its pods is ready");
});

test("a broker that never answers is left when the time is over", async () => {
  mockAnswers["metadataV12"] = () => new Promise(() => undefined);
  const deadline = new AbortController();
  const asked = kafka([1, 2], deadline.signal).topics();
  setTimeout(() => deadline.abort(new Error("time is over")), 20);
  await expect(asked).rejects.toThrow("time is over");
});

test("a group: what it committed, what its members have, what nobody leads", async () => {
  mockAnswers["findCoordinatorV6"] = () => ({ coordinators: [{ key: "g", nodeId: 2, errorCode: 0 }] });
  // Version, one topic called a, its partition 1.
  const memberAssignment = Buffer.from("0000000000010001610000000100000001", "hex");
  mockAnswers["describeGroupsV5"] = () => ({
    groups: [{ groupId: "g", groupState: "Stable", members: [{ memberAssignment }] }],
  });
  const committed = [
    { partitionIndex: 0, committedOffset: 7n },
    { partitionIndex: 5, committedOffset: -1n },
  ];
  mockAnswers["offsetFetchV9"] = () => ({ groups: [{ groupId: "g", topics: [{ name: "a", partitions: committed }] }] });
  mockAnswers["listOffsetsV9"] = (...asked) => {
    const [, , , topics] = asked as unknown as [
      number,
      number,
      number,
      { name: string; partitions: { timestamp: bigint }[] }[],
    ];
    return {
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map((one) => ({ ...one, errorCode: 0, offset: one.timestamp === -1n ? 9n : 2n })),
      })),
    };
  };
  expect(await kafka().groups(["g"])).toEqual([
    {
      name: "g",
      state: "Stable",
      members: 1,
      offsets: [
        { topic: "a", partition: 1, begin: 2, end: 9, assigned: true },
        { topic: "a", partition: 0, begin: 2, end: 9, assigned: false, offset: 7 },
      ],
    },
  ]);
  expect(mockAsked).toContain("describeGroupsV5 2");
});

test("a group without a broker", async () => {
  mockAnswers["findCoordinatorV6"] = () => ({ coordinators: [{ key: "g", nodeId: -1, errorCode: 14 }] });
  await expect(kafka().groups(["g"])).rejects.toThrow("offsets of group g: The coordinator is loading.");
});

test("records: from the offset on, dated by the broker or the producer, without marks of transactions", async () => {
  const batch = (firstOffset: bigint, attributes: number, values: (string | null)[]) => ({
    firstOffset,
    attributes,
    firstTimestamp: 1000n,
    maxTimestamp: 5000n,
    records: values.map((value, i) => ({
      offsetDelta: i,
      timestampDelta: BigInt(i),
      value: value && Buffer.from(value),
    })),
  });
  const records = [
    batch(3n, 0, ["old", "b"]),
    batch(5n, 1 << 3, [null]),
    batch(6n, 1 << 5, ["mark"]),
    batch(7n, 0, ["c"]),
  ];
  mockAnswers["fetchV15"] = () => ({ responses: [{ partitions: [{ records }] }] });
  const found = await kafka().records("a", 1, 4, 2);
  expect(found).toEqual([
    { partition: 1, offset: 4, time: 1001, value: Buffer.from("b") },
    { partition: 1, offset: 5, time: 5000, value: null },
  ]);
  expect(mockAsked.at(-1)).toBe("fetchV15 2");
  expect(await kafka().records("a", 8, 0, 1)).toEqual([]);
});

test("a topic that Kafka does not make", async () => {
  mockAnswers["createTopicsV7"] = () => ({ topics: [{ errorCode: 36, errorMessage: "Topic 'a' already exists." }] });
  await expect(kafka().createTopic({ name: "a", partitions: 1, replication: 3 })).rejects.toThrow(
    "Kafka refuses topic a (1 partitions in 3 copies): Topic 'a' already exists.",
  );
});
