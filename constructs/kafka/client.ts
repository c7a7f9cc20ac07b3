/** What CronJobs whose scripts run in Kafka's image have in common. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The file that their scripts begin with; it lies beside them. */
export function clientScript(): Readonly<Record<"client.sh", string>> {
  return { "client.sh": readFileSync(join(__dirname, "client.sh"), "utf8") };
}

/**
 * For how many seconds a run asks brokers, registry and InfluxDB again that may be starting. On two busy cores all was
 * ready 144 s after the machine had started; InfluxDB's setup has as much patience.
 */
export const CLIENT_PATIENCE = { name: "PATIENCE", value: "300" };

/** Seconds that such a run may take, its patience among them: `power` waits ten minutes for it. */
export const CLIENT_SECONDS = 540;
