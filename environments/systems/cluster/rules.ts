/** Rules of the cluster: its nodes, where they run, how they reach one another, and the port of its API. */
import { compareVersions, machineOf, versionNumbers } from "../../../ground/units";
import { KUBERNETES } from "../../../ground/versions";
import type { GeneralSite } from "../../general/site";
import { repeated, type SiteRule, when } from "../../values/rule";
import { networkRules } from "./networks";
import { agentsElsewhere, isLoopback, isOwnMachine } from "./nodes";
import type { ClusterSite } from "./schema";

/** Ports that k3s itself takes on the server's host (docs.k3s.io, requirements). */
const TAKEN_PORTS = [6444, 10010, 10248, 10249, 10250, 10256, 10257, 10258, 10259];
/** Ports below it belong to services of the system, ssh among them, and to the ingress. */
const FIRST_FREE_PORT = 1024;

/** k3s uses the host's network: the API needs a port there that nothing else takes, NodePorts included. */
const apiPortIsFree: SiteRule<ClusterSite> = ({ cluster }) =>
  cluster.kind !== "k3s"
    ? []
    : when(
        cluster.apiPort < FIRST_FREE_PORT ||
          TAKEN_PORTS.includes(cluster.apiPort) ||
          (cluster.apiPort >= 30000 && cluster.apiPort <= 32767),
        ["cluster", "apiPort"],
        `any port from ${FIRST_FREE_PORT} but ${TAKEN_PORTS.join(", ")} and 30000–32767, which the system, the ingress, k3s and NodePorts take`,
        "write 6443",
      );

/** A node on a host's network takes the kubelet's port 10250 there, so another host runs one agent. */
const dockerHostsRunOneNodeEach: SiteRule<ClusterSite> = (site) => {
  const agents = agentsElsewhere(site);
  return [...repeated(agents.map(({ dockerHost }) => machineOf(dockerHost)))].map(([host, indexes]) => ({
    path: ["cluster", "agents"],
    found: `${host} runs ${indexes.map((at) => agents[at]?.name).join(" and ")}`,
    allowed: "one agent per other host (both would listen on port 10250)",
    remedy: "move one",
  }));
};

/**
 * An agent runs beside the server when its Docker host is written as the server's is. Written otherwise it would get
 * the host's network, where the server's ports are.
 */
const serversHostHasOneName: SiteRule<ClusterSite> = ({ cluster }) => {
  if (cluster.kind !== "k3s") return [];
  const { dockerHost: server } = cluster;
  return cluster.agents.flatMap(({ dockerHost }, i) =>
    when(
      server !== undefined &&
        dockerHost !== undefined &&
        dockerHost !== server &&
        machineOf(dockerHost) === machineOf(server),
      ["cluster", "agents", i, "dockerHost"],
      `${server}, the server's, which is the same machine`,
      "write it so or leave it out",
    ),
  );
};

/** A local socket, and ssh to oneself, name another machine for each user: all nodes of a site are there, or none. */
const ownMachineIsServers: SiteRule<ClusterSite> = (site) =>
  site.cluster.kind !== "k3s"
    ? []
    : site.cluster.agents.flatMap(({ dockerHost }, i) =>
        when(
          dockerHost !== undefined && dockerHost !== dockerHostOf(site) && isOwnMachine(dockerHost),
          ["cluster", "agents", i, "dockerHost"],
          "ssh://[user@]host of another machine, or the server's Docker host, written as it is there",
          "name the machine of the agent, or leave it out for one beside the server",
        ),
      );

const dockerHostOf = ({ cluster }: ClusterSite) => (cluster.kind === "k3s" ? cluster.dockerHost : undefined);

/** Names below localhost lead every client to itself. */
const domainLeadsToSite: SiteRule<ClusterSite & Pick<GeneralSite, "domain">> = ({ cluster, domain }) => {
  const isNear =
    cluster.kind === "k3s"
      ? cluster.dockerHost === undefined
        ? isLoopback(cluster.address ?? "")
        : isOwnMachine(cluster.dockerHost)
      : cluster.kind === "existing" && isLoopback(cluster.address ?? "");
  return when(
    !isNear && /(^|\.)localhost(\.localdomain)?$/.test(domain),
    ["domain"],
    "a domain whose names lead to the site, for localhost leads every client to itself and this site is on another machine",
    "write the domain of the site",
  );
};

/** An agent on another host cannot reach a server that is known by a loopback address. */
const agentsReachServer: SiteRule<ClusterSite> = (site) => {
  const { cluster } = site;
  if (cluster.kind !== "k3s" || !isLoopback(cluster.address ?? "")) return [];
  const agents = agentsElsewhere(site);
  return when(
    agents.length > 0,
    ["cluster", "address"],
    `an address that ${agents.map(({ name }) => name).join(", ")} can reach from another host`,
    "write the server's own address",
  );
};

/** How many minors an agent may be behind the server, by Kubernetes' own rule. */
const AGENT_SKEW = 3;

/** Kubernetes takes nodes that are older than its API server, and none that are newer. */
const serverIsNotOlder: SiteRule<ClusterSite> = ({ cluster }) => {
  if (cluster.kind !== "k3s") return [];
  const minor = (version: string) => versionNumbers(version)[1] ?? 0;
  return cluster.agents.flatMap(({ version = cluster.version }, i) =>
    when(
      compareVersions(version, cluster.version) > 0 || minor(cluster.version) - minor(version) > AGENT_SKEW,
      ["cluster", "agents", i, "version"],
      `${cluster.version}, the server's, or at most ${AGENT_SKEW} minors older`,
      "upgrade the server first, then its agents",
    ),
  );
};

/** Charts and operators of the catalogue know some minors of Kubernetes; an agent may be older by its skew. */
const clusterKnowsK3s: SiteRule<ClusterSite> = ({ cluster }) => {
  if (cluster.kind !== "k3s") return [];
  const [major = 0, minor = 0] = versionNumbers(cluster.version);
  return when(
    major !== 1 || minor < KUBERNETES.oldest || minor > KUBERNETES.newest,
    ["cluster", "version"],
    `v1.${KUBERNETES.oldest} to v1.${KUBERNETES.newest}, minors that the charts of this revision are for`,
    "take one of them, or a revision of this program with other charts",
  );
};

/** Rules of the cluster. */
export const rules = [
  ...networkRules,
  ownMachineIsServers,
  domainLeadsToSite,
  clusterKnowsK3s,
  apiPortIsFree,
  dockerHostsRunOneNodeEach,
  serversHostHasOneName,
  agentsReachServer,
  serverIsNotOlder,
];
