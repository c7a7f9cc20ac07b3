import { endedSchedules, newIn } from "../../../../../e2e/nodes/scenarios/second-day/day";
import type { LiveObject } from "../../../../../cli/shared/kubernetes/client";

test("a line that was there before is no new one, however long ago its reason is now", () => {
  const ended = (ago: string) => `warn pod kafka/a: container a started again once; it last ended ${ago} ago`;
  const down = "fail API server: no answer";
  expect(newIn([ended("59 s"), down], [ended("12 s")])).toEqual([down]);
  // Units differ as words do.
  expect(newIn([ended("3 min"), down], [ended("12 s")])).toEqual([down]);
});

const NOON = Date.parse("2026-11-30T12:00:00Z");

const job = (name: string, startTime: string, condition?: string): LiveObject => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name, namespace: "telegraf", uid: name, ownerReferences: [{ kind: "CronJob" }] },
  status: { startTime, conditions: condition === undefined ? [] : [{ type: condition, status: "True" }] },
});

describe("Jobs that a clock started before a time", () => {
  const failed = job("a", "2026-11-30T11:55:00Z", "Failed");
  const done = job("b", "2026-11-30T11:55:00Z", "Complete");

  it("are known to have failed once all have ended", () => {
    expect(endedSchedules([failed, done], NOON)).toEqual([failed]);
    expect(endedSchedules([failed, job("c", "2026-11-30T11:59:00Z")], NOON)).toBeUndefined();
  });

  it("are not those that began later, or that nobody's clock started", () => {
    expect(endedSchedules([done, job("c", "2026-11-30T12:05:00Z")], NOON)).toEqual([]);
    const byHand = job("d", "2026-11-30T11:59:00Z", "Failed");
    expect(endedSchedules([{ ...byHand, metadata: { name: "d", uid: "d" } }], NOON)).toEqual([]);
  });
});
