/** Times as people give them to `npm run data`, and as InfluxDB has them: nanoseconds since 1970 in UTC. */
import { UsageError } from "../../ground/errors";

/** Seconds that TAI is ahead of UTC since 2017-01-01, the last leap second so far (IERS, Bulletin C). */
export const TAI_AHEAD = 37;
/** Before this, TAI was less ahead. */
const TAI_SINCE = BigInt(Date.UTC(2017, 0, 1)) * 1_000_000n;

const SECOND = 1_000_000_000n;
const UNITS: Readonly<Record<string, bigint>> = {
  ms: 1_000_000n,
  s: SECOND,
  m: 60n * SECOND,
  h: 3600n * SECOND,
  d: 86_400n * SECOND,
  w: 604_800n * SECOND,
};
/** Most nanoseconds before and after 1970 that InfluxDB has, in days: a little less than 2^63. */
const MOST_DAYS = 106_751n;
const MOST = MOST_DAYS * 86_400n * SECOND;
const UNIT_NAMES = Object.keys(UNITS).join(", ");

const DURATION = /^(\d+)(ms|s|m|h|d|w)$/;
const MOMENT = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(:\d\d)?(?:\.(\d{1,9}))?)?\s*(Z|TAI|[+-]\d\d:?\d\d)?$/;

/**
 * Nanoseconds of a length of time such as `90s` or `2h`.
 *
 * @throws {UsageError} that names the option.
 */
export function durationOf(option: string, text: string): bigint {
  const [, count = "0", unit = ""] = DURATION.exec(text) ?? [];
  const length = BigInt(count) * (UNITS[unit] ?? 0n);
  if (length > MOST) throw new UsageError(`${option} ${text}: allowed are at most ${MOST_DAYS}d`);
  if (length > 0n) return length;
  throw new UsageError(`${option} ${text}: allowed is a number with one of ${UNIT_NAMES}, such as 1s or 10m`);
}

/**
 * A moment: `2026-11-30T01:00:00Z` in UTC, the same with `TAI` in place of `Z`, `-15m` for a quarter of an hour ago, `now`.
 *
 * @param now - milliseconds since 1970
 * @throws {UsageError} that names the option.
 */
export function momentOf(option: string, text: string, now: number): bigint {
  const present = BigInt(now) * 1_000_000n;
  if (text === "now") return present;
  const ago = text.replace(/^-/, "");
  if (DURATION.test(ago)) return present - durationOf(option, ago);
  const found = MOMENT.exec(text);
  if (!found)
    throw new UsageError(
      `${option} ${text}: allowed is a time such as 2026-11-30T01:00:00Z, or with TAI in place of Z, or a time ago such as -15m`,
    );
  const [, day, minute = "00:00", second = ":00", fraction = "", zone] = found;
  if (zone !== "Z" && zone !== "TAI") {
    const written = text.replace(/\s*[+-]\d\d:?\d\d$/, "");
    throw new UsageError(
      `${option} ${text}: ${zone === undefined ? "the zone is missing" : `the zone ${zone} is not taken`}. Allowed are UTC and TAI: write ${written}Z or ${written}TAI for the time there`,
    );
  }
  const whole = Date.parse(`${day}T${minute}${second}Z`);
  // Date.parse takes the 31st of a month of 30 days for the first of the next one.
  if (Number.isNaN(whole) || !new Date(whole).toISOString().startsWith(`${day}T${minute}${second}`))
    throw new UsageError(`${option} ${text}: there is no such time`);
  const time = BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(9, "0"));
  if (time > MOST || time < -MOST)
    throw new UsageError(`${option} ${text}: InfluxDB has times from 1677-09-22Z to 2262-04-11Z only`);
  if (zone === "Z") return time;
  const utc = time - BigInt(TAI_AHEAD) * SECOND;
  if (utc < TAI_SINCE) throw new UsageError(`${option} ${text}: TAI is taken from 2017 on; give a time in UTC`);
  return utc;
}

/** From when, and up to when without that moment itself. */
export interface Span {
  readonly since: bigint;
  readonly until: bigint;
}

/** Nanoseconds that are shown where nobody says since when. */
const USUAL = 15n * 60n * SECOND;

/**
 * The span of two options.
 *
 * @throws {UsageError} when one is no time, or they are in the wrong order.
 */
export function spanOf(
  { since, until = "now" }: { readonly since?: string; readonly until?: string },
  now: number,
): Span {
  const end = momentOf("--until", until, now);
  const start = since === undefined ? end - USUAL : momentOf("--since", since, now);
  if (start >= end)
    throw new UsageError(
      `--since ${since} (${utc(start)}) is not before --until ${until} (${utc(end)}): give the earlier time to --since`,
    );
  return { since: start, until: end };
}

/** A time in UTC, to the nanosecond: `2026-11-30T01:00:00.060000000Z`. */
export function utc(nanoseconds: bigint): string {
  const seconds = nanoseconds / SECOND - (nanoseconds % SECOND < 0n ? 1n : 0n);
  const rest = nanoseconds - seconds * SECOND;
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, -".000Z".length);
  return `${whole}.${String(rest).padStart(9, "0")}Z`;
}

/** Writes times of many rows: those of one second share their beginning. */
export function timeWriter(): (nanoseconds: string) => string {
  let second = "";
  let start = "";
  return (text) => {
    if (text.length < 11 || text.startsWith("-")) return utc(BigInt(text));
    const head = text.slice(0, -9);
    if (head !== second)
      [second, start] = [head, new Date(Number(head) * 1000).toISOString().slice(0, -".000Z".length)];
    return `${start}.${text.slice(-9)}Z`;
  };
}

/** A moment as a person reads it, in both scales. */
export function inBoth(nanoseconds: bigint): string {
  const text = shortened(utc(nanoseconds));
  return `${text} (${shortened(utc(nanoseconds + BigInt(TAI_AHEAD) * SECOND)).replace("Z", " TAI")})`;
}

/** Without a fraction that is 0. */
function shortened(time: string): string {
  return time.replace(/\.?0+Z$/, "Z");
}

/** A length of time as InfluxDB reads it, in its largest whole unit. */
export function influxDuration(nanoseconds: bigint): string {
  const units = Object.entries(UNITS).sort(([, a], [, b]) => (a < b ? 1 : -1));
  const [unit, length] = units.find(([, one]) => nanoseconds % one === 0n) ?? ["ms", 1_000_000n];
  return `${nanoseconds / length}${unit}`;
}
