import { type SaidVerdict, troublesIn } from "../../../../e2e/nodes/site/verdicts";

const verdict = (subject: SaidVerdict["subject"], level: SaidVerdict["level"]): SaidVerdict => ({
  subject,
  level,
  what: "Chronograf",
  measured: "it does not answer",
  healthy: "it answers",
});

describe("what check says", () => {
  it("is no trouble where it is ok", () => {
    expect(troublesIn([verdict("kafka", "ok")], new Map())).toEqual([]);
  });

  it("is trouble at any other level", () => {
    expect(troublesIn([verdict("kafka", "warn"), verdict("chronograf", "fail")], new Map())).toEqual([
      "kafka warn Chronograf: it does not answer",
      "chronograf fail Chronograf: it does not answer",
    ]);
  });

  it("is no trouble where the machine's own disk is rather full, but where it is full", () => {
    const volume = { ...verdict("influxdb", "warn"), what: "volume influxdb", measured: "88 % of 251.97Gi in use" };
    expect(troublesIn([volume], new Map())).toEqual([]);
    expect(troublesIn([{ ...volume, level: "fail" }], new Map())).toHaveLength(1);
  });

  it("says nothing of the site where it asks a program that is no real one", () => {
    const verdicts = [verdict("chronograf", "fail"), verdict("kafka", "fail")];
    expect(troublesIn(verdicts, new Map([["chronograf", "a stub"]]))).toHaveLength(1);
  });
});
