/** When Strimzi may renew its certificates, for which it restarts every node of Kafka. */
import { busyMinutes, freeRuns, type Observing } from "../../environments/general/observing";

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
