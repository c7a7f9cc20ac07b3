/** Rules of capacity: pods and volumes must fit hosts, nodes and disks. */
import { bytes, cores } from "../../ground/units";
import type { Environment } from "../schema";
import { agentsElsewhere, nodesOf, provisionerOf } from "../systems/cluster/nodes";
import { gibibytes, total } from "../values/amounts";
import { type SiteRule, when } from "../values/rule";
import { all } from "./systems";

const pods = (site: Environment) => all(site, (system) => system.pods);

/** What each pod that runs all the time requests, in cores and bytes: EFD, platform, and what the cluster brings. */
export function podsOf(site: Environment): { cpu: number; memory: number }[] {
  return pods(site).flatMap(({ requests: { cpu, memory }, pods, containers = 1 }) =>
    // A mistyped number must not fill the memory. So many pods break a rule anyway.
    Array.from({ length: Math.min(pods, 1000) }, () => ({
      cpu: containers * cores(cpu),
      memory: containers * bytes(memory),
    })),
  );
}

/** What all pods request must fit the hosts, where a site says what those have. */
const requestsFitHost: SiteRule<Environment> = (site) => {
  if (agentsElsewhere(site).length > 0) return [];
  const { capacity } = site.cluster;
  const requests = podsOf(site);
  const cpu = total(requests.map((pod) => pod.cpu));
  const memory = total(requests.map((pod) => pod.memory));
  const what = "which all pods request, the platform's too";
  const remedy = "lower requests or take a larger host";
  return [
    ...when(
      capacity?.cpu !== undefined && cpu > cores(capacity.cpu),
      ["cluster", "capacity", "cpu"],
      `at least ${Math.ceil(cpu * 10) / 10}, ${what}`,
      remedy,
    ),
    ...when(
      capacity?.memory !== undefined && memory > bytes(capacity.memory),
      ["cluster", "capacity", "memory"],
      `at least ${gibibytes(memory)}, ${what}`,
      remedy,
    ),
  ];
};

/** A pod runs on one node and must fit it. Nodes of k3s share a host, for which another rule counts all pods. */
const podsFitOneNode: SiteRule<Environment> = (site) => {
  const { cluster } = site;
  if (cluster.kind !== "gke") return [];
  const { capacity, nodes } = cluster;
  const what = `what one of ${nodes} nodes has`;
  const remedy = "lower it or take larger machines";
  return pods(site).flatMap(({ path, requests, containers = 1 }) =>
    path === undefined
      ? []
      : [
          ...when(
            capacity?.cpu !== undefined && containers * cores(requests.cpu) > cores(capacity.cpu) / nodes,
            [...path, "requests", "cpu"],
            `at most ${Math.floor((cores(capacity?.cpu ?? "") / nodes / containers) * 1000)}m, ${what}`,
            remedy,
          ),
          ...when(
            capacity?.memory !== undefined && containers * bytes(requests.memory) > bytes(capacity.memory) / nodes,
            [...path, "requests", "memory"],
            `at most ${Math.floor(bytes(capacity?.memory ?? "") / nodes / containers / 2 ** 20)}Mi, ${what}`,
            remedy,
          ),
        ],
  );
};

/** Every node of k3s takes `maxPods` pods. */
const podsFitNodes: SiteRule<Environment> = (site) => {
  const { cluster } = site;
  if (cluster.kind !== "k3s") return [];
  const count = podsOf(site).length;
  const nodes = nodesOf(site) ?? 1;
  return when(
    count > nodes * cluster.maxPods,
    ["cluster", "maxPods"],
    `at least ${Math.ceil(count / nodes)} for ${count} pods on ${nodes} nodes`,
    "raise it before the cluster is made",
  );
};

/** Folders do not keep to the size of their volume, so their file system must hold all of them. Elsewhere volumes are disks. */
const volumesFitHost: SiteRule<Environment> = (site) => {
  const { disk } = site.cluster.capacity ?? {};
  const sum = total(all(site, (system) => system.volumes).map(({ size, volumes }) => volumes * bytes(size)));
  return when(
    provisionerOf(site) === "local-path" &&
      agentsElsewhere(site).length === 0 &&
      disk !== undefined &&
      sum > bytes(disk),
    ["cluster", "capacity", "disk"],
    `at least ${gibibytes(sum)}, the sum of all volumes`,
    "take a larger disk or smaller volumes",
  );
};

/** Kubernetes refuses a limit below the request. */
const limitsAreNotBelowRequests: SiteRule<Environment> = (site) =>
  pods(site).flatMap(({ path, requests, limits }) =>
    path === undefined || limits === undefined
      ? []
      : [
          ...when(
            cores(limits.cpu) < cores(requests.cpu),
            [...path, "limits", "cpu"],
            `at least the request ${requests.cpu}`,
            "raise the limit",
          ),
          ...when(
            bytes(limits.memory) < bytes(requests.memory),
            [...path, "limits", "memory"],
            `at least the request ${requests.memory}`,
            "raise the limit",
          ),
        ],
  );

/** Rules of capacity. */
export const capacityRules = [limitsAreNotBelowRequests, requestsFitHost, podsFitOneNode, podsFitNodes, volumesFitHost];
