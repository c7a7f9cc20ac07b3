/** Whether points arrive in InfluxDB again, which no pod's readiness says. */
import { Interrupted, UserError } from "../../ground/errors";
import type { SiteClients } from "../shared/clients/clients";
import { type Waiting, waitFor } from "../shared/terminal/wait";

/** Consumers begin within seconds of their start, and write every second. */
const PATIENCE = 60;

/**
 * Waits until InfluxDB counts more points than before that clients wrote. Nothing is wrong where nobody produces, so this
 * throws nothing.
 *
 * @returns what was seen, in a line.
 */
export async function pointsArrive(
  clients: Pick<SiteClients, "influxdb">,
  site: string,
  waiting: Waiting,
): Promise<string> {
  const begin = Date.now();
  let first: number | undefined;
  try {
    await waitFor(waiting, { seconds: PATIENCE, advice: `npm run check -- ${site} kafka sinks says why` }, async () => {
      const written = await pointsWritten(clients);
      first ??= written;
      // It counts from 0 when InfluxDB starts.
      return written > first ? undefined : "no new point in InfluxDB yet";
    });
    return `points arrive in InfluxDB (seen after ${Math.round((Date.now() - begin) / 1000)} s)`;
  } catch (error) {
    if (error instanceof UserError && !(error instanceof Interrupted))
      return `whether points arrive is not known: ${error.message}`;
    throw error;
  }
}

/** Points that clients wrote since InfluxDB started: what it writes of itself does not count. */
async function pointsWritten(clients: Pick<SiteClients, "influxdb">): Promise<number> {
  const influxdb = await clients.influxdb("admin");
  const series = await influxdb.query("", "SHOW STATS FOR 'httpd'");
  return series.reduce((sum, { columns, rows }) => sum + Number(rows[0]?.[columns.indexOf("pointsWrittenOK")] ?? 0), 0);
}
