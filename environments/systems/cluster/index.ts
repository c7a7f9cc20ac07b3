/** The cluster of a site: k3s in Docker, GKE, or one that is there already. */
import type { GeneralSite } from "../../general/site";
import type { Warning } from "../../values/rule";
import { fixedPods, type System } from "../../values/system";
import { agentsElsewhere, K3S_OWN, provisionerOf } from "./nodes";
import { rules } from "./rules";
import { type ClusterSite, schema } from "./schema";

/** Lines on hosts of which the site's file does not say what they have. */
function unjudged(site: ClusterSite): string[] {
  const keys =
    provisionerOf(site) === "local-path" ? (["cpu", "memory", "disk"] as const) : (["cpu", "memory"] as const);
  const unknown = keys.filter((key) => site.cluster.capacity?.[key] === undefined);
  if (unknown.length > 0)
    return [`cluster.capacity: ${unknown.join(", ")} left out, so nothing checks whether the site fits its host`];
  const elsewhere = agentsElsewhere(site).map(({ name }) => name);
  return elsewhere.length > 0
    ? [
        `cluster.agents: ${elsewhere.join(", ")} on other hosts, of which no key states what they have, so nothing checks whether the site fits its hosts`,
      ]
    : [];
}

/** Old control groups are accepted, with what that takes on. */
function warnings({ cluster }: ClusterSite): Warning[] {
  return cluster.kind === "k3s" && cluster.allowCgroupV1
    ? [
        {
          path: ["cluster", "allowCgroupV1"],
          what: "kubelets start on control groups of version 1, which Kubernetes does not support and may remove from 1.38 on: pods get no swap and no protected memory there, and out of memory a container may lose one process and go on",
          remedy: "boot the hosts with systemd.unified_cgroup_hierarchy=1, then leave the key out",
        },
      ]
    : [];
}

/** The cluster. */
export const cluster = {
  schema,
  rules,
  pods: ({ cluster }) => (cluster.kind === "k3s" ? K3S_OWN.map((share) => fixedPods(share)) : []),
  uniqueNames: ({ cluster }) =>
    cluster.kind === "k3s"
      ? [{ path: ["cluster", "agents"], names: [cluster.serverName, ...cluster.agents.map(({ name }) => name)] }]
      : [],
  unjudged,
  warnings,
} satisfies System<ClusterSite & Pick<GeneralSite, "domain">>;
