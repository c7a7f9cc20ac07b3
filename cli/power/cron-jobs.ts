/** What a clock starts beside the programs: backups, setups, restarts. It pauses while they are stopped. */
import type { LiveObject } from "../shared/kubernetes/client";
import type { PowerApi, PowerMemory } from "../shared/power/memory";
import { some, type Waiting, waitFor } from "../shared/terminal/wait";

/** As long as a backup may take is longer than anybody waits: a run of `rollouts` ends within nine minutes. */
const LONGEST = 600;

const pathOf = (namespace: string) => `/apis/batch/v1/namespaces/${namespace}/cronjobs`;
const keyOf = (namespace: string, name: string) => `cronjobs.${namespace}.${name}`;

/**
 * Suspends the CronJobs of a namespace that are not, and waits for what they have started.
 *
 * @throws {UserError} where a Job still runs after ten minutes.
 */
export async function suspendJobs(
  api: PowerApi,
  memory: PowerMemory,
  namespace: string,
  waiting: Waiting,
): Promise<void> {
  const jobs = await api.list(pathOf(namespace));
  const awake = jobs.filter(({ spec }) => spec?.["suspend"] !== true).map(({ metadata }) => metadata.name);
  await memory.remember(Object.fromEntries(awake.map((name) => [keyOf(namespace, name), "on"])));
  for (const name of awake) await api.patch(`${pathOf(namespace)}/${name}`, { spec: { suspend: true } });
  const limit = {
    seconds: LONGEST,
    advice: `wait until it has ended, or delete it, and run the same command again: kubectl -n ${namespace} get jobs`,
  };
  await waitFor(waiting, limit, async () => {
    const running = (await api.list(`/apis/batch/v1/namespaces/${namespace}/jobs`)).filter(runs);
    return running.length > 0
      ? `${namespace}: ${some(running.map(({ metadata }) => metadata.name))} still runs`
      : undefined;
  });
}

const runs = ({ status }: LiveObject): boolean => Number(status?.["active"] ?? 0) > 0;

/** Resumes those of a namespace's CronJobs that {@link suspendJobs} suspended. */
export async function resumeJobs(api: PowerApi, memory: PowerMemory, namespace: string): Promise<void> {
  const jobs = await api.list(pathOf(namespace));
  const ours = jobs
    .map(({ metadata }) => metadata.name)
    .filter((name) => memory.get(keyOf(namespace, name)) !== undefined);
  for (const name of ours) await api.patch(`${pathOf(namespace)}/${name}`, { spec: { suspend: false } });
  await memory.forget(ours.map((name) => keyOf(namespace, name)));
}
