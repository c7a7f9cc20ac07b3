/** Checks of the API server and of the nodes. */
import { ApiError, NoAnswer } from "../../shared/kubernetes/client";
import type { Environment } from "../../../environments/schema";
import { messageOf } from "../../../ground/errors";
import { inside } from "../../../synthesized/stack";
import type { LiveObject } from "../../shared/kubernetes/client";
import { conditionOf, reasonOf } from "../../shared/kubernetes/conditions";
import { secondsAgo } from "./objects";
import { duration } from "../../shared/terminal/duration";
import type { Check, CheckProps, Verdict } from "../model/verdict";

/** Milliseconds in which it must answer: one that accepts and never does holds up everything else. */
const PATIENCE = 5000;

/** Whether the API server answers and says that it is ready; nothing where nobody knows where it is. */
async function apiServer({ clients }: CheckProps): Promise<Verdict[]> {
  const common = { what: "API server", healthy: "it answers, and says that it is ready" };
  try {
    await inTime(clients.cluster.get("/readyz"));
    return [{ ...common, level: "ok", measured: "ready" }];
  } catch (error) {
    if (error instanceof ApiError && error.status < 500)
      return [
        {
          ...common,
          level: "unknown",
          measured: `it answers, and does not let this account ask: ${messageOf(error)}`,
          remedy: "see that the kubeconfig is of this cluster, and its certificate has not ended",
        },
      ];
    // Without a kubeconfig nothing was asked, and that is said once for all subjects.
    if (!(error instanceof ApiError || error instanceof NoAnswer)) return [];
    return [
      {
        ...common,
        level: "fail",
        measured: messageOf(error),
        remedy: "see that the container of the server runs on its machine (docker ps), and read its log (docker logs)",
        page: "docs/runbooks/lost-host.md",
      },
    ];
  }
}

async function inTime(answer: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const error = new NoAnswer(`the cluster does not answer within ${PATIENCE / 1000} s`);
    timer = setTimeout(() => reject(error), PATIENCE);
  });
  await Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/** What a kubelet reports when a node runs out of something. */
const PRESSURES = ["MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable"];
const HEALTHY = "Ready, lacks nothing, takes pods";

/** Names of the nodes that the site's file has; none where its cluster names them itself. */
function nodesOf({ cluster }: Environment): string[] {
  return cluster.kind === "k3s" ? [cluster.serverName, ...cluster.agents.map(({ name }) => name)] : [];
}

async function nodes({ site, clients, now }: CheckProps): Promise<Verdict[]> {
  const found = await clients.cluster.list("/api/v1/nodes");
  const missing = nodesOf(site).filter((name) => !found.some(({ metadata }) => metadata.name === name));
  return [
    ...found.map((node) => judge(node, now())),
    ...missing.map((name): Verdict => ({
      level: "fail",
      what: `node ${name}`,
      measured: "the cluster does not know it",
      healthy: HEALTHY,
      remedy: `start its container on its machine; where it was never made: npm run deploy -- ${site.name} cluster`,
      page: "docs/runbooks/lost-host.md",
    })),
  ];
}

function judge(node: LiveObject, now: number): Verdict {
  const { name } = node.metadata;
  const common = { what: `node ${name}`, healthy: HEALTHY };
  const version = String(inside(node, "status", "nodeInfo", "kubeletVersion"));
  const ready = conditionOf(node, "Ready");
  if (ready?.status !== "True") {
    const since = secondsAgo(ready?.lastTransitionTime, now);
    return {
      ...common,
      level: "fail",
      measured: `not Ready${since === undefined ? "" : ` for ${duration(since)}`}: ${ready ? reasonOf(ready) : "its kubelet says nothing"}`,
      remedy: `see that its machine and its container run (docker ps, docker logs ${name})`,
      page: "docs/runbooks/lost-host.md",
    };
  }
  const pressed = PRESSURES.flatMap((type) => {
    const condition = conditionOf(node, type);
    return condition?.status === "True" ? [`${type}: ${reasonOf(condition)}`] : [];
  });
  if (pressed.length > 0)
    return {
      ...common,
      level: "fail",
      measured: pressed.join("; "),
      remedy: "make room there: pods are being evicted, or soon will be",
      page: "docs/operations.md",
    };
  if (inside(node, "spec", "unschedulable") === true)
    return {
      ...common,
      level: "warn",
      measured: "Ready, and closed to new pods",
      remedy: `open it when the work on it is done: kubectl uncordon ${name}`,
    };
  return { ...common, level: "ok", measured: `Ready, ${version}` };
}

/** Checks of the API server and of the nodes. */
export const nodeChecks: readonly Check[] = [
  { subject: "cluster", title: "API server", seconds: 10, outside: true, run: apiServer },
  { subject: "cluster", title: "nodes", seconds: 15, run: nodes },
];
