/** What happens to frontends by the clock. */
import { observingAt } from "../../../../cli/shared/session/observing";
import { frontendTimes } from "../../../../constructs/love/manager/schedules";
import { nightReplicas } from "../../../../environments/systems/love/frontends";
import type { Observing } from "../../../../environments/general/observing";
import { at, only } from "../../support";
import { byName, managers, managersOf, named, specOf } from "./support";

const CRON_JOB = "kubernetes_cron_job_v1";
const ROLE = "kubernetes_role_v1";

/** Hours that a field of cron names. */
function hours(field: string): number[] {
  return field.split(",").flatMap((range) => {
    const [first = NaN, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

/** Minute and hours of a schedule that is the same each day. */
function times(schedule: string): { minute: number; hours: number[] } {
  const [minute = "", hour = "", ...days] = schedule.split(" ");
  expect(days).toEqual(["*", "*", "*"]);
  return { minute: Number(minute), hours: hours(hour) };
}

const NIGHTS: [string, Observing][] = [
  ["the Summit's nights", [{ from: "17:30", to: "08:00", timeZone: "America/Santiago" }]],
  ["days", [{ from: "08:15", to: "16:45", timeZone: "Europe/London" }]],
  ["a zone with half an hour of summer", [{ from: "20:00", to: "05:10", timeZone: "Australia/Lord_Howe" }]],
  ["a zone far ahead", [{ from: "18:00", to: "06:00", timeZone: "Pacific/Kiritimati" }]],
  [
    "two windows",
    [
      { from: "00:00", to: "04:00", timeZone: "America/Phoenix" },
      { from: "22:30", to: "23:45", timeZone: "America/Phoenix" },
    ],
  ],
];

describe.each(NIGHTS)("%s", (_what, observing) => {
  const { night = "", day = "", recycle = "" } = frontendTimes(observing);
  /** Whole days of each month, so of summer and winter. */
  const moments = Array.from({ length: 12 }, (_, month) =>
    Array.from({ length: 48 }, (_one, i) => new Date(Date.UTC(2026, month, 10, 0, i * 30))),
  ).flat();
  const isNight = (moment: Date) => times(night).hours.includes(moment.getUTCHours());
  const observes = (moment: Date) => observingAt(observing, moment) !== undefined;

  test("each hour says which number it wants, and no hour says both", () => {
    expect([times(night).minute, times(day).minute]).toEqual([0, 0]);
    const named = [...times(night).hours, ...times(day).hours];
    expect(named.sort((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, hour) => hour));
  });

  test("there are more of them an hour before it observes, and until it ends", () => {
    expect(moments.some(observes)).toBe(true);
    expect(moments.filter((moment) => observes(moment) && !isNight(moment))).toEqual([]);
    const earlier = moments.filter(observes).map((moment) => new Date(moment.getTime() - 59 * 60_000));
    expect(earlier.filter((moment) => !isNight(moment))).toEqual([]);
  });

  test("they restart once a day, by day, and an hour later it is still day", () => {
    const {
      minute,
      hours: [hour = NaN, ...others],
    } = times(recycle);
    expect(others).toEqual([]);
    const restarts = [...new Set(moments.map((moment) => moment.toISOString().slice(0, 10)))].map((date) =>
      Date.parse(`${date}T${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}:00Z`),
    );
    expect(restarts).toHaveLength(12);
    for (const begin of restarts)
      for (const later of [0, 29, 59]) expect(observes(new Date(begin + later * 60_000))).toBe(false);
  });
});

test("the Summit's, in UTC: from an hour and a half before the earliest night of the year to the end of the latest", () => {
  expect(frontendTimes([{ from: "17:30", to: "08:00", timeZone: "America/Santiago" }])).toEqual({
    night: "0 0-11,19-23 * * *",
    day: "0 12-18 * * *",
    recycle: "30 12 * * *",
  });
});

test("a site that names no hours keeps its number, and restarts in the night of the Americas", () => {
  expect(frontendTimes([])).toEqual({ recycle: "30 9 * * *" });
  const view = managersOf("tucson");
  expect(at(only(view, "kubernetes_horizontal_pod_autoscaler_v2"), "lifecycle")).toBeUndefined();
  expect(Object.keys(byName(view, CRON_JOB)).sort()).toEqual(["love-manager-frontend-recycle", "love-manager-setup"]);
});

test("a site that observes all day has the number of nights, and never restarts by itself", () => {
  const half = (from: string, to: string) => ({ from, to, timeZone: "UTC" });
  expect(frontendTimes([half("00:00", "12:00"), half("12:00", "00:00")])).toEqual({ night: "0 0-23 * * *" });
});

describe("the Summit's CronJobs", () => {
  const view = () => managersOf("summit");
  const container = (name: string) =>
    at(named(view(), CRON_JOB, name), "spec.job_template.spec.template.spec.container.0");

  test.each([
    ["love-manager-frontend-night", "0 0-11,19-23 * * *", 20],
    ["love-manager-frontend-day", "0 12-18 * * *", 10],
  ])("%s: at least %s frontends", (name, schedule, replicas) => {
    expect(at(named(view(), CRON_JOB, name), "spec")).toMatchObject({ schedule, timezone: "Etc/UTC" });
    expect(at(container(name), "args")).toEqual([
      ...["--namespace=love", "patch", "horizontalpodautoscalers.v2.autoscaling/love-manager-frontend"],
      ...["--type=merge", `--patch={"spec":{"minReplicas":${replicas}}}`],
    ]);
  });

  test("one restarts the frontends, pod after pod", () => {
    expect(at(named(view(), CRON_JOB, "love-manager-frontend-recycle"), "spec.schedule")).toBe("30 12 * * *");
    expect(at(container("love-manager-frontend-recycle"), "args")).toEqual([
      ...["--namespace=love", "rollout", "restart", "deployment/love-manager-frontend"],
    ]);
  });

  test("each may read and change one object, and nothing else", () => {
    const rules = Object.fromEntries(
      Object.entries(byName(view(), ROLE)).map(([name, body]) => [name, at(body, "rule")]),
    );
    const rule = (group: string, resource: string) => [
      {
        ...{ api_groups: [group], resources: [resource], resource_names: ["love-manager-frontend"] },
        verbs: ["get", "patch"],
      },
    ];
    expect(rules).toEqual({
      "love-manager-frontend-night": rule("autoscaling", "horizontalpodautoscalers"),
      "love-manager-frontend-day": rule("autoscaling", "horizontalpodautoscalers"),
      "love-manager-frontend-recycle": rule("apps", "deployments"),
    });
    for (const [name, body] of Object.entries(byName(view(), "kubernetes_role_binding_v1"))) {
      expect(at(named(view(), CRON_JOB, name), "spec.job_template.spec.template.spec.service_account_name")).toBe(
        at(body, "subject.0.name"),
      );
    }
  });

  test("Terraform leaves the number to them", () => {
    expect(at(only(view(), "kubernetes_horizontal_pod_autoscaler_v2"), "lifecycle.ignore_changes")).toEqual([
      "spec[0].min_replicas",
    ]);
  });

  test("a run that is late belongs to another hour, and two never run together", () => {
    for (const name of ["love-manager-frontend-night", "love-manager-frontend-day", "love-manager-frontend-recycle"])
      expect(at(named(view(), CRON_JOB, name), "spec")).toMatchObject({
        concurrency_policy: "Forbid",
        starting_deadline_seconds: 1200,
      });
  });
});

test("by night there are twice as many at least, or what the site says, and never more than it may have", () => {
  const { frontend } = specOf("summit");
  expect(nightReplicas({ ...frontend, nightReplicas: undefined, minReplicas: 3, maxReplicas: 50 })).toBe(6);
  expect(nightReplicas({ ...frontend, nightReplicas: undefined, minReplicas: 3, maxReplicas: 4 })).toBe(4);
  expect(nightReplicas({ ...frontend, nightReplicas: 7, minReplicas: 3, maxReplicas: 50 })).toBe(7);
  const args = at(
    named(
      managers("summit", { frontend: { ...frontend, nightReplicas: 33 } }),
      CRON_JOB,
      "love-manager-frontend-night",
    ),
    "spec.job_template.spec.template.spec.container.0.args",
  ) as string[];
  expect(args.at(-1)).toBe('--patch={"spec":{"minReplicas":33}}');
});
