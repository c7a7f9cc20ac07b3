import { spansIn, timesLine, wholeLine } from "../../../../e2e/nodes/site/apply-times";

const event = (type: string, address: string, second: number): string =>
  JSON.stringify({
    "@timestamp": `2026-11-30T12:00:${String(second).padStart(2, "0")}.000Z`,
    type,
    hook: { resource: { addr: address } },
  });

describe("times of an apply", () => {
  it("are read from Terraform's log, whatever else is in it", () => {
    const log = [
      "Terraform has been initialized",
      event("apply_start", "helm_release.kafka", 1),
      event("apply_progress", "helm_release.kafka", 11),
      event("apply_start", "helm_release.failed", 12),
      event("apply_complete", "helm_release.kafka", 21),
      event("apply_errored", "helm_release.failed", 22),
      "{ broken",
    ].join("\n");
    expect([...spansIn(log)]).toEqual([
      ["helm_release.kafka", { start: Date.UTC(2026, 10, 30, 12, 0, 1), end: Date.UTC(2026, 10, 30, 12, 0, 21) }],
    ]);
  });

  it("are shown together, with what no apply took", () => {
    const line = wholeLine(412, [
      ["cluster", { apply: 24.2 }],
      ["efd", { apply: 200.4 }],
    ]);
    expect(line).toBe("deploy took 412 s: cluster 24 s, efd 200 s, beside them 187 s");
  });

  it("are shown with what waited for one another", () => {
    const chain = [
      { address: "helm_release.kafka", seconds: 20.4 },
      { address: "kubernetes_role_v1.ready", seconds: 0.2 },
      { address: "kubernetes_job_v1.ready", seconds: 10 },
    ];
    const times = { apply: 31.2, chain, releases: 1, releasesAtOnce: 1 };
    expect(timesLine("efd", times)).toBe("efd: 31 s, of them in a row kafka 20 s, ready 10 s");
    expect(timesLine("efd", { ...times, chain: [] })).toBe("efd: 31 s, of them in a row nothing above a second");
  });
});
