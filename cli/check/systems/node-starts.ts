/** When nodes came back, and which containers started again because of that: one line says it of all of them. */
import { inside } from "../../../synthesized/stack";
import { ApiError, type LiveObject } from "../../shared/kubernetes/client";
import type { SiteClients } from "../../shared/clients/clients";
import { conditionOf } from "../../shared/kubernetes/conditions";
import type { ContainerStatus } from "../../shared/kubernetes/containers";

/** What kubelets tell of themselves when they start; the API server keeps it for an hour. */
const STARTS = `/api/v1/namespaces/default/events?fieldSelector=${encodeURIComponent("involvedObject.kind=Node,reason=Starting")}`;
/**
 * Milliseconds after its node within which a container starts with it: all was ready 144 s after a reboot, on two busy
 * cores. Programs that ended meanwhile, as others were not there yet, are among them.
 */
const WITHIN = 180_000;
/** Milliseconds by which a node may call itself ready later than its first container started. */
const BEFORE = 60_000;

/** Milliseconds since 1970 at which nodes came back, by their names. */
export type NodeStarts = ReadonlyMap<string, readonly number[]>;

/**
 * When nodes came back within the hour: when their kubelets started, and since when they are ready. An account that may
 * not ask for nodes knows of none.
 */
export async function nodeStarts(cluster: SiteClients["cluster"]): Promise<NodeStarts> {
  const list = (path: string) => cluster.list(path).catch(nothingWhereRefused);
  const [events, nodes] = await Promise.all([list(STARTS), list("/api/v1/nodes")]);
  const starts = new Map<string, number[]>();
  const add = (node: unknown, time: unknown): void => {
    const at = Date.parse(String(time));
    if (!Number.isNaN(at)) starts.set(String(node), [...(starts.get(String(node)) ?? []), at]);
  };
  for (const event of events)
    // kube-proxy has an event of the same name.
    if ([inside(event, "source", "component"), event["reportingComponent"]].includes("kubelet"))
      add(inside(event, "involvedObject", "name"), event["lastTimestamp"] ?? event["eventTime"]);
  for (const node of nodes) {
    const ready = conditionOf(node, "Ready");
    if (ready?.status === "True") add(node.metadata.name, ready.lastTransitionTime);
  }
  return starts;
}

function nothingWhereRefused(error: unknown): LiveObject[] {
  if (error instanceof ApiError) return [];
  throw error;
}

/** A node that came back, and when, in milliseconds since 1970. */
export interface NodeStart {
  readonly node: string;
  readonly at: number;
}

/**
 * The node with which a container started again: its own, else another, without which it may have ended. Undefined where
 * it started again for another reason.
 */
export function startedWithNode(
  pod: LiveObject,
  { state, lastState }: Pick<ContainerStatus, "state" | "lastState">,
  starts: NodeStarts,
): NodeStart | undefined {
  // Whoever had too little memory has it after the next start as well.
  if (lastState?.terminated?.reason === "OOMKilled") return undefined;
  const started = Date.parse(state?.running?.startedAt ?? state?.terminated?.startedAt ?? "");
  const own = inside(pod, "spec", "nodeName");
  return [...starts]
    .sort(([a], [b]) => Number(b === own) - Number(a === own))
    .flatMap(([node, times]) => times.map((at) => ({ node, at })))
    .find(({ at }) => started > at - BEFORE && started < at + WITHIN);
}
