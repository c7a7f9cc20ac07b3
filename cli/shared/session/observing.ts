/** Whether a site observes, and what is written down of what somebody does meanwhile. */
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Observing } from "../../../environments/general/observing";
import type { Session } from "./session";
import type { Context } from "../terminal/context";

/** The observing window at a moment; undefined outside of all windows. */
export function observingAt(windows: Observing, moment: Date): Observing[number] | undefined {
  return windows.find(({ from, to, timeZone }) => {
    const [now, begin, end] = [minutesAt(moment, timeZone), minutesOf(from), minutesOf(to)];
    return begin <= end ? now >= begin && now < end : now >= begin || now < end;
  });
}

/** Minutes of a day at a moment, by the clock of a time zone. */
function minutesAt(moment: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return minutesOf(parts.format(moment));
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}

/** Writes a line beside Terraform's logs (`<site>-observing.log`) and says it. */
export function logObserving(
  { environment: { name: site }, logs }: Pick<Session, "environment" | "logs">,
  moment: Date,
  line: string,
  { output }: Pick<Context, "output">,
): void {
  mkdirSync(logs, { recursive: true });
  const path = join(logs, `${site}-observing.log`);
  appendFileSync(path, `${moment.toISOString()} ${line.replace(/\s+/g, " ")}\n`, { mode: 0o600 });
  output.note(`${site}: ${line}`);
}
