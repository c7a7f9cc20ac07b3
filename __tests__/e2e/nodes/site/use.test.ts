import { readingsIn, useBetween } from "../../../../e2e/nodes/site/use";

const summary = (seconds: number, spent: number) => {
  const time = new Date(Date.UTC(2026, 10, 30, 12, 0, seconds)).toISOString();
  const of = (nanoseconds: number) => ({
    cpu: { time, usageCoreNanoSeconds: nanoseconds },
    memory: { workingSetBytes: 1000 + seconds },
  });
  return {
    node: { nodeName: "master", ...of(2 * spent) },
    pods: [
      { podRef: { namespace: "kafka", name: "efd-broker-0" }, containers: [{ name: "kafka", ...of(spent) }] },
      { podRef: { namespace: "kafka", name: "empty" } },
    ],
  };
};

describe("what containers take", () => {
  it("is the time of cores between two readings, and the memory at the second", () => {
    const uses = useBetween(readingsIn(summary(0, 0)), readingsIn(summary(10, 5e9)));
    expect(uses.get("kafka/efd-broker-0/kafka")).toEqual({ cores: 0.5, bytes: 1010 });
    expect(uses.get("master")?.cores).toBe(1);
  });

  it("is unknown of what started anew between them, or was read once only", () => {
    expect(useBetween(readingsIn(summary(0, 9e9)), readingsIn(summary(10, 5e9))).size).toBe(0);
    expect(useBetween(new Map(), readingsIn(summary(10, 5e9))).size).toBe(0);
    expect(useBetween(readingsIn(summary(10, 0)), readingsIn(summary(10, 0))).size).toBe(0);
  });
});
