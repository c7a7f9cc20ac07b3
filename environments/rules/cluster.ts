/** Rules of the cluster: its nodes, where they run and how they reach one another. */
import { addressesOf } from "../units";
import { repeated, type Rule, when } from "./violation";

/** The node's network must hold twice its pods, for addresses are given back late. */
export function nodeCidrMask(maxPods: number): number {
  let mask = 24;
  while (addressesOf(mask) < 2 * maxPods) mask--;
  return mask;
}

/** A Docker host on the host network has the kubelet's port 10250 once: one k3s there. */
export const dockerHostsRunOneNodeEach: Rule = ({ cluster }) => {
  if (cluster.kind !== "k3s") return [];
  const elsewhere = cluster.agents
    .map((agent, i) => ({ host: agent.dockerHost, i }))
    .filter(({ host }) => host && host !== cluster.dockerHost);
  return [...repeated(elsewhere.map(({ host }) => host))].map(([host, indexes]) => ({
    path: ["cluster", "agents"],
    message: `${host} runs ${indexes.map((at) => cluster.agents[elsewhere[at]?.i ?? 0]?.name).join(" and ")}, allowed one agent per other host (both would listen on port 10250), move one`,
  }));
};

/** An agent on another host cannot reach a server that is known by a loopback address. */
export const agentsReachServer: Rule = ({ cluster }) => {
  if (cluster.kind !== "k3s" || !/^(127\.|localhost$)/.test(cluster.address ?? "")) return [];
  const far = cluster.agents.filter(({ dockerHost }) => dockerHost && dockerHost !== cluster.dockerHost);
  return when(
    far.length > 0,
    ["cluster", "address"],
    `allowed an address that ${far.map(({ name }) => name).join(", ")} can reach from another host, write the server's own address`,
  );
};
