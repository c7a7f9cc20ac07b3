import { assignedPartitions } from "../../../../cli/shared/clients/kafka-assignment";

/** An assignment as Kafka's clients write it. */
function assignment(topics: Readonly<Record<string, readonly number[]>>): Buffer {
  const number = (bytes: number, value: number) => {
    const buffer = Buffer.alloc(bytes);
    buffer.writeIntBE(value, 0, bytes);
    return buffer;
  };
  return Buffer.concat([
    number(2, 3),
    number(4, Object.keys(topics).length),
    ...Object.entries(topics).flatMap(([topic, partitions]) => [
      number(2, Buffer.byteLength(topic)),
      Buffer.from(topic),
      number(4, partitions.length),
      ...partitions.map((one) => number(4, one)),
    ]),
    // Data of the one who assigned: none.
    number(4, -1),
  ]);
}

test("partitions of a member", () => {
  expect(assignedPartitions(assignment({ "lsst.sal.Test.a": [0, 2], b: [], c: [7] }))).toEqual([
    { topic: "lsst.sal.Test.a", partition: 0 },
    { topic: "lsst.sal.Test.a", partition: 2 },
    { topic: "c", partition: 7 },
  ]);
});

test("a member without an assignment has none, and one that cannot be read has none", () => {
  expect(assignedPartitions(Buffer.alloc(0))).toEqual([]);
  expect(assignedPartitions(assignment({}))).toEqual([]);
  expect(assignedPartitions(assignment({ topic: [1, 2, 3] }).subarray(0, 20))).toEqual([]);
  expect(assignedPartitions(Buffer.from([0, 1, 0x7f, 0xff, 0xff, 0xff, 0, 9]))).toEqual([]);
});
