/** Rules of the cluster's networks: of its pods, its Services, its nodes, and of Docker beside them. */
import { addressNumber, holds, network, type Network, overlap } from "../../../ground/networks";
import { type Path, repeated, type SiteRule, type Violation, when } from "../../values/rule";
import { agentNodeAddress, isElsewhere, type K3s, nodeCidrMask, serverNodeAddress } from "./nodes";
import type { ClusterSite } from "./schema";

/** Network of Docker's default bridge on every host (Docker's own default), which agents beside the server use. */
export const DOCKER_BRIDGE = "172.17.0.0/16";

/** Largest and smallest network of Services that Kubernetes takes; the smallest holds a few dozen of them. */
const SERVICE_PREFIXES = { from: 12, to: 24 };

/** By how much a node's prefix may be longer than that of all pods (Kubernetes' node IPAM controller). */
const LARGEST_DIFFERENCE = 16;

/** A network that a host sends to the cluster or to Docker, whatever else has its addresses. */
interface Taken {
  readonly cidr: string;
  readonly what: string;
  readonly range: Network;
}

/** Networks that every host of a site's nodes takes for its own. */
export function takenNetworks({ clusterCidr, serviceCidr }: K3s): Taken[] {
  return [
    { cidr: clusterCidr, what: "cluster.clusterCidr" },
    { cidr: serviceCidr, what: "cluster.serviceCidr" },
    { cidr: DOCKER_BRIDGE, what: "Docker's own network" },
  ].flatMap((one) => {
    const range = network(one.cidr);
    return range ? [{ ...one, range }] : [];
  });
}

/** The network in which an address lies, of those that a site's hosts take for their own. */
export function takenBy(cluster: K3s, address: string): Taken | undefined {
  const number = addressNumber(address);
  return number === undefined ? undefined : takenNetworks(cluster).find(({ range }) => holds(range, number));
}

/** Pods, Services and Docker need networks of their own. */
const networksAreApart: SiteRule<ClusterSite> = ({ cluster }) => {
  if (cluster.kind !== "k3s") return [];
  const [pods, services, docker] = takenNetworks(cluster);
  if (!pods || !services || !docker) return [];
  const apart = (key: string, one: Network, other: Taken) =>
    when(
      overlap(one, other.range),
      ["cluster", key],
      `a network that has no address of ${other.cidr}, ${other.what}`,
      "take another one",
    );
  return [
    ...apart("clusterCidr", pods.range, docker),
    ...apart("serviceCidr", services.range, docker),
    ...apart("serviceCidr", services.range, pods),
  ];
};

/** Every node gets a network of its own out of the pods', and Services need some addresses. */
const nodesFitNetwork: SiteRule<ClusterSite> = ({ cluster }) => {
  if (cluster.kind !== "k3s") return [];
  const [pods, services] = [network(cluster.clusterCidr), network(cluster.serviceCidr)];
  if (!pods || !services) return [];
  const mask = nodeCidrMask(cluster.maxPods);
  const room = pods.prefix > mask ? 0 : 2 ** (mask - pods.prefix);
  const nodes = 1 + cluster.agents.length;
  return [
    ...when(
      mask - pods.prefix > LARGEST_DIFFERENCE,
      ["cluster", "clusterCidr"],
      `a prefix from /${mask - LARGEST_DIFFERENCE}, at most ${LARGEST_DIFFERENCE} shorter than the /${mask} of a node`,
      "take a smaller network",
    ),
    ...(nodes > room
      ? [
          {
            path: ["cluster", "clusterCidr"],
            found: `${cluster.clusterCidr} has room for ${room} nodes of ${cluster.maxPods} pods, which need a /${mask} each; there are ${nodes}`,
            allowed: `a network of at most /${mask - Math.ceil(Math.log2(nodes))}`,
            remedy: "take a larger one, fewer agents or a lower maxPods",
          },
        ]
      : []),
    ...when(
      services.prefix < SERVICE_PREFIXES.from || services.prefix > SERVICE_PREFIXES.to,
      ["cluster", "serviceCidr"],
      `a prefix from /${SERVICE_PREFIXES.from} to /${SERVICE_PREFIXES.to}`,
      "take a network of another size",
    ),
  ];
};

/** A host name or address at the begin of a text, with what may stand before and behind it. */
const ADDRESS_IN_TEXT = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^@/\s]*@)?(\d+\.\d+\.\d+\.\d+)(?::\d+)?(?:\/\S*)?$/i;

/** Every address in a value, with its place: alone, in a URL, before a port, in a list with commas. */
function addressesIn(value: unknown, path: Path): { path: Path; address: string }[] {
  if (typeof value === "string")
    return value.split(",").flatMap((part) => {
      const [, address] = ADDRESS_IN_TEXT.exec(part.trim()) ?? [];
      return address === undefined ? [] : [{ path, address }];
    });
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    addressesIn(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/** Keys that name a network itself, or that people read. */
const NO_ADDRESS = ["clusterCidr", "serviceCidr", "title", "description"];

/**
 * A host sends what goes to one of these networks to its pods, its Services or its containers, so nothing outside can
 * have an address there: no node, no operator's way in, nothing that a pod connects to.
 */
const addressesAreOutside: SiteRule<ClusterSite> = (site) => {
  const { cluster } = site;
  if (cluster.kind !== "k3s") return [];
  return addressesIn(site, []).flatMap(({ path, address }): Violation[] => {
    const taken = NO_ADDRESS.includes(String(path.at(-1))) ? undefined : takenBy(cluster, address);
    return when(
      taken !== undefined,
      path,
      `an address outside ${taken?.cidr}, ${taken?.what}, which every host of the cluster takes for its own`,
      taken?.cidr === DOCKER_BRIDGE
        ? "name an address of the machine's network"
        : "name another one, or take another network for the cluster",
    );
  });
};

/** Docker gives an agent beside the server its address and its card; nodes elsewhere have one each. */
const nodesHaveOwnAddress: SiteRule<ClusterSite> = ({ cluster }) => {
  if (cluster.kind !== "k3s") return [];
  const beside = cluster.agents.flatMap((agent, i) =>
    isElsewhere(cluster, agent)
      ? []
      : (["address", "networkCard"] as const).flatMap((key) =>
          when(
            agent[key] !== undefined,
            ["cluster", "agents", i, key],
            "nothing for an agent beside the server, which Docker's bridge gives one",
            "remove it, or name the agent's own dockerHost",
          ),
        ),
  );
  const nodes = [
    { name: cluster.serverName, address: serverNodeAddress(cluster) },
    ...cluster.agents.map((agent) => ({ name: agent.name, address: agentNodeAddress(cluster, agent) })),
  ].filter(({ address }) => address !== undefined);
  const twice = [...repeated(nodes.map(({ address }) => address))].map(([address, places]) => ({
    path: ["cluster", "agents"],
    found: `${places.map((at) => nodes[at]?.name).join(" and ")} have the address ${address}`,
    allowed: "one node each",
    remedy: "write each node's own as its address",
  }));
  return [...beside, ...twice];
};

/** Rules of networks. */
export const networkRules = [networksAreApart, nodesFitNetwork, addressesAreOutside, nodesHaveOwnAddress];
