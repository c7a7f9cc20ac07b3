import { readingsIn, useOver } from "../../../../e2e/nodes/site/use";

const KAFKA = "kafka/efd-broker-0/kafka";

const summary = (seconds: number, spent: number, bytes = 1000 + seconds) => {
  const time = new Date(Date.UTC(2026, 10, 30, 12, 0, seconds)).toISOString();
  const use = { cpu: { time, usageCoreNanoSeconds: spent }, memory: { workingSetBytes: bytes } };
  return {
    node: { nodeName: "master", ...use },
    pods: [
      { podRef: { namespace: "kafka", name: "efd-broker-0" }, containers: [{ name: "kafka", ...use }] },
      { podRef: { namespace: "kafka", name: "empty" } },
    ],
  };
};
const over = (...all: object[]) => useOver(all.map(readingsIn));

describe("what containers take", () => {
  it("is the time of cores from the first reading to the last, and the most memory of all", () => {
    expect(over(summary(0, 0), summary(10, 5e9)).get(KAFKA)).toEqual({ cores: 0.5, bytes: 1010 });
    expect(over(summary(0, 0), summary(10, 1e9, 9000), summary(20, 5e9)).get(KAFKA)).toEqual({
      cores: 0.25,
      bytes: 9000,
    });
  });

  it("is unknown of what started anew between them, or was read once only", () => {
    expect(over(summary(0, 9e9), summary(10, 5e9)).size).toBe(0);
    expect(over(summary(10, 5e9)).size).toBe(0);
    expect(useOver([new Map(), readingsIn(summary(10, 5e9))]).size).toBe(0);
    expect(useOver([]).size).toBe(0);
  });

  it("is not said of a node by its kubelet, which sees the whole machine", () => {
    expect(readingsIn(summary(0, 0)).has("master")).toBe(false);
  });
});
