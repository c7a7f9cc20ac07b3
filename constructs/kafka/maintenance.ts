/** When Strimzi may renew its certificates, for which it restarts every node of Kafka. */
import type { GeneralSite } from "../../environments/general/site";

type Observing = GeneralSite["observing"];

const DAY = 24 * 60;
/** Minutes before observing in which nothing begins: restarts that began go on, one node after the other. */
const MARGIN = 60;
/** Years whose offsets count. They are fixed, so that a synthesis does not depend on the day. */
const YEARS = [2026, 2027];

const minutesOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
};

/** Minutes by which a zone's clock is ahead of UTC, modulo a day: two where it has summer time. */
function offsetsOf(timeZone: string): number[] {
  const format = new Intl.DateTimeFormat("en", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const days = YEARS.flatMap((year) =>
    Array.from({ length: 12 }, (_, month) => [1, 15].map((day) => new Date(Date.UTC(year, month, day, 12)))).flat(),
  );
  // Modulo a day: a clock that is 14 hours ahead may as well be 10 behind.
  return [...new Set(days.map((day) => minutesOf(format.format(day)) - DAY / 2))];
}

/** Minutes of a day in UTC at which nobody may begin. */
function busyMinutes(observing: Observing): Set<number> {
  const busy = new Set<number>();
  for (const { from, to, timeZone } of observing)
    for (const offset of offsetsOf(timeZone)) {
      const begin = minutesOf(from) - MARGIN;
      const length = MARGIN + ((minutesOf(to) - minutesOf(from) + DAY) % DAY);
      for (let minute = begin; minute < begin + length; minute++) busy.add((minute - offset + 2 * DAY) % DAY);
    }
  return busy;
}

/** Runs of minutes of a day that are free, each with its first and its last. */
function freeRuns(busy: ReadonlySet<number>): [first: number, last: number][] {
  const runs: [number, number][] = [];
  for (let minute = 0; minute < DAY; minute++) {
    if (busy.has(minute)) continue;
    const run = runs.at(-1);
    if (run?.[1] === minute - 1) run[1] = minute;
    else runs.push([minute, minute]);
  }
  return runs;
}

const range = (first: number, last: number): string => (first === last ? `${first}` : `${first}-${last}`);

/** A run of minutes as cron expressions of Quartz: hours that it has wholly, and the rest of an hour at either end. */
function expressions([first, last]: [number, number]): string[] {
  const [begin, end] = [Math.floor(first / 60), Math.floor(last / 60)];
  const at = (minutes: string, hours: string) => `* ${minutes} ${hours} * * ?`;
  const [from, to] = [first % 60, last % 60];
  if (begin === end && (from > 0 || to < 59)) return [at(range(from, to), `${begin}`)];
  const [firstWhole, lastWhole] = [from > 0 ? begin + 1 : begin, to < 59 ? end - 1 : end];
  return [
    ...(from > 0 ? [at(range(from, 59), `${begin}`)] : []),
    ...(firstWhole <= lastWhole ? [at("*", range(firstWhole, lastWhole))] : []),
    ...(to < 59 ? [at(range(0, to), `${end}`)] : []),
  ];
}

/**
 * Cron expressions in UTC, as Strimzi reads them: a moment that one of them matches is no observing time, whether or not
 * it is summer there. None where a site names no observing time, or no other: Strimzi may then begin at any hour, since
 * certificates that are never renewed end.
 */
export function maintenanceWindows(observing: Observing): string[] {
  const busy = busyMinutes(observing);
  return busy.size === 0 ? [] : freeRuns(busy).flatMap(expressions);
}
