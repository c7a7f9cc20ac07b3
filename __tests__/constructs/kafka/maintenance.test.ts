/** When Strimzi may renew its certificates: never while the telescope observes, in summer and in winter. */
import { observingAt } from "../../../cli/shared/session/observing";
import { maintenanceWindows } from "../../../constructs/kafka/maintenance";
import { stack } from "../../support/sites";
import { at } from "../support";

/** Whether a field of Quartz, `*`, `8` or `8-10`, matches. */
function matches(field: string | undefined, value: number): boolean {
  const [first, last = first] = (field ?? "").split("-").map(Number);
  return field === "*" || (value >= (first ?? NaN) && value <= (last ?? NaN));
}

/** Whether Strimzi takes a moment for one of these windows; it reads them in UTC. */
function isOpen(windows: readonly string[], moment: Date): boolean {
  return windows.some((window) => {
    const [second, minute, hour, ...days] = window.split(" ");
    return (
      second === "*" &&
      days.join(" ") === "* * ?" &&
      matches(minute, moment.getUTCMinutes()) &&
      matches(hour, moment.getUTCHours())
    );
  });
}

/** Every 31 minutes of two days of each month. */
const moments = Array.from({ length: 12 }, (_, month) =>
  Array.from({ length: 93 }, (_one, i) => new Date(Date.UTC(2026, month, 10, 0, i * 31))),
).flat();

test.each([
  ["the Summit's nights", [{ from: "17:30", to: "08:00", timeZone: "America/Santiago" }]],
  ["days", [{ from: "08:15", to: "16:45", timeZone: "Europe/London" }]],
  ["a zone of quarters of an hour", [{ from: "20:00", to: "05:10", timeZone: "Asia/Kathmandu" }]],
  ["a zone with half an hour of summer", [{ from: "20:00", to: "05:10", timeZone: "Australia/Lord_Howe" }]],
  ["a zone far ahead", [{ from: "18:00", to: "06:00", timeZone: "Pacific/Kiritimati" }]],
  ["UTC", [{ from: "23:00", to: "01:00", timeZone: "UTC" }]],
  [
    "two windows",
    [
      { from: "00:00", to: "04:00", timeZone: "America/Phoenix" },
      { from: "22:30", to: "23:45", timeZone: "America/Phoenix" },
    ],
  ],
])("%s: open on each day, and never while it observes", (_what, observing) => {
  const windows = maintenanceWindows(observing);
  const open = moments.filter((moment) => isOpen(windows, moment));
  expect(open.filter((moment) => observingAt(observing, moment) !== undefined)).toEqual([]);
  // Restarts go on after the last minute of a window.
  const later = open.map((moment) => new Date(moment.getTime() + 59 * 60_000));
  expect(later.filter((moment) => observingAt(observing, moment) !== undefined)).toEqual([]);
  expect(new Set(open.map((moment) => moment.toISOString().slice(0, 10))).size).toBe(
    new Set(moments.map((moment) => moment.toISOString().slice(0, 10))).size,
  );
});

test("a site that says nothing, or observes all day, has none: certificates that are never renewed end", () => {
  expect(maintenanceWindows([])).toEqual([]);
  const half = (from: string, to: string) => ({ from, to, timeZone: "UTC" });
  expect(maintenanceWindows([half("00:00", "12:00"), half("12:00", "00:00")])).toEqual([]);
});

test("hours as Quartz writes them", () => {
  expect(maintenanceWindows([{ from: "17:30", to: "08:00", timeZone: "America/Santiago" }])).toEqual([
    "* * 12-18 * * ?",
    "* 0-29 19 * * ?",
  ]);
  expect(maintenanceWindows([{ from: "11:00", to: "09:30", timeZone: "UTC" }])).toEqual(["* 30-59 9 * * ?"]);
  expect(maintenanceWindows([{ from: "11:20", to: "10:10", timeZone: "UTC" }])).toEqual(["* 10-19 10 * * ?"]);
  expect(maintenanceWindows([{ from: "02:00", to: "03:30", timeZone: "UTC" }])).toEqual([
    "* * 0 * * ?",
    "* 30-59 3 * * ?",
    "* * 4-23 * * ?",
  ]);
});

test("the Summit's Kafka has them, and Tucson's has none", () => {
  const windows = (site: string) => at(stack(site, "efd").customResources("Kafka")[0], "spec.maintenanceTimeWindows");
  expect(windows("summit")).toEqual(["* * 12-18 * * ?", "* 0-29 19 * * ?"]);
  expect(windows("local")).toBeUndefined();
});
