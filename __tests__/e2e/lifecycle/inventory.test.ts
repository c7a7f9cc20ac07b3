import type { KubernetesApi } from "../../../cli/shared/kubernetes/client";
import { inventory } from "../../../e2e/lifecycle/site/inventory";

/** A cluster with Jobs of these names, and who owns each. */
const clusterWith = (jobs: Readonly<Record<string, string | undefined>>) => {
  const answers: Readonly<Record<string, object>> = {
    "/apis": { groups: [{ preferredVersion: { groupVersion: "batch/v1" } }] },
    "/apis/batch/v1": { resources: [{ name: "jobs", kind: "Job", verbs: ["list"] }] },
    "/apis/batch/v1/jobs": {
      items: Object.entries(jobs).map(([name, owner]) => ({
        metadata: { namespace: "telegraf", name, ...(owner && { ownerReferences: [{ kind: owner, name: "one" }] }) },
      })),
    },
  };
  return { get: (path: string) => Promise.resolve(answers[path]) } as unknown as KubernetesApi;
};

test("Jobs that a clock started are there or not, by the minute, and do not count", async () => {
  const found = await inventory(clusterWith({ "progress-29933502": "CronJob", setup: undefined, made: "Site" }));
  expect([...found.keys()]).toEqual(["Job telegraf/setup", "Job telegraf/made"]);
});
