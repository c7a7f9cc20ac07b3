/** What follows from a site's cluster: its nodes, their networks and their hosts. */
import { addressNumber } from "../../../ground/networks";
import { addressesOf, machineOf } from "../../../ground/units";
import type { Share } from "../../values/system";
import type { ClusterSite } from "./schema";

/** Prefix length of a node's network: it must hold twice the node's pods, for addresses are given back late. */
export function nodeCidrMask(maxPods: number): number {
  let mask = 24;
  while (addressesOf(mask) < 2 * maxPods) mask--;
  return mask;
}

/** Number of nodes; undefined where somebody else runs the cluster. */
export function nodesOf({ cluster }: ClusterSite): number | undefined {
  switch (cluster.kind) {
    case "k3s":
      return 1 + cluster.agents.length;
    case "gke":
      return cluster.nodes;
    case "existing":
      return undefined;
  }
}

/** Who makes volumes on a site's cluster. */
export function provisionerOf({ cluster }: ClusterSite): "local-path" | "gce-pd" | "none" {
  switch (cluster.kind) {
    case "k3s":
      return "local-path";
    case "gke":
      return "gce-pd";
    case "existing":
      return cluster.provisioner;
  }
}

/** What a site's file says of a cluster of k3s. */
export type K3s = Extract<ClusterSite["cluster"], { kind: "k3s" }>;
type Agent = K3s["agents"][number];

/** An agent on another host than the server's. */
type FarAgent = Agent & { readonly dockerHost: string };

/** Whether an agent runs on another host than the server. */
export function isElsewhere({ dockerHost }: K3s, agent: Agent): agent is FarAgent {
  return agent.dockerHost !== undefined && agent.dockerHost !== dockerHost;
}

/** Agents of k3s on other hosts than the server's. */
export function agentsElsewhere({ cluster }: ClusterSite): FarAgent[] {
  if (cluster.kind !== "k3s") return [];
  return cluster.agents.filter((agent): agent is FarAgent => isElsewhere(cluster, agent));
}

/** Whether a Docker host is the machine of whoever deploys: a different one for each user. */
export function isOwnMachine(dockerHost: string): boolean {
  return dockerHost.startsWith("unix:") || isLoopback(machineOf(dockerHost).replace(/^ssh:\/\/|:\d+$/g, ""));
}

/** Machines that run a site's nodes, without the machine of whoever deploys. */
export function dockerMachinesOf({ cluster }: ClusterSite): string[] {
  if (cluster.kind !== "k3s") return [];
  return [cluster, ...cluster.agents]
    .flatMap(({ dockerHost }) => dockerHost ?? [])
    .filter((host) => !isOwnMachine(host))
    .map(machineOf);
}

/** Whether only the machine itself reaches this address. */
export function isLoopback(address: string): boolean {
  return /^127\.|^localhost$/.test(address);
}

/** Whether an address can be that of a network card: no name, no loopback address. */
const isCardsAddress = (address: string | undefined): address is string =>
  address !== undefined && addressNumber(address) !== undefined && !isLoopback(address);

/** Address of the server's own network card; undefined where its file does not say it. */
export function serverNodeAddress({ nodeAddress, address }: K3s): string | undefined {
  return nodeAddress ?? (isCardsAddress(address) ? address : undefined);
}

/** Address of an agent's network card; undefined for one beside the server, to which Docker gives one. */
export function agentNodeAddress(cluster: K3s, agent: Agent): string | undefined {
  if (!isElsewhere(cluster, agent)) return undefined;
  const [, host] = /^ssh:\/\/(?:[^@]*@)?([\d.]+)(?::\d+)?$/.exec(agent.dockerHost) ?? [];
  return agent.address ?? (isCardsAddress(host) ? host : undefined);
}

/** Folder of its host in which a node keeps its volumes. */
export function hostPathOf(cluster: K3s, agent?: Agent): string {
  return agent?.hostPath ?? cluster.hostPath;
}

/** What k3s brings itself: coredns and metrics-server, as its own manifests say (v1.36). */
export const K3S_OWN: readonly Share[] = [
  { cpu: "100m", memory: "70Mi", limit: "170Mi" },
  { cpu: "100m", memory: "70Mi", limit: "70Mi" },
];
