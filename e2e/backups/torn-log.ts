/** A power cut tears the write-ahead logs of a real InfluxDB, which goes on. */
import { appendFileSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Scenario } from "./scenario";

/** The last segment of each shard whose log has points. */
function lastSegments(logs: string): string[] {
  const last = new Map<string, string>();
  for (const path of readdirSync(logs, { recursive: true, encoding: "utf8" }).sort())
    if (path.endsWith(".wal") && statSync(join(logs, path)).size > 0) last.set(join(path, ".."), join(logs, path));
  return [...last.values()];
}

/** Adds the first bytes of one more entry to each log, whose writer has not heard that it is written. */
function tear(logs: string): void {
  const segments = lastSegments(logs);
  // Of each database more than one, and InfluxDB's own.
  if (segments.length < 5) throw new Error(`${segments.length} write-ahead logs are too few`);
  for (const segment of segments) appendFileSync(segment, readFileSync(segment).subarray(0, 40));
}

/**
 * How many lines are missing after the second start since logs were torn, of those that InfluxDB had before it.
 *
 * @param isPrepared - whether the site's script runs before each start
 */
export async function missingAfterTornLogs(scenario: Scenario, isPrepared: boolean): Promise<number> {
  const prepare = (logs: string) => (isPrepared ? scenario.beforeStart(logs) : undefined);
  const influxdb = await scenario.newInfluxdb();
  await scenario.succeeds("influxdb-setup");
  await influxdb.write();
  const torn = await scenario.restarted((logs) => {
    tear(logs);
    return prepare(logs);
  });
  await torn.write("later");
  const before = await torn.all();
  const after = new Set(await (await scenario.restarted(prepare)).all());
  return before.filter((line) => !after.has(line)).length;
}
