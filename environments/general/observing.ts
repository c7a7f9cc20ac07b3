/** Minutes of a day in UTC at which a site may observe, whether or not it is summer there. */
import type { GeneralSite } from "./site";

/** When a site observes. */
export type Observing = GeneralSite["observing"];

const DAY = 24 * 60;
/** Minutes before observing in which nothing begins: restarts that began go on, one pod after the other. */
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

/** Minutes of a day in UTC that belong to observing or to the hour before it. */
export function busyMinutes(observing: Observing): Set<number> {
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
export function freeRuns(busy: ReadonlySet<number>): [first: number, last: number][] {
  const runs: [number, number][] = [];
  for (let minute = 0; minute < DAY; minute++) {
    if (busy.has(minute)) continue;
    const run = runs.at(-1);
    if (run?.[1] === minute - 1) run[1] = minute;
    else runs.push([minute, minute]);
  }
  return runs;
}

/** Whole hours of a day in UTC, by whether one of their minutes is busy. */
export function hoursOf(observing: Observing): { readonly busy: number[]; readonly free: number[] } {
  const minutes = busyMinutes(observing);
  const isBusy = (hour: number) => Array.from({ length: 60 }, (_, i) => hour * 60 + i).some((one) => minutes.has(one));
  const hours = Array.from({ length: 24 }, (_, hour) => hour);
  return { busy: hours.filter(isBusy), free: hours.filter((hour) => !isBusy(hour)) };
}
