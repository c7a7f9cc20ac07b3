import { nodeChecks } from "../../../../cli/check/systems/nodes";
import { podChecks } from "../../../../cli/check/systems/pods";
import { workloadChecks } from "../../../../cli/check/systems/workloads";
import type { Check } from "../../../../cli/check/model/verdict";
import { ApiError, NoAnswer } from "../../../../cli/shared/kubernetes/client";
import { UserError } from "../../../../ground/errors";
import { ago, checkProps, expectRemedies, fakeClients, type Objects, short } from "../support";

const byTitle = (title: string): Check => {
  const found = [...nodeChecks, ...podChecks, ...workloadChecks].find((one) => one.title === title);
  if (!found) throw new Error(`there is no check ${title}`);
  return found;
};

async function look(title: string, objects: Objects): Promise<string[]> {
  const verdicts = await byTitle(title).run(checkProps({ objects }));
  expectRemedies(verdicts);
  return short(verdicts);
}

describe("API server", () => {
  const ask = async (error: Error) => {
    const clients = fakeClients();
    const cluster = { ...clients.cluster, get: () => Promise.reject(error) };
    const verdicts = await byTitle("API server").run({ ...checkProps(), clients: { ...clients, cluster } });
    expectRemedies(verdicts);
    return short(verdicts);
  };

  it("is ok where it is ready", async () => {
    expect(await look("API server", { "/readyz": {} })).toEqual(["ok API server: ready"]);
  });

  it("fails where it does not answer, or says that it is not ready", async () => {
    expect(await ask(new NoAnswer("the cluster does not answer at https://x: ECONNREFUSED"))).toEqual([
      "fail API server: the cluster does not answer at https://x: ECONNREFUSED",
    ]);
    expect(await ask(new ApiError(500, "etcd failed"))).toEqual(["fail API server: etcd failed"]);
  });

  it("fails where it accepts and never answers", async () => {
    jest.useFakeTimers();
    const clients = fakeClients();
    const cluster = { ...clients.cluster, get: () => new Promise<never>(() => undefined) };
    const verdicts = byTitle("API server").run({ ...checkProps(), clients: { ...clients, cluster } });
    await jest.advanceTimersByTimeAsync(5000);
    jest.useRealTimers();
    expect(short(await verdicts)).toEqual(["fail API server: the cluster does not answer within 5 s"]);
  });

  it("is unknown to an account that may not ask, and says nothing without a kubeconfig", async () => {
    expect(await ask(new ApiError(401, "Unauthorized"))).toEqual([
      "unknown API server: it answers, and does not let this account ask: Unauthorized",
    ]);
    expect(await ask(new UserError("x is no kubeconfig"))).toEqual([]);
  });
});

describe("nodes", () => {
  const node = (conditions: Readonly<Record<string, string>>, spec = {}) => ({
    metadata: { name: "master" },
    spec,
    status: {
      nodeInfo: { kubeletVersion: "v1.36.3+k3s1" },
      conditions: Object.entries(conditions).map(([type, status]) => ({
        type,
        status,
        reason: "R",
        message: "m",
        lastTransitionTime: ago(600),
      })),
    },
  });
  const at = (one: object) => look("nodes", { "/api/v1/nodes": [one] });

  it("judges what kubelets say", async () => {
    expect(await at(node({ Ready: "True", DiskPressure: "False" }))).toEqual(["ok node master: Ready, v1.36.3+k3s1"]);
    expect(await at(node({ Ready: "Unknown" }))).toEqual(["fail node master: not Ready for 10 min: R: m"]);
    expect(await at(node({ Ready: "True", DiskPressure: "True" }))).toEqual(["fail node master: DiskPressure: R: m"]);
    expect(await at(node({ Ready: "True" }, { unschedulable: true }))).toEqual([
      "warn node master: Ready, and closed to new pods",
    ]);
  });

  it("misses one that the site's file has", async () => {
    expect(await look("nodes", { "/api/v1/nodes": [] })).toEqual(["fail node master: the cluster does not know it"]);
  });
});

