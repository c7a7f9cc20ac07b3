/** What containers may do, as they run, against what docs/security.md says that they need. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inside } from "../../../synthesized/stack";
import { until } from "../../../cli/shared/process/until";
import { CHECKOUT } from "../../../cli/shared/site/program";
import type { Checks } from "../../data-path/check";
import { type ContainerProcess, containerProcesses } from "../site/processes";
import { rightsByPods, rightsIn, rightsOf } from "../site/rights";
import type { RunningSite } from "../site/running-site";
import type { Scenario } from "../site/scenario";

/** Namespaces of the cluster itself. */
const OTHERS = /^kube-/;
/** Seconds that all CronJobs together may take. */
const PATIENCE = 300;

/** Runs every CronJob once, and gives the containers that were seen at any time by their names. */
async function seenWhileAllRun(site: RunningSite): Promise<Map<string, ContainerProcess>> {
  const seen = new Map<string, ContainerProcess>();
  const look = async () => {
    for (const one of await containerProcesses(site)) seen.set(one.name, one);
  };
  const mark = `looked-at-${Date.now()}`;
  const started = (await site.api.list("/apis/batch/v1/cronjobs")).map(({ metadata: { namespace = "", name } }) => ({
    namespace,
    name,
    job: `${name}-${mark}`,
  }));
  for (const { namespace, name, job } of started)
    await site.kubectl("-n", namespace, "create", "job", `--from=cronjob/${name}`, job);
  await until(PATIENCE, async () => {
    await look();
    const jobs = (await site.api.list("/apis/batch/v1/jobs")).filter(({ metadata }) => metadata.name.endsWith(mark));
    const done = jobs.filter(({ status }) => Number(inside(status, "active") ?? 0) === 0 && status?.["startTime"]);
    return done.length === started.length ? true : undefined;
  });
  return seen;
}

/** Removes the Jobs that {@link seenWhileAllRun} made. */
async function removeJobs(site: RunningSite): Promise<void> {
  for (const { metadata } of await site.api.list("/apis/batch/v1/jobs"))
    if (/-looked-at-\d+$/.test(metadata.name))
      await site.kubectl("-n", metadata.namespace ?? "", "delete", "job", metadata.name);
}

async function run(site: RunningSite, checks: Checks): Promise<void> {
  const allowed = rightsIn(readFileSync(join(CHECKOUT, "docs", "security.md"), "utf8"));
  const seen = await seenWhileAllRun(site);
  const byPods = rightsByPods(await site.api.list("/api/v1/pods"));
  await removeJobs(site);
  const own = [...byPods].filter(([name]) => !OTHERS.test(name)).sort(([a], [b]) => (a < b ? -1 : 1));
  checks.same("containers are seen", own.filter(([name]) => seen.has(name)).length > 0, true);
  for (const [name, byPod] of own) {
    const process = seen.get(name);
    const rights = process ? rightsOf(process) : byPod;
    const where = process
      ? `user ${process.uid}, writes ${process.writable.join(", ") || "nowhere on a disk"}`
      : "has ended: by its pod";
    console.log(`        ${name}: ${where}; ${rights.join(", ") || "nothing more"}`);
    checks.same(`rights of ${name}`, rights, allowed.get(name) ?? []);
  }
  const gone = [...allowed.keys()].filter((name) => !byPods.has(name));
  for (const name of gone) site.notRun(`security: ${name}`, "the site has no such container");
}

/** Looks at every container. */
export const security: Scenario = {
  name: "security",
  title: "every container has the user, the rights and the places to write that docs/security.md names, and no more",
  needs: ["external-secrets", "cert-manager", "strimzi"],
  run,
};
