/** Workloads that a scenario takes away. */
import { inside } from "../../../../synthesized/stack";
import { until } from "../../../../cli/shared/process/until";
import type { Day } from "./day";

/** A workload, as kubectl names it. */
export type Workload = readonly [flag: "-n", namespace: string, workload: string];

/** Gives a workload so many pods, and waits until it has them: of none, until the last one has ended. */
async function scale(day: Day, [flag, namespace, workload]: Workload, pods: number): Promise<void> {
  await day.kubectl(flag, namespace, "scale", workload, `--replicas=${pods}`);
  await day.kubectl(flag, namespace, "rollout", "status", workload, "--timeout=300s");
  const [kind = "", name = ""] = workload.split("/");
  const { spec } = (await day.site.api.get(`/apis/apps/v1/namespaces/${namespace}/${kind}s/${name}`)) ?? {};
  const labels = (inside(spec, "selector", "matchLabels") ?? {}) as Readonly<Record<string, string>>;
  const selector = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
  const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(selector.join(","))}`;
  const reached = await until(120, async () => ((await day.site.api.list(path)).length === pods ? true : undefined));
  if (!reached) throw new Error(`${workload} has not ${pods} pods after two minutes`);
}

/** Pods that a workload has as it is deployed. */
async function podsOf(day: Day, [flag, namespace, workload]: Workload): Promise<number> {
  return Number(await day.kubectl(flag, namespace, "get", workload, "-o", "jsonpath={.spec.replicas}"));
}

/** Takes a workload away, does something, and brings it back whatever came of that. */
export async function without(day: Day, workload: Workload, act: () => Promise<void>): Promise<void> {
  const pods = await podsOf(day, workload);
  await scale(day, workload, 0);
  try {
    await act();
  } finally {
    await scale(day, workload, pods);
  }
}