describe("pods", () => {
  const READY = { type: "Ready", status: "True" };
  const pod = (status: object, metadata = {}) => ({
    metadata: { name: "p", namespace: "kafka", creationTimestamp: ago(5000), ...metadata },
    status: { phase: "Running", conditions: [READY], ...status },
  });
  const at = (...all: object[]) => look("pods", { "/api/v1/pods": all });
  const loop = {
    name: "broker",
    restartCount: 7,
    state: { waiting: { reason: "CrashLoopBackOff" } },
    lastState: { terminated: { exitCode: 137, reason: "OOMKilled", finishedAt: ago(90) } },
  };

  it("counts those that are ready, in each namespace of the site", async () => {
    expect(await at(pod({}), pod({}), pod({}, { namespace: "other" }))).toEqual(["ok pods of kafka: 2 of 2 ready"]);
  });

  it("leaves out those of Jobs and those that ended", async () => {
    const ofJob = pod({ conditions: [] }, { ownerReferences: [{ kind: "Job", name: "j" }] });
    expect(await at(pod({}), ofJob, pod({ phase: "Failed", conditions: [] }))).toEqual([
      "ok pods of kafka: 1 of 1 ready",
    ]);
  });

  it("says of a crash loop how the container last ended", async () => {
    expect(await at(pod({ conditions: [], containerStatuses: [loop] }))).toEqual([
      "fail pod kafka/p: CrashLoopBackOff: container broker started again 7 times; it last ended 90 s ago: OOMKilled, exit code 137",
    ]);
  });

  it("says why a container does not start", async () => {
    const waiting = { reason: "ImagePullBackOff", message: "no such image" };
    const status = { name: "c", restartCount: 0, state: { waiting } };
    expect(await at(pod({ conditions: [], containerStatuses: [status] }))).toEqual([
      "fail pod kafka/p: container c does not start: ImagePullBackOff: no such image",
    ]);
  });

  it("gives a pod three minutes to become ready, and adds what Kubernetes warned of", async () => {
    const unready = (seconds: number) =>
      pod({
        conditions: [
          { type: "Ready", status: "False", reason: "ContainersNotReady", lastTransitionTime: ago(seconds) },
          { type: "PodScheduled", status: "True" },
        ],
      });
    expect(await at(unready(60))).toEqual(["warn pod kafka/p: not ready for 60 s: ContainersNotReady"]);
    const event = (name: string, reason: string, seconds: number) => ({
      involvedObject: { name },
      reason,
      message: "probe\nfailed",
      lastTimestamp: ago(seconds),
    });
    const objects = {
      "/api/v1/pods": [unready(600)],
      "/api/v1/namespaces/kafka/events": [event("p", "Old", 900), event("p", "Unhealthy", 5), event("q", "Other", 1)],
    };
    expect(await look("pods", objects)).toEqual([
      "fail pod kafka/p: not ready for 10 min: ContainersNotReady; last warning: Unhealthy: probe failed",
    ]);
  });

  it("says that no node takes a pod", async () => {
    const scheduled = { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/2 nodes" };
    expect(await at(pod({ phase: "Pending", conditions: [scheduled] }))).toEqual([
      "fail pod kafka/p: not ready for 83 min: Unschedulable: 0/2 nodes",
    ]);
  });

  it("warns of a restart within the hour, and of a pod that does not end", async () => {
    const restarted = (seconds: number) => ({
      name: "c",
      restartCount: 1,
      lastState: { terminated: { exitCode: 1, reason: "Error", finishedAt: ago(seconds) } },
    });
    expect(await at(pod({ containerStatuses: [restarted(1200)] }))).toEqual([
      "warn pod kafka/p: ready, and container c started again once; it last ended 20 min ago: Error, exit code 1",
    ]);
    expect(await at(pod({ containerStatuses: [restarted(4000)] }))).toEqual(["ok pods of kafka: 1 of 1 ready"]);
    expect(await at(pod({}, { deletionTimestamp: ago(1800) }))).toEqual([
      "warn pod kafka/p: has been ending for 30 min",
    ]);
  });
});

describe("pods after a restart of nodes", () => {
  const container = (name: string, started: number, reason = "Unknown") => ({
    name,
    restartCount: 1,
    state: { running: { startedAt: ago(started) } },
    lastState: { terminated: { exitCode: 255, reason, finishedAt: ago(started + 15) } },
  });
  const pod = (name: string, namespace: string, nodeName: string, ...containerStatuses: object[]) => ({
    metadata: { name, namespace, creationTimestamp: ago(90_000) },
    spec: { nodeName },
    status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }], containerStatuses },
  });
  const kubelet = (name: string, seconds: number, component = "kubelet") => ({
    involvedObject: { kind: "Node", name },
    reason: "Starting",
    source: { component },
    lastTimestamp: ago(seconds),
  });
  const node = (name: string, seconds: number) => ({
    metadata: { name },
    status: { conditions: [{ type: "Ready", status: "True", lastTransitionTime: ago(seconds) }] },
  });
  const EVENTS = "/api/v1/namespaces/default/events";
  const rebooted = [
    pod("registry", "kafka", "kube-0", container("registry", 190)),
    pod("broker", "kafka", "master", container("broker", 280)),
    pod("telegraf", "telegraf", "kube-0", container("wait", 290), container("telegraf", 170)),
  ];
  const LINE = "warn pods: 4 containers started again as nodes came back: kube-0 5 min ago, master 5 min ago";

  it("are told in one line, those among them that had to try more than once", async () => {
    const objects = { "/api/v1/pods": rebooted, [EVENTS]: [kubelet("master", 300), kubelet("kube-0", 300)] };
    expect(await look("pods", objects)).toEqual([
      LINE,
      "ok pods of kafka: 2 of 2 ready",
      "ok pods of telegraf: 1 of 1 ready",
    ]);
  });

  it("are seen by the nodes that are ready again, where the events are gone", async () => {
    const objects = { "/api/v1/pods": rebooted, "/api/v1/nodes": [node("master", 300), node("kube-0", 300)] };
    expect((await look("pods", objects))[0]).toBe(LINE);
  });

  it("are told as well on nodes that stayed, which miss the one that went", async () => {
    const objects = { "/api/v1/pods": rebooted, [EVENTS]: [kubelet("master", 300)] };
    expect((await look("pods", objects))[0]).toBe(
      "warn pods: 4 containers started again as nodes came back: master 5 min ago",
    );
  });

  it.each([
    ["nobody knows that nodes came back", { [EVENTS]: [kubelet("master", 300, "kube-proxy")] }],
    [
      "nodes came back at another time",
      { [EVENTS]: [kubelet("master", 3000)], "/api/v1/nodes": [node("master", 99_999)] },
    ],
  ])("are told one by one where %s", async (_case, objects) => {
    const lines = await look("pods", { "/api/v1/pods": rebooted, ...objects });
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^warn pod kafka\/registry: ready, and container registry started again once/);
  });

  it("has lines of its own for whoever ended for a reason of its own, and for a single one", async () => {
    const events = [kubelet("master", 300)];
    const killed = pod("big", "kafka", "master", container("big", 200, "OOMKilled"));
    const later = pod("later", "kafka", "master", container("later", 60));
    const lines = await look("pods", { "/api/v1/pods": [...rebooted, killed, later], [EVENTS]: events });
    expect(lines.slice(0, 3)).toEqual([
      "warn pods: 4 containers started again as nodes came back: master 5 min ago",
      expect.stringMatching(/^warn pod kafka\/big: .*OOMKilled/),
      expect.stringMatching(/^warn pod kafka\/later: /),
    ]);
    const single = await look("pods", { "/api/v1/pods": [rebooted[1] ?? {}], [EVENTS]: events });
    expect(single).toEqual([
      expect.stringMatching(/^warn pod kafka\/broker: ready, and container broker started again/),
    ]);
  });
});

