import { notRunning, ranBefore, type Running } from "../../../../e2e/nodes/site/health";
import type { LiveObject } from "../../../../cli/shared/kubernetes/client";

const NOW = Date.parse("2026-11-30T12:00:00Z");

const object = (kind: string, name: string, more: object = {}): LiveObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name, namespace: "kafka", uid: name, generation: 1 },
  ...more,
});

const ready = { status: { conditions: [{ type: "Ready", status: "True" }] } };
const ofJob = (kind: string) => ({
  metadata: { name: "one", namespace: "kafka", uid: "1", ownerReferences: [{ kind }] },
});
const lease = (renewTime: string) => object("Lease", "master", { spec: { renewTime } });

const healthy: Running = {
  nodes: [object("Node", "master", ready)],
  leases: [lease("2026-11-30T11:59:55Z")],
  pods: [object("Pod", "broker", ready), object("Pod", "one", { ...ofJob("Job"), status: { phase: "Succeeded" } })],
  jobs: [object("Job", "setup", { status: { conditions: [{ type: "Complete", status: "True" }] } })],
  workloads: [
    object("Deployment", "registry", {
      spec: { replicas: 1 },
      status: { readyReplicas: 1, updatedReplicas: 1, observedGeneration: 1 },
    }),
    object("Deployment", "stopped", { spec: { replicas: 0 }, status: { observedGeneration: 1 } }),
  ],
};
const seen = (change: Partial<Running>) => notRunning({ ...healthy, ...change }, { now: NOW });

describe("a cluster", () => {
  it("runs", () => {
    expect(seen({})).toEqual([]);
  });

  it("does not run without nodes", () => {
    expect(seen({ nodes: [] })).toEqual(["there is no node"]);
  });

  it("is not believed where a node's kubelet says nothing any more", () => {
    expect(seen({ leases: [lease("2026-11-30T11:59:30Z")] })).toEqual(["node kafka/master is silent"]);
    expect(seen({ leases: [] })).toEqual(["node kafka/master is silent"]);
  });

  it("tells why a pod is not ready", () => {
    const waiting = {
      conditions: [],
      containerStatuses: [{ name: "kafka", state: { waiting: { reason: "ErrImagePull", message: "not found" } } }],
    };
    expect(seen({ pods: [object("Pod", "broker", { status: waiting })] })).toEqual([
      "pod kafka/broker: kafka ErrImagePull not found",
    ]);
    const unplaced = { conditions: [{ type: "PodScheduled", status: "False", message: "no room" }] };
    expect(seen({ pods: [object("Pod", "broker", { status: unplaced })] })).toEqual(["pod kafka/broker: no room"]);
  });

  it("waits for a rollout that nobody has seen yet", () => {
    const [registry] = healthy.workloads as [LiveObject];
    const changed = { ...registry, metadata: { ...registry.metadata, generation: 2 } };
    expect(seen({ workloads: [changed] })).toEqual(["Deployment kafka/registry was changed just now"]);
    const old = { ...registry, status: { ...registry.status, updatedReplicas: 0 } };
    expect(seen({ workloads: [old] })).toEqual(["Deployment kafka/registry has 1 of 1 pods"]);
    const lacking = { ...registry, status: { observedGeneration: 1, updatedReplicas: 1 } };
    expect(seen({ workloads: [lacking] })).toEqual(["Deployment kafka/registry has 0 of 1 pods"]);
  });

  it("waits for a Job, but for none that a clock started", () => {
    expect(seen({ jobs: [object("Job", "setup")] })).toEqual(["Job kafka/setup is not done"]);
    expect(seen({ jobs: [object("Job", "one", ofJob("CronJob"))] })).toEqual([]);
    const failed = { status: { conditions: [{ type: "Failed", status: "True" }] } };
    expect(seen({ jobs: [object("Job", "one", { ...ofJob("CronJob"), ...failed })] })).toEqual([
      "Job kafka/one failed",
    ]);
    const one = { jobs: [object("Job", "one", { ...ofJob("CronJob"), ...failed })] };
    expect(notRunning({ ...healthy, ...one }, { now: NOW, schedules: false })).toEqual([]);
  });
});

it("knows pods of which nobody has heard since their node ended", () => {
  const pod = (name: string, nodeName: string, startedAt?: string) =>
    object("Pod", name, {
      spec: { nodeName },
      status: {
        containerStatuses: [{ name: "a", restartCount: 0, state: startedAt ? { running: { startedAt } } : {} }],
      },
    });
  const pods = [
    pod("before", "master", "2026-11-30T11:59:59Z"),
    pod("since", "master", "2026-11-30T12:00:00Z"),
    pod("waits", "master"),
    pod("elsewhere", "kube-0", "2026-11-30T11:00:00Z"),
  ];
  expect(ranBefore(pods, ["master"], Date.parse("2026-11-30T12:00:00.700Z"))).toEqual(["kafka/before"]);
});
