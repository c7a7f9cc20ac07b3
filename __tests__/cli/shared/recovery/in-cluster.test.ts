import { gunzipSync, gzipSync } from "node:zlib";
import { isStuck, markFailed, releaseRecord } from "../../../../cli/shared/helm/release-records";
import type { KubernetesApi } from "../../../../cli/shared/kubernetes/client";
import { objectPathOf } from "../../../../cli/shared/kubernetes/object-paths";
import { recoveryInCluster } from "../../../../cli/shared/recovery/in-cluster";
import type { Json } from "../../../../synthesized/stack";
import type { PlannedChange } from "../../../../cli/shared/terraform/terraform";
import { allStacks } from "../../../support/sites";

/** A cluster that holds these objects, by path, and remembers what is done to it. */
function cluster(objects: Readonly<Record<string, Json>>): KubernetesApi & { done: [string, string, Json?][] } {
  const done: [string, string, Json?][] = [];
  return {
    done,
    get: (path) => Promise.resolve(objects[path.replace(/\?.*/, "")]),
    apply: () => Promise.reject(new Error("nothing is applied")),
    create: () => Promise.reject(new Error("nothing is made")),
    patch: (path, change) => Promise.resolve(void done.push(["patch", path, change as Json])),
    delete: (path) => Promise.resolve(void done.push(["delete", path])),
  };
}

const LABELS = { "app.kubernetes.io/managed-by": "terraform" };

function change(type: string, after: Json, ...actions: string[]): PlannedChange {
  return {
    address: `${type}.a`,
    type,
    change: { actions: actions.length > 0 ? actions : ["create"], before: null, after },
  };
}

const planned = (type: string, namespace?: string) =>
  change(type, { metadata: [{ name: "a", labels: LABELS, ...(namespace && { namespace }) }] });

const object = (manager: string, labels: Json = LABELS): Json => ({
  metadata: { name: "a", labels, managedFields: [{ manager }] },
});

/** Helm's record of a revision, as the API gives it. */
function record(status: string, revision: number, chart = "traefik"): Json {
  const release = {
    name: "a",
    version: revision,
    info: { status, notes: "kept" },
    chart: { metadata: { name: chart } },
  };
  const packed = gzipSync(JSON.stringify(release)).toString("base64");
  return {
    metadata: {
      name: `sh.helm.release.v1.a.v${revision}`,
      namespace: "b",
      resourceVersion: "7",
      labels: { owner: "helm", name: "a", status, version: String(revision) },
    },
    data: { release: Buffer.from(packed).toString("base64") },
  };
}

const SECRETS = "/api/v1/namespaces/b/secrets";
const release = (...actions: string[]) =>
  change("helm_release", { name: "a", namespace: "b", chart: "/mirror/traefik-41.3.0.tgz" }, ...actions);

test("nothing was left where nothing is there", async () => {
  const plan = [planned("kubernetes_namespace_v1"), release(), change("random_password", {})];
  expect(await recoveryInCluster(plan, cluster({}))).toEqual({ imports: [], steps: [], obstacles: [] });
});

test("an object of ours is taken in by its id, with or without a namespace", async () => {
  const api = cluster({
    "/api/v1/namespaces/a": object("HashiCorp"),
    "/apis/apps/v1/namespaces/b/deployments/a": object("Terraform"),
  });
  const plan = [planned("kubernetes_namespace_v1"), planned("kubernetes_deployment_v1", "b")];
  expect((await recoveryInCluster(plan, api)).imports).toEqual([
    { address: "kubernetes_namespace_v1.a", id: "a" },
    { address: "kubernetes_deployment_v1.a", id: "b/a" },
  ]);
});

test.each([
  ["made by another program", object("kubectl-create")],
  ["without the labels of the plan", object("HashiCorp", {})],
])("an object %s is an obstacle that names it", async (_what, there) => {
  const api = cluster({ "/api/v1/namespaces/b/services/a": there });
  const { imports, obstacles } = await recoveryInCluster([planned("kubernetes_service_v1", "b")], api);
  expect(imports).toEqual([]);
  expect(obstacles).toEqual([
    expect.stringMatching(/^kubernetes_service_v1\.a: b\/a exists in the cluster.* remove it$/),
  ]);
});

test("a Job is removed, so that its end is waited for", async () => {
  const api = cluster({ "/apis/batch/v1/namespaces/b/jobs/a": object("HashiCorp") });
  const { imports, steps } = await recoveryInCluster([planned("kubernetes_job_v1", "b")], api);
  expect(imports).toEqual([]);
  for (const { run } of steps) await run();
  expect(api.done).toEqual([["delete", "/apis/batch/v1/namespaces/b/jobs/a"]]);
});

