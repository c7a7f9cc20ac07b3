/** GKE: its cluster, its network, its nodes. */
import { isOwnNoise } from "../../model/noise";
import { differenceAt, goes, sides } from "../../read/resources";
import { textAt, numberAt } from "../reading";
import { onEach, onRemoval, onUpdate, type Rule, type ResourceFinding } from "../rule";

/** The account that pods of a pool use at Google while they have none of their own. */
const POD_IDENTITY = /^node_config\.workload_metadata_config/;

/** All of them. */
export const GKE_RULES: readonly Rule[] = [
  {
    id: "gke-goes",
    explanation: "The GKE cluster or its network is deleted or replaced, and with it all that runs.",
    risk: "loses data",
    find: onRemoval(["google_container_cluster", "google_compute_network", "google_compute_subnetwork"], () => ({
      why: "the cluster's objects are gone, Secrets included; its disks stay with Google, and no PVC leads to them",
      remedy: "keep name, zone and ranges; a new cluster stands beside the old one",
    })),
  },
  {
    id: "node-pool",
    explanation:
      "A node pool at Google is replaced, deleted or changed: its nodes are created again, or fewer, or more.",
    risk: "interrupts",
    find: onEach(["google_container_node_pool"], (resource) => {
      if (goes(resource))
        return {
          why: "all its pods stop; disks follow to the new nodes",
          remedy: "make the new pool beside the old one, drain, then remove",
        };
      if (resource.action !== "update") return undefined;
      const differences = resource.differences.filter((one) => !isOwnNoise(resource.type, one, "update"));
      const [from, to] = sides(resource, (side) => numberAt(0, side, "node_count"));
      const findings: ResourceFinding[] = [];
      if (differenceAt({ differences }, /^node_count$/))
        findings.push(
          to < from
            ? {
                what: `${resource.label} goes from ${from} to ${to} nodes`,
                why: "pods of the nodes that go stop, and wait where the others have no room for them",
                remedy: "check first that the rest has room (`kubectl top nodes`); do it outside observing hours",
              }
            : {
                risk: "harmless",
                what: `${resource.label} goes from ${from} to ${to} nodes`,
                why: "what runs stays where it is; new pods may come to the new nodes",
                remedy: "nothing",
              },
        );
      if (differenceAt({ differences }, /^(node_config|version)/))
        findings.push({
          risk: "restarts",
          why: "Google drains node after node, within the disruption budgets",
          remedy: "do it outside observing hours",
        });
      if (differenceAt({ differences }, POD_IDENTITY))
        findings.push({
          risk: "changes access",
          what: `pods of ${resource.label} reach Google by another account (${textAt(resource.after, "node_config", "workload_metadata_config", "mode") ?? "none is set"})`,
          why: "by any mode but GKE_METADATA every pod may do what its node may do",
          remedy: "keep GKE_METADATA, and give a pod that needs rights an account of its own",
        });
      return findings;
    }),
  },
  {
    id: "gke-changed",
    explanation: "The GKE cluster follows another release channel, or Google maintains it at another time.",
    risk: "restarts",
    find: onUpdate(["google_container_cluster"], (resource) => {
      const texts = (...keys: string[]) => sides(resource, (side) => textAt(side, ...keys));
      const [from, to] = texts("release_channel", "channel");
      const [was, is] = texts("maintenance_policy", "daily_maintenance_window", "start_time");
      const findings: ResourceFinding[] = [];
      if (from !== to)
        findings.push({
          what: `${resource.label} goes from the channel ${from} to ${to}`,
          why: "nothing happens at once; in a window for maintenance Google upgrades to what the new channel has, and drains node after node",
          remedy: "compare the releases of both channels; no control plane goes back to a lower minor release",
        });
      if (was !== is)
        findings.push({
          risk: "harmless",
          what: `Google maintains ${resource.label} from ${is} GMT, no longer from ${was}`,
          why: "nothing happens now; upgrades drain nodes in that window from then on",
          remedy: "check that nobody observes then",
        });
      return findings;
    }),
  },
];
