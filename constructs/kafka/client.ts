/** What CronJobs whose scripts run in Kafka's image have in common. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { patienceScript } from "../kubernetes/patience";

/** The files that their scripts begin with; they lie beside them. */
export function clientScript(): Readonly<Record<"client.sh" | "patience.sh", string>> {
  return { ...patienceScript(), "client.sh": readFileSync(join(__dirname, "client.sh"), "utf8") };
}

/** Seconds that such a run may take, its patience among them: `power` waits ten minutes for it. */
export const CLIENT_SECONDS = 540;