test("a Job of another revision that the state does not know is removed, and no other", async () => {
  const job = (name: string, manager = "HashiCorp", labels = LABELS): Json => ({
    metadata: { name, labels, managedFields: [{ manager }] },
  });
  const items = [
    job("a-new"),
    job("a-old"),
    job("a-left"),
    job("a-run", "kube-controller-manager"),
    job("other", "HashiCorp", { "app.kubernetes.io/managed-by": "somebody" }),
  ];
  const api = cluster({ "/apis/batch/v1/namespaces/b/jobs": { items } });
  const named = (name: string) => ({ metadata: [{ name, namespace: "b", labels: LABELS }] });
  const plan: PlannedChange = {
    address: "kubernetes_job_v1.a",
    type: "kubernetes_job_v1",
    change: { actions: ["delete", "create"], before: named("a-old"), after: named("a-new") },
  };
  const { steps } = await recoveryInCluster([plan], api);
  expect(steps.map(({ text }) => text)).toEqual(["removes the Job b/a-left, which a killed apply left"]);
  for (const { run } of steps) await run();
  expect(api.done).toEqual([["delete", "/apis/batch/v1/namespaces/b/jobs/a-left"]]);
  // A Job that stays as it is was not left.
  const same: PlannedChange = { ...plan, change: { ...plan.change, actions: ["no-op"] } };
  expect((await recoveryInCluster([same], api)).steps).toEqual([]);
});

test.each(["pending-install", "pending-upgrade", "pending-rollback", "uninstalling"])(
  "a release left %s is marked as failed, and taken in where the state does not know it",
  async (status) => {
    const api = cluster({ [SECRETS]: { items: [record("superseded", 1), record(status, 10), record("deployed", 9)] } });
    const { imports, steps } = await recoveryInCluster([release()], api);
    expect(imports).toEqual([{ address: "helm_release.a", id: "b/a" }]);
    for (const { run } of steps) await run();
    const [[verb, path, patch] = []] = api.done;
    expect([verb, path]).toEqual(["patch", `${SECRETS}/sh.helm.release.v1.a.v10`]);
    expect(patch?.["metadata"]).toEqual({ resourceVersion: "7", labels: { status: "failed" } });
    const own = Buffer.from(String((patch?.["data"] as Json)["release"]), "base64").toString();
    expect(JSON.parse(gunzipSync(Buffer.from(own, "base64")).toString())).toMatchObject({
      version: 10,
      info: { status: "failed", notes: "kept" },
      chart: { metadata: { name: "traefik" } },
    });
    // The state knows it: Terraform upgrades it.
    expect((await recoveryInCluster([release("update")], api)).imports).toEqual([]);
  },
);

test.each(["deployed", "failed"])("from a release that is %s Helm goes on by itself", async (status) => {
  const api = cluster({ [SECRETS]: { items: [record(status, 1)] } });
  expect(await recoveryInCluster([release("update")], api)).toEqual({ imports: [], steps: [], obstacles: [] });
  expect((await recoveryInCluster([release()], api)).imports).toHaveLength(1);
});

test("a release of another chart is an obstacle", async () => {
  const api = cluster({ [SECRETS]: { items: [record("deployed", 1, "nginx")] } });
  const { imports, obstacles } = await recoveryInCluster([release()], api);
  expect(imports).toEqual([]);
  expect(obstacles).toEqual([expect.stringMatching(/release a of another chart \(nginx\).*helm uninstall a -n b/)]);
});

test("the newest revision is the one with the highest number", async () => {
  const api = cluster({ [SECRETS]: { items: [record("deployed", 9), record("pending-upgrade", 10)] } });
  const newest = await releaseRecord(api, "b", "a");
  expect(newest).toMatchObject({ revision: 10, status: "pending-upgrade", chart: "traefik" });
  expect(newest && isStuck(newest)).toBe(true);
  if (newest) await markFailed(api, newest);
  expect(api.done).toHaveLength(1);
});

test("every type of the Kubernetes provider that a site uses is found in the API", () => {
  const types = new Set(allStacks().flatMap((stack) => stack.resources().map(({ type }) => type)));
  const lost = [...types].filter(
    (type) => type.startsWith("kubernetes_") && !objectPathOf(type, { metadata: [{ name: "a", namespace: "b" }] }),
  );
  expect(types.size).toBeGreaterThan(10);
  // Nothing to bring back: the provider takes over the account that each namespace has from the beginning.
  expect(lost).toEqual(["kubernetes_default_service_account_v1"]);
});
