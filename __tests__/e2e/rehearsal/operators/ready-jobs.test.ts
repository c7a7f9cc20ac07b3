/** The waits of ready Jobs, as their pods would do them. */
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Run } from "../../../../cli/shared/process/process";
import type { Cluster, LiveObject } from "../../../../cli/shared/kubernetes/client";
import { ReadyJobs } from "../../../../e2e/rehearsal/operators/ready-jobs";
import { readYaml } from "../../../../synthesized/yaml";
import { toYaml } from "../../../../synthesized/yaml";

const folder = mkdtempSync(join(tmpdir(), "efd-ready-jobs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const kubeconfig = toYaml({
  clusters: [{ name: "bench", cluster: { server: "https://127.0.0.1:6443" } }],
  users: [{ name: "admin", user: { "client-key-data": "administrator" } }],
});

const pod = (name: string, changes: object = {}, metadata: object = {}): LiveObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "n", uid: name, labels: { "job-name": `job-of-${name}` }, ...metadata },
  spec: {
    serviceAccountName: "waits",
    containers: [{ args: ["wait", "--timeout=600s", "--timeout=30s", "--for=condition=Ready"] }],
  },
  status: { phase: "Running" },
  ...changes,
});

type Result = Partial<Awaited<ReturnType<Run>>>;

/** Ready Jobs with these pods, whose commands end so. */
function waits(pods: LiveObject[], result: Result | Promise<Result> = {}, refuses = false) {
  const [calls, ran]: [unknown[], unknown[]] = [[], []];
  const api = {
    list: (path: string) => (calls.push(["list", path]), Promise.resolve(pods)),
    create: (path: string, body: object) => {
      calls.push(["create", path, body]);
      return refuses ? Promise.reject(new Error("gone")) : Promise.resolve({ status: { token: "of-waits" } });
    },
    patch: (path: string, body: object) => Promise.resolve(void calls.push(["patch", path, body])),
  } as unknown as Cluster;
  const run: Run = async (name, args, options) => {
    ran.push([name, args, options?.env]);
    return { code: 0, stdout: "condition met", stderr: "", ...(await result) };
  };
  const jobs = new ReadyJobs({
    api,
    kubeconfig,
    kubectl: "kubectl",
    run,
    env: { A: "b" },
    folder: join(folder, "new"),
  });
  return { jobs, calls, ran };
}

test("a pod that runs gets its own command, once, with a token of its own account", async () => {
  const { jobs, calls, ran } = waits([pod("a")]);
  await jobs.round();
  await jobs.round();
  await jobs.done();
  const file = join(folder, "new", "a.kubeconfig");
  const args = [`--kubeconfig=${file}`, "wait", "--timeout=240s", "--timeout=30s", "--for=condition=Ready"];
  expect(ran).toEqual([["kubectl", args, { A: "b" }]]);
  expect(readYaml(readFileSync(file, "utf8"))).toEqual({
    clusters: [{ name: "bench", cluster: { server: "https://127.0.0.1:6443" } }],
    users: [{ name: "admin", user: { token: "of-waits" } }],
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const list = ["list", "/api/v1/pods?labelSelector=app.kubernetes.io%2Fname%3Dready"];
  expect(calls).toEqual([
    list,
    ["create", "/api/v1/namespaces/n/serviceaccounts/waits/token", { spec: { expirationSeconds: 600 } }],
    list,
    ["patch", "/api/v1/namespaces/n/pods/a", { metadata: { annotations: { "bench.local/exit-code": "0" } } }],
  ]);
  expect(jobs.waited).toEqual([{ job: "n/job-of-a", ok: true, text: "condition met" }]);
});

test("a command that fails ends its pod so, with what it said", async () => {
  const { jobs, calls } = waits([pod("b")], { code: 1, stderr: "timed out" });
  await jobs.round();
  await jobs.done();
  expect(jobs.waited).toEqual([{ job: "n/job-of-b", ok: false, text: "timed out" }]);
  expect(calls.at(-1)).toEqual([
    "patch",
    "/api/v1/namespaces/n/pods/b",
    { metadata: { annotations: { "bench.local/exit-code": "1" } } },
  ]);
});

test("a pod that does not run yet, or goes, is left alone, and one that goes meanwhile is no error", async () => {
  const { jobs, ran } = waits([
    pod("c", { status: { phase: "Pending" } }),
    pod("d", {}, { deletionTimestamp: "2026-01-01T00:00:00Z" }),
  ]);
  await jobs.round();
  await jobs.done();
  expect(ran).toEqual([]);
  const gone = waits([pod("e")], {}, true);
  await gone.jobs.round();
  await gone.jobs.done();
  expect([gone.ran, gone.jobs.waited]).toEqual([[], []]);
});

test("the end waits for a command that runs", async () => {
  let end = (): void => undefined;
  const { jobs } = waits([pod("f")], new Promise((resolve) => (end = () => resolve({ code: 0 }))));
  await jobs.round();
  let ended = false;
  const done = jobs.done().then(() => (ended = true));
  await new Promise(setImmediate);
  expect(ended).toBe(false);
  end();
  await done;
  expect(jobs.waited).toHaveLength(1);
});
