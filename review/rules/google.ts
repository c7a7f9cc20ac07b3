/** GKE: its cluster, its network, its nodes. */
import { isOwnNoise } from "../model/noise";
import { differenceAt, goes } from "../read/things";
import { at, textAt } from "../model/tree";
import { type Answer, isDone, type Rule, ruleOn } from "./rule";

/** The network or the cluster at Google goes. */
export const gkeGoes = ruleOn(
  ["google_container_cluster", "google_compute_network", "google_compute_subnetwork"],
  {
    id: "gke-goes",
    explanation: "The GKE cluster or its network is deleted or replaced, and with it all that runs.",
    risk: "loses data",
  },
  (thing) =>
    goes(thing)
      ? {
          risk: "loses data",
          what: `${thing.label} ${isDone(thing)}`,
          why: "the cluster's objects are gone, Secrets included; its disks stay with Google, and no claim leads to them",
          remedy: "leave name, zone and ranges as they are; a new cluster stands beside the old one",
        }
      : undefined,
);

/** The cluster at Google changes in place. */
export const gkeChanged = ruleOn(
  ["google_container_cluster"],
  {
    id: "gke-changed",
    explanation: "The GKE cluster follows another release channel, or Google maintains it at another time.",
    risk: "restarts",
  },
  (thing) => {
    if (thing.action !== "update") return undefined;
    const sides = (...keys: string[]) => [thing.before, thing.after].map((side) => textAt(side, ...keys));
    const [from, to] = sides("release_channel", "channel");
    const [was, is] = sides("maintenance_policy", "daily_maintenance_window", "start_time");
    const answers: Answer[] = [];
    if (from !== to)
      answers.push({
        risk: "restarts",
        what: `${thing.label} goes from the channel ${from} to ${to}`,
        why: "nothing happens at once; in a window for maintenance Google upgrades to what the new channel has, and drains node after node",
        remedy: "compare the releases of both channels; no control plane goes back to a lower minor release",
      });
    if (was !== is)
      answers.push({
        risk: "harmless",
        what: `Google maintains ${thing.label} from ${is} GMT, no longer from ${was}`,
        why: "nothing happens now; upgrades drain nodes in that window from then on",
        remedy: "see that nobody observes then",
      });
    return answers;
  },
);

/** What a pool's pods log in with at Google while they have no account of their own. */
const POD_IDENTITY = /^node_config\.workload_metadata_config/;

/** Nodes at Google. */
export const nodePool = ruleOn(
  ["google_container_node_pool"],
  {
    id: "node-pool",
    explanation: "A node pool at Google is replaced, deleted or changed: its nodes are made anew, or fewer, or more.",
    risk: "interrupts",
  },
  (thing) => {
    if (goes(thing))
      return {
        risk: "interrupts",
        what: `${thing.label} ${isDone(thing)}`,
        why: "all its pods stop; disks follow to the new nodes",
        remedy: "make the new pool beside the old one, drain, then remove",
      };
    if (thing.action !== "update") return undefined;
    const differences = thing.differences.filter((one) => !isOwnNoise(thing.type, one, "update"));
    const [from, to] = [thing.before, thing.after].map((side) => Number(at(side, "node_count")));
    const answers: Answer[] = [];
    if (differenceAt({ differences }, /^node_count$/))
      answers.push(
        Number(to) < Number(from)
          ? {
              risk: "interrupts",
              what: `${thing.label} goes from ${from} to ${to} nodes`,
              why: "pods of the nodes that go stop, and wait where the others have no room for them",
              remedy: "see first that the rest has room (`kubectl top nodes`); do it outside observing hours",
            }
          : {
              risk: "harmless",
              what: `${thing.label} goes from ${from} to ${to} nodes`,
              why: "what runs stays where it is; new pods may come to the new nodes",
              remedy: "nothing",
            },
      );
    if (differenceAt({ differences }, /^(node_config|version)/))
      answers.push({
        risk: "restarts",
        what: `${thing.label} ${isDone(thing)}`,
        why: "Google drains node after node, within the disruption budgets",
        remedy: "do it outside observing hours",
      });
    if (differenceAt({ differences }, POD_IDENTITY))
      answers.push({
        risk: "changes access",
        what: `pods of ${thing.label} reach Google by another account (${textAt(thing.after, "node_config", "workload_metadata_config", "mode") ?? "none is said"})`,
        why: "by any mode but GKE_METADATA every pod may do what its node may do",
        remedy: "leave GKE_METADATA, and give a pod that needs rights an account of its own",
      });
    return answers;
  },
);

/** All of them. */
export const GOOGLE_RULES: readonly Rule[] = [gkeGoes, nodePool, gkeChanged];