describe("workloads", () => {
  const workload = (replicas: number, readyReplicas: number | undefined, age = 5000) => ({
    metadata: { name: "efd-kapacitor", namespace: "kapacitor", creationTimestamp: ago(age) },
    spec: { replicas },
    status: { readyReplicas },
  });
  const at = (one: object) => look("workloads", { "/apis/apps/v1/deployments": [one] });

  it("have as many ready pods as they should", async () => {
    expect(await at(workload(2, 2))).toEqual(["ok workloads: 1 of 1 have them"]);
    expect(await at(workload(2, 1))).toEqual(["warn Deployment kapacitor/efd-kapacitor: 1 of 2 ready"]);
    expect(await at(workload(1, undefined))).toEqual(["fail Deployment kapacitor/efd-kapacitor: 0 of 1 ready"]);
    expect(await at(workload(1, undefined, 30))).toEqual(["warn Deployment kapacitor/efd-kapacitor: 0 of 1 ready"]);
    expect(await at(workload(0, undefined))).toEqual(["warn Deployment kapacitor/efd-kapacitor: scaled to 0"]);
  });

  it("counts the pods of a DaemonSet by nodes", async () => {
    const set = (numberReady: number) => ({
      metadata: { name: "d", namespace: "kafka" },
      status: { desiredNumberScheduled: 2, numberReady },
    });
    expect(await look("workloads", { "/apis/apps/v1/daemonsets": [set(2)] })).toEqual([
      "ok workloads: 1 of 1 have them",
    ]);
    expect(await look("workloads", { "/apis/apps/v1/daemonsets": [set(0)] })).toEqual([
      "fail DaemonSet kafka/d: 0 of 2 ready",
    ]);
  });
});

