/** Runs of CronJobs that nobody waits for a clock for. */
import { until } from "../../../cli/shared/process/until";
import type { RunningSite } from "./running-site";

/** Seconds that a Job of a schedule takes at most: it asks for five minutes whoever does not answer. */
const PATIENCE = 420;

/** What became of a Job. */
export interface Ran {
  readonly well: boolean;
  /** Its last lines. */
  readonly log: readonly string[];
}

/**
 * Runs a CronJob now, and removes the Job.
 *
 * @throws where there is no such CronJob.
 */
export async function runNow(site: RunningSite, namespace: string, name: string): Promise<Ran> {
  const job = `${name}-${Date.now()}`;
  const made = await site.kubectl("-n", namespace, "create", "job", `--from=cronjob/${name}`, job);
  if (made.code !== 0) throw new Error(`CronJob ${namespace}/${name} does not run: ${made.stderr.trim()}`);
  const well = await until(PATIENCE, async () => {
    const status = (await site.api.get(`/apis/batch/v1/namespaces/${namespace}/jobs/${job}`))?.status;
    const [succeeded, failed] = [Number(status?.["succeeded"] ?? 0), Number(status?.["failed"] ?? 0)];
    return succeeded + failed > 0 ? succeeded > 0 : undefined;
  });
  const { stdout } = await site.kubectl("-n", namespace, "logs", `job/${job}`, "--tail=5");
  await site.kubectl("-n", namespace, "delete", "job", job);
  if (well !== true) console.log(stdout);
  return { well: well === true, log: stdout.trim().split("\n") };
}
