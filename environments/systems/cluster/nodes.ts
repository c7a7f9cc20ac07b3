/** What follows from a site's cluster: its nodes, their networks and their hosts. */
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

/** An agent on another host than the server's. */
interface FarAgent {
  readonly name: string;
  readonly dockerHost: string;
}

/** Agents of k3s on other hosts than the server's. */
export function agentsElsewhere({ cluster }: ClusterSite): FarAgent[] {
  if (cluster.kind !== "k3s") return [];
  return cluster.agents.flatMap(({ name, dockerHost }) =>
    dockerHost === undefined || dockerHost === cluster.dockerHost ? [] : [{ name, dockerHost }],
  );
}

/** Machines that run a site's nodes. A local socket is left out: it names a different machine for each user. */
export function dockerMachinesOf({ cluster }: ClusterSite): string[] {
  if (cluster.kind !== "k3s") return [];
  return [cluster, ...cluster.agents]
    .flatMap(({ dockerHost }) => dockerHost ?? [])
    .filter((host) => !host.startsWith("unix:"))
    .map(machineOf);
}

/** What k3s brings itself: coredns and metrics-server, as its own manifests say (v1.36). */
export const K3S_OWN: readonly Share[] = [
  { cpu: "100m", memory: "70Mi", limit: "170Mi" },
  { cpu: "100m", memory: "70Mi", limit: "70Mi" },
];
