/** Rules of the cluster: its nodes, where they run and how they reach one another. */
import { addressesOf, machineOf } from "../../ground/units";
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
  const elsewhere = cluster.agents.filter(({ dockerHost }) => dockerHost && dockerHost !== cluster.dockerHost);
  return [...repeated(elsewhere.map(({ dockerHost = "" }) => machineOf(dockerHost)))].map(([host, indexes]) => ({
    path: ["cluster", "agents"],
    message: `${host} runs ${indexes.map((at) => elsewhere[at]?.name).join(" and ")}, allowed one agent per other host (both would listen on port 10250), move one`,
  }));
};

/**
 * An agent is beside the server when its Docker host is written as the server's is. Written otherwise it would get the
 * host's network, where the server's ports are.
 */
export const serversHostHasOneName: Rule = ({ cluster }) => {
  if (cluster.kind !== "k3s") return [];
  const { dockerHost: server } = cluster;
  return cluster.agents.flatMap(({ dockerHost }, i) =>
    when(
      server !== undefined &&
        dockerHost !== undefined &&
        dockerHost !== server &&
        machineOf(dockerHost) === machineOf(server),
      ["cluster", "agents", i, "dockerHost"],
      `allowed ${server}, the server's, which is the same machine, write it so or leave it out`,
    ),
  );
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
