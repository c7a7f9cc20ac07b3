/** When the telescope observes. */
import type { Environment } from "../../environments/schema";

/** One window, as the environment has it. */
export type Window = Environment["observing"][number];

/** Minutes of a day at a moment, by the clock of a time zone. */
function minutesAt(moment: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return minutesOf(parts.format(moment));
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}

/** The observing window at a moment; undefined outside of all windows. */
export function observingAt(windows: readonly Window[], moment: Date): Window | undefined {
  return windows.find(({ from, to, timeZone }) => {
    const [now, begin, end] = [minutesAt(moment, timeZone), minutesOf(from), minutesOf(to)];
    return begin <= end ? now >= begin && now < end : now >= begin || now < end;
  });
}