describe("volumes", () => {
  const at = (phase: string, age: number) => {
    const metadata = { name: "influxdb", namespace: "influxdb", creationTimestamp: ago(age) };
    return look("volumes", { "/api/v1/persistentvolumeclaims": [{ metadata, status: { phase } }] });
  };

  it("are bound", async () => {
    expect(await at("Bound", 10)).toEqual(["ok volumes: 1 bound"]);
    expect(await at("Pending", 10)).toEqual(["warn volume influxdb/influxdb: Pending for 10 s"]);
    expect(await at("Pending", 900)).toEqual(["fail volume influxdb/influxdb: Pending for 15 min"]);
    expect(await at("Lost", 900)).toEqual(["fail volume influxdb/influxdb: Lost: its volume is gone"]);
  });

  it("may wait for their first pod, where their class does", async () => {
    const claim = {
      metadata: { name: "backup", namespace: "influxdb", creationTimestamp: ago(9000) },
      spec: { storageClassName: "efd" },
      status: { phase: "Pending" },
    };
    const pod = {
      metadata: { namespace: "influxdb" },
      spec: { volumes: [{ persistentVolumeClaim: { claimName: "backup" } }] },
    };
    const objects = (mode: string, pods: object[]) => ({
      "/api/v1/persistentvolumeclaims": [claim],
      "/apis/storage.k8s.io/v1/storageclasses": [{ metadata: { name: "efd" }, volumeBindingMode: mode }],
      "/api/v1/pods": pods,
    });
    expect(await look("volumes", objects("WaitForFirstConsumer", []))).toEqual(["ok volumes: 0 bound, 1 not used yet"]);
    expect(await look("volumes", objects("Immediate", []))).toHaveLength(1);
    expect(await look("volumes", objects("WaitForFirstConsumer", [pod]))).toEqual([
      "fail volume influxdb/backup: Pending for 3 h",
    ]);
  });
});

describe("Jobs", () => {
  const job = (name: string, type: string, start: number, owner?: string) => ({
    metadata: {
      name,
      namespace: "kafka",
      ownerReferences: owner === undefined ? [] : [{ kind: "CronJob", name: owner }],
    },
    status: { startTime: ago(start), conditions: [{ type, status: "True", reason: "DeadlineExceeded" }] },
  });
  const at = (...all: object[]) => look("Jobs", { "/apis/batch/v1/jobs": all });

  it("warns of one that failed, unless a later one of its CronJob succeeded", async () => {
    expect(await at(job("a", "Failed", 100))).toEqual(["warn Job kafka/a: failed: DeadlineExceeded"]);
    expect(await at(job("a", "Failed", 100, "c"), job("b", "Complete", 50, "c"))).toEqual([
      "ok Jobs: none of 2 failed",
    ]);
    expect(await at(job("a", "Failed", 50, "c"), job("b", "Complete", 100, "c"))).toHaveLength(1);
  });

  it("leaves backups to their own subject", async () => {
    expect(await at(job("a", "Failed", 100, "influxdb-backup"))).toEqual(["ok Jobs: none of 1 failed"]);
  });
});
