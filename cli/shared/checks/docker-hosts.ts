/** Checks of the machines of a k3s cluster: Docker, ports, kernels, and containers, volumes and data of others. */
import { INPUTS } from "../../../constructs/core/inputs";
import {
  agentNodeAddress,
  hostPathOf,
  isElsewhere,
  serverNodeAddress,
} from "../../../environments/systems/cluster/nodes";
import { DOCKER_HOST } from "../../../ground/units";
import type { DockerClient } from "../docker/docker";
import { messageOf } from "../../../ground/errors";
import { joinTokenOf, recoveryOnDockerHost } from "../recovery/on-docker-host";
import { givenInput } from "../site/inputs";
import type { Stack } from "../site/program";
import { dockerResources } from "../site/stack-facts";
import { terraformMayRun } from "./terraform";
import type { SiteCheck, CheckedSite, CheckContext } from "./site-check";

const clusterStack = ({ stacks }: CheckedSite): Stack | undefined => stacks.find(({ layer }) => layer === "cluster");

/** Docker hosts with a valid address; an input that is missing or wrong is reported elsewhere. */
export function dockerHostsOf(subject: CheckedSite, { env }: CheckContext): string[] {
  const stack = clusterStack(subject);
  const hosts = stack ? dockerResources(stack, env).map(({ host }) => host) : [];
  return [...new Set(hosts)].filter((host) => DOCKER_HOST.pattern.test(host));
}

/** What is wrong with the Docker hosts that answer, each looked at by itself. */
export async function onEachHost(
  subject: CheckedSite,
  around: CheckContext,
  look: (address: string, host: DockerClient) => Promise<readonly string[]>,
): Promise<string[]> {
  const lines = dockerHostsOf(subject, around).map(async (address) => {
    const host = around.docker(address);
    const answers = await host.version().then(
      () => true,
      () => false,
    );
    return answers ? look(address, host) : [];
  });
  return (await Promise.all(lines)).flat();
}

/** Every Docker host of the cluster layer answers. */
export const dockerHostsAnswer: SiteCheck = async (subject, around) => {
  const lines = dockerHostsOf(subject, around).map(async (address) => {
    try {
      await around.docker(address).version();
      return [];
    } catch (error) {
      return address.startsWith("ssh://")
        ? `Docker host ${address} does not answer (${messageOf(error)}): see that \`ssh -o BatchMode=yes ${address} docker version\` works without a question`
        : `Docker does not answer at ${address} (${messageOf(error)}): start Docker, or let your account use its socket`;
    }
  });
  return (await Promise.all(lines)).flat();
};

/** Ports of a server besides the API's: traefik's load balancer, and the kubelet. */
export const SERVER_PORTS = [80, 443, 10250];

/** A node of a k3s cluster, as its site's file describes it. */
export interface SiteNode {
  readonly name: string;
  /** Folder of its machine that holds its volumes. */
  readonly hostPath: string;
  /** Address of its network card; undefined where nobody says it, and for a node on Docker's bridge. */
  readonly address?: string | undefined;
  readonly networkCard?: string | undefined;
  /** Whether it uses its machine's network. */
  readonly onHostNetwork: boolean;
}

/** Nodes that a site has on a Docker host, the server first. */
export function nodesOn({ environment: { cluster } }: CheckedSite, { env }: CheckContext, host: string): SiteNode[] {
  if (cluster.kind !== "k3s") return [];
  const serverHost = cluster.dockerHost ?? givenInput(INPUTS.dockerHost.name, env);
  const given = givenInput(INPUTS.serverAddress.name, env);
  const { serverName: name, hostPath, networkCard } = cluster;
  const address = serverNodeAddress({ ...cluster, address: cluster.address ?? given });
  return [
    ...(serverHost === host ? [{ name, hostPath, networkCard, address, onHostNetwork: true }] : []),
    ...cluster.agents
      .filter(({ dockerHost = serverHost }) => dockerHost === host)
      .map((agent) => ({
        name: agent.name,
        hostPath: hostPathOf(cluster, agent),
        networkCard: agent.networkCard,
        address: agentNodeAddress(cluster, agent),
        onHostNetwork: isElsewhere(cluster, agent),
      })),
  ];
}

/** Whether a machine has one of these nodes already. */
export async function hasNodes(nodes: readonly SiteNode[], host: DockerClient): Promise<boolean> {
  const containers = await host.containers();
  return nodes.some(({ name }) => containers.includes(name));
}

/** The ports that k3s opens on its machines are free, unless the cluster already runs there. */
export const portsAreFree: SiteCheck = (subject, around) => {
  const { cluster } = subject.environment;
  if (cluster.kind !== "k3s") return [];
  const server = cluster.dockerHost ?? givenInput(INPUTS.dockerHost.name, around.env);
  return onEachHost(subject, around, async (address, host) => {
    const isServer = address === server;
    if (await hasNodes(nodesOn(subject, around, address), host)) return [];
    const listening = await host.listening();
    const wanted = isServer ? [cluster.apiPort, ...SERVER_PORTS] : [10250];
    const taken = wanted.filter((port) => listening?.has(port));
    return taken.length > 0
      ? [
          `port ${taken.join(", ")} of ${address} ${taken.length > 1 ? "are" : "is"} taken: stop what listens there (\`ss -ltnp\` names it)`,
        ]
      : [];
  });
};

