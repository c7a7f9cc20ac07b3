/**
 * What a killed apply left in the cluster: objects and releases that exist and are not in the state, and releases in
 * the middle of an operation. Terraform would fail at each of them; `deploy` imports, removes or marks them first.
 */
import { isStuck, markFailed, releaseRecord } from "../helm/release-records";
import type { KubernetesApi } from "../kubernetes/client";
import { objectPathOf } from "../kubernetes/object-paths";
import { inside, isOwnChart, type Json, OWN_CHART } from "../../../synthesized/stack";
import type { PlannedChange } from "../terraform/terraform";

/** How a deploy continues after a killed apply. */
export interface Recovery {
  /** Existing resources that Terraform imports: address and id. */
  readonly imports: readonly { readonly address: string; readonly id: string }[];
  /** What must be done before the apply. */
  readonly steps: readonly { readonly text: string; readonly run: () => Promise<void> }[];
  /** Resources of somebody else, one line each with the remedy. */
  readonly obstacles: readonly string[];
}

/** Merges several recoveries into one. */
export function mergeRecoveries(all: readonly Partial<Recovery>[]): Recovery {
  return {
    imports: all.flatMap(({ imports = [] }) => imports),
    steps: all.flatMap(({ steps = [] }) => steps),
    obstacles: all.flatMap(({ obstacles = [] }) => obstacles),
  };
}

/** Looks in the cluster for everything that a plan would create, and for releases that it would change. */
export async function recoveryInCluster(plan: readonly PlannedChange[], api: KubernetesApi): Promise<Recovery> {
  const found: Partial<Recovery>[] = [];
  for (const planned of plan) {
    const { type, change } = planned;
    if (type === "helm_release") found.push(await recoverRelease(planned, api));
    else if (change.actions.join() === "create") found.push(await recoverObject(planned, api));
    if (type === JOB && change.actions.includes("create")) found.push(await recoverJobs(planned, api));
  }
  return mergeRecoveries(found);
}

/** The name of a Job has a hash of what it does, so that another revision is another Job. */
const JOB = "kubernetes_job_v1";

/** Jobs of other revisions: an apply was killed before its state knew them, and the data changed before the next one. */
async function recoverJobs({ type, change }: PlannedChange, api: KubernetesApi): Promise<Partial<Recovery>> {
  const place = objectPathOf(type, change.after);
  const labels = inside(change.after, "metadata", "labels") as Readonly<Record<string, string>> | undefined;
  if (!place || !labels) return {};
  const collection = place.path.slice(0, place.path.lastIndexOf("/"));
  const selector = Object.entries(labels).map((pair) => pair.join("="));
  const found = await api.get(`${collection}?labelSelector=${encodeURIComponent(selector.join())}`);
  const known = [change.before, change.after].map((one) => inside(one, "metadata", "name"));
  const others = ((found?.["items"] ?? []) as Json[]).filter(
    (job) => !known.includes(inside(job, "metadata", "name")) && madeByTerraform(job, change.after),
  );
  return {
    steps: others.map((job) => {
      const name = String(inside(job, "metadata", "name"));
      const id = place.id.replace(/[^/]*$/, name);
      return {
        text: `removes the Job ${id}, which a killed apply left`,
        run: () => api.delete(`${collection}/${name}`),
      };
    }),
  };
}

async function recoverObject({ address, type, change }: PlannedChange, api: KubernetesApi): Promise<Partial<Recovery>> {
  const place = objectPathOf(type, change.after);
  const object = place && (await api.get(place.path));
  if (!object) return {};
  if (!madeByTerraform(object, change.after))
    return {
      obstacles: [
        `${address}: ${place.id} exists in the cluster and was not made by this program: find out whose it is (\`kubectl get --raw ${place.path}\`) and remove it`,
      ],
    };
  // A Job runs again: the next steps rely on its end.
  if (type === JOB)
    return { steps: [{ text: `removes the Job ${place.id}, which runs again`, run: () => api.delete(place.path) }] };
  return { imports: [{ address, id: place.id }] };
}

/** Whether Terraform's provider created it, with the labels of the plan. */
function madeByTerraform(object: Json, planned: Readonly<Json> | null): boolean {
  const managers = (inside(object, "metadata") as Json)["managedFields"] as { manager?: string }[] | undefined;
  const labels = (inside(object, "metadata", "labels") ?? {}) as Json;
  const wanted = Object.entries((inside(planned, "metadata", "labels") ?? {}) as Json);
  return (
    (managers ?? []).some(({ manager }) => /^(HashiCorp|Terraform)\b/i.test(manager ?? "")) &&
    wanted.every(([name, value]) => labels[name] === value)
  );
}

async function recoverRelease({ address, change }: PlannedChange, api: KubernetesApi): Promise<Partial<Recovery>> {
  const { actions, after } = change;
  if (!after || actions.join() === "no-op") return {};
  const { namespace, name, chart } = after as Record<"namespace" | "name" | "chart", string>;
  const record = await releaseRecord(api, namespace, name);
  if (!record) return {};
  const isNew = actions.join() === "create";
  const file = chart.split("/").at(-1) ?? "";
  const expected = isOwnChart(after) ? OWN_CHART : file;
  if (isNew && expected !== record.chart && !expected.startsWith(`${record.chart}-`))
    return {
      obstacles: [
        `${address}: ${namespace} has a release ${name} of another chart (${record.chart}): find out whose it is, then \`helm uninstall ${name} -n ${namespace}\``,
      ],
    };
  return {
    imports: isNew ? [{ address, id: `${namespace}/${name}` }] : [],
    steps: isStuck(record)
      ? [
          {
            text: `marks release ${name} in ${namespace} as failed, which a killed apply left ${record.status}`,
            run: () => markFailed(api, record),
          },
        ]
      : [],
  };
}
