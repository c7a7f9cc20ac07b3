import { durationOf, inBoth, influxDuration, momentOf, spanOf, timeWriter, utc } from "../../../cli/data/times";
import { UsageError } from "../../../ground/errors";

const NOW = Date.parse("2026-11-30T01:00:00Z");
const moment = (text: string) => utc(momentOf("--since", text, NOW));

test.each([
  ["now", "2026-11-30T01:00:00.000000000Z"],
  ["-15m", "2026-11-30T00:45:00.000000000Z"],
  ["2h", "2026-11-29T23:00:00.000000000Z"],
  ["500ms", "2026-11-30T00:59:59.500000000Z"],
  ["2026-02-28Z", "2026-02-28T00:00:00.000000000Z"],
  ["2026-02-28T12:30Z", "2026-02-28T12:30:00.000000000Z"],
  ["2026-02-28T12:30:01.123456789Z", "2026-02-28T12:30:01.123456789Z"],
  ["2026-02-28T12:30:37TAI", "2026-02-28T12:30:00.000000000Z"],
  ["2026-02-28T00:00:36.5 TAI", "2026-02-27T23:59:59.500000000Z"],
])("%s", (text, expected) => {
  expect(moment(text)).toBe(expected);
});

test.each([
  [
    "2026-11-30T01:00:00",
    "the zone is missing. Allowed are UTC and TAI: write 2026-11-30T01:00:00Z or 2026-11-30T01:00:00TAI",
  ],
  ["2026-11-30T01:00:00+02:00", "the zone +02:00 is not taken. Allowed are UTC and TAI: write 2026-11-30T01:00:00Z"],
  ["2026-02-30T01:00:00Z", "there is no such time"],
  ["2026-02-28T25:00:00Z", "there is no such time"],
  ["2016-12-31T00:00:00TAI", "TAI is taken from 2017 on"],
  [
    "yesterday",
    "allowed is a time such as 2026-11-30T01:00:00Z, or with TAI in place of Z, or a time ago such as -15m",
  ],
  ["0m", "allowed is a number with one of ms, s, m, h, d, w"],
])("%s is refused in one line", (text, message) => {
  expect(() => moment(text)).toThrow(UsageError);
  expect(() => moment(text)).toThrow(`--since ${text}: ${message}`);
  expect(() => moment(text)).not.toThrow("\n");
});

test("a span is a quarter of an hour before its end, and in order", () => {
  const shown = (options: { since?: string; until?: string }) => {
    const { since, until } = spanOf(options, NOW);
    return [utc(since), utc(until)].map((time) => time.slice(11, 19));
  };
  expect(shown({})).toEqual(["00:45:00", "01:00:00"]);
  expect(shown({ until: "-1h" })).toEqual(["23:45:00", "00:00:00"]);
  expect(() => shown({ since: "-1m", until: "-2m" })).toThrow(
    "--since -1m (2026-11-30T00:59:00.000000000Z) is not before --until -2m (2026-11-30T00:58:00.000000000Z): give the earlier time to --since",
  );
  expect(() => shown({ since: "now" })).toThrow(UsageError);
});

test("times are written to the nanosecond, also before 1970", () => {
  const write = timeWriter();
  expect(write("1796000400060000001")).toBe("2026-11-30T01:00:00.060000001Z");
  expect(write("1796000400999999999")).toBe("2026-11-30T01:00:00.999999999Z");
  expect(write("1796000401000000000")).toBe("2026-11-30T01:00:01.000000000Z");
  expect(write("1")).toBe("1970-01-01T00:00:00.000000001Z");
  expect(write("-1")).toBe("1969-12-31T23:59:59.999999999Z");
  expect(utc(-2_000_000_000n)).toBe("1969-12-31T23:59:58.000000000Z");
});

test("both scales", () => {
  expect(inBoth(momentOf("--since", "now", NOW))).toBe("2026-11-30T01:00:00Z (2026-11-30T01:00:37 TAI)");
  expect(inBoth(momentOf("--since", "500ms", NOW))).toBe("2026-11-30T00:59:59.5Z (2026-11-30T01:00:36.5 TAI)");
});

test("durations for InfluxDB", () => {
  expect(["90s", "60m", "24h", "1500ms", "14d"].map((text) => influxDuration(durationOf("--every", text)))).toEqual([
    "90s",
    "1h",
    "1d",
    "1500ms",
    "2w",
  ]);
});

test("times that InfluxDB does not have", () => {
  for (const text of ["9999-01-01Z", "0001-01-01Z", "2262-04-12Z"])
    expect(() => momentOf("--since", text, NOW)).toThrow(
      /^--since .*: InfluxDB has times from 1677-09-22Z to 2262-04-11Z/,
    );
  expect(moment("2262-04-11Z")).toBe("2262-04-11T00:00:00.000000000Z");
  expect(moment("1677-09-22Z")).toBe("1677-09-22T00:00:00.000000000Z");
  expect(() => momentOf("--since", "9999999999d", NOW)).toThrow("--since 9999999999d: allowed are at most 106751d");
  expect(() => durationOf("--every", "99999999w")).toThrow(UsageError);
});