/** Each container takes one or two inotify instances of root (containerd on control groups 2); Linux allows 128, kind recommends this. */
const INOTIFY_INSTANCES = 512;

/** Kafka and InfluxDB map their files into memory; Linux' own 65530 parts are too few for large volumes. */
const MEMORY_MAPS = 262144;

/** The kernels of the machines have what k3s and its Services need. */
export const kernelsAreReady: SiteCheck = (subject, around) =>
  onEachHost(subject, around, async (address, host) => {
    const kernel = await host.kernel();
    if (!kernel) return [];
    const { cluster } = subject.environment;
    const { cgroups, filtersBridges, inotifyInstances, memoryMaps = MEMORY_MAPS } = kernel;
    return [
      ...(cgroups === 1 && !(cluster.kind === "k3s" && cluster.allowCgroupV1)
        ? [
            `${address} has control groups of version 1, on which a kubelet refuses to start since Kubernetes 1.35 unless it is told to: boot it with systemd.unified_cgroup_hierarchy=1, or a newer system, or set cluster.allowCgroupV1 and take on what docs/environments.md says of it`,
          ]
        : []),
      ...(filtersBridges
        ? []
        : [
            `${address} lacks the kernel module br_netfilter, without which no pod reaches a Service, DNS among them, that runs on its own node: \`modprobe br_netfilter\`, and name it in /etc/modules-load.d/`,
          ]),
      ...(inotifyInstances < INOTIFY_INSTANCES
        ? [
            `${address} allows ${inotifyInstances} inotify instances, too few for the containers of a node: \`sysctl -w fs.inotify.max_user_instances=${INOTIFY_INSTANCES}\`, and write it into /etc/sysctl.d/`,
          ]
        : []),
      ...(memoryMaps < MEMORY_MAPS
        ? [
            `${address} lets a program have ${memoryMaps} parts of files in memory, too few for Kafka and InfluxDB: \`sysctl -w vm.max_map_count=${MEMORY_MAPS}\`, and write it into /etc/sysctl.d/`,
          ]
        : []),
    ];
  });

/**
 * Containers and volumes of the cluster's names belong to its state, or were left by a killed apply of it; data below
 * the host path belong to its cluster.
 */
export const nothingOfOthers: SiteCheck = async (subject, around) => {
  const stack = clusterStack(subject);
  const { cluster, storage } = subject.environment;
  if (!stack || cluster.kind !== "k3s" || !(await terraformMayRun(around))) return [];
  const known = await around.applied("cluster").catch(() => undefined);
  if (!known) return [];
  const token = known.length > 0 ? joinTokenOf(await around.state("cluster")) : undefined;
  const classes = storage.classes.flatMap(({ hostPath }) => hostPath ?? []);
  return onEachHost(subject, around, async (address, host) => {
    const unknown = dockerResources(stack, around.env).filter(
      (one) => one.host === address && !known.includes(one.address),
    );
    const { obstacles } = await recoveryOnDockerHost(address, host, unknown, token);
    const isNew = !known.some((one) => /^docker_(container|volume)\./.test(one));
    const folders = new Set([...nodesOn(subject, around, address).map(({ hostPath }) => hostPath), ...classes]);
    const data = await Promise.all(
      (isNew ? [...folders] : []).map((folder) => foreignData(subject, `${folder} of ${address}`, folder, host)),
    );
    return [...obstacles, ...data.flat()];
  });
};

/** What is below a host path of a new cluster, shown as `place`, and must be moved away. */
async function foreignData(
  { environment: { secrets }, reuseData, secretsAreKept }: CheckedSite,
  place: string,
  hostPath: string,
  host: DockerClient,
): Promise<string[]> {
  const unusable: Record<string, string> = reuseData
    ? {
        "/kafka": "volumes of a Kafka cluster with another id, which a new one refuses: move them away",
        ...(secrets.kind === "generated" &&
          !secretsAreKept && {
            "/influxdb": "an InfluxDB that knows only the passwords generated with its cluster: move it away",
          }),
      }
    : {
        "": "data that this site's state does not know: move it away, or say --reuse-data so that the new cluster's volumes find it",
      };
  const lines = await Promise.all(
    Object.entries(unusable).map(async ([folder, what]) =>
      (await host.hasFiles(`${hostPath}${folder}`))
        ? [`${place} holds ${folder ? `in ${folder.slice(1)} ` : ""}${what}`]
        : [],
    ),
  );
  return lines.flat();
}
