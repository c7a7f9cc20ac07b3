/** Rules of room: what is asked of hosts, nodes and disks, against what they have. */
import { K3S_OWN, PLATFORM, provisionerOf, type Share } from "../platform";
import type { Environment } from "../schema";
import { bytes, cores, hours } from "../../ground/units";
import { type Path, type Rule, when } from "./violation";

type Resources = Environment["influxdb"]["resources"];

/**
 * Bytes of InfluxDB's disk for one byte of Kafka's. The live test filled 700 MB an hour at 1330 messages a second (S29),
 * that is 146 bytes a message, which is no more than a message's Avro: 1 is on the safe side.
 */
const INFLUXDB_BYTES_PER_BYTE = 1;

/** Resources that a site's file names: the place, how many pods ask for it, and how often each of them does. */
function resourcesOf(site: Environment): { path: Path; resources: Resources; pods: number; containers?: number }[] {
  const { kafka, registry, telegraf, connect, mirror, influxdb, chronograf, kapacitor } = site;
  return [
    { path: ["kafka", "controllerResources"], resources: kafka.controllerResources, pods: kafka.controllerIds.length },
    { path: ["kafka", "brokerResources"], resources: kafka.brokerResources, pods: kafka.brokers.length },
    // Topic operator and user operator.
    { path: ["kafka", "entityOperatorResources"], resources: kafka.entityOperatorResources, pods: 1, containers: 2 },
    { path: ["registry", "resources"], resources: registry.resources, pods: registry.replicas },
    { path: ["influxdb", "resources"], resources: influxdb.resources, pods: 1 },
    { path: ["chronograf", "resources"], resources: chronograf.resources, pods: 1 },
    { path: ["kapacitor", "resources"], resources: kapacitor.resources, pods: 1 },
    ...telegraf.consumers.map(({ resources }, i) => ({
      path: ["telegraf", "consumers", i, "resources"],
      resources,
      pods: 1,
    })),
    ...(connect ? [{ path: ["connect", "resources"], resources: connect.resources, pods: connect.replicas }] : []),
    ...(mirror ? [{ path: ["mirror", "resources"], resources: mirror.resources, pods: 1 }] : []),
  ];
}

/** Pods of the platform and of k3s itself, which no site's file names. */
function platformPods(site: Environment): Share[] {
  const { nodeMetrics, localPathProvisioner, externalDns, ...always } = PLATFORM;
  const { certManager, certManagerWebhook, certManagerInjector, ...everywhere } = always;
  return [
    ...Object.values(everywhere),
    ...(provisionerOf(site) === "local-path" ? [localPathProvisioner] : []),
    ...(site.dns.kind === "external-dns" ? [externalDns] : []),
    ...(site.certificates.kind === "given" ? [] : [certManager, certManagerWebhook, certManagerInjector]),
    ...(site.telegraf.measuresNodes ? Array.from({ length: nodesOf(site.cluster) ?? 1 }, () => nodeMetrics) : []),
    ...(site.cluster.kind === "k3s" ? K3S_OWN : []),
  ];
}

/** Number of nodes; unknown of somebody else's cluster. */
function nodesOf(cluster: Environment["cluster"]): number | undefined {
  switch (cluster.kind) {
    case "k3s":
      return 1 + cluster.agents.length;
    case "gke":
      return cluster.nodes;
    case "existing":
      return undefined;
  }
}

/** What each pod that runs all the time requests, in cores and bytes: EFD, platform, and what the cluster brings. */
export function podsOf(site: Environment): { cpu: number; memory: number }[] {
  const request = ({ cpu, memory }: { cpu: string; memory: string }, times = 1) => ({
    cpu: times * cores(cpu),
    memory: times * bytes(memory),
  });
  return [
    ...resourcesOf(site).flatMap(({ resources: { requests }, pods, containers }) =>
      Array.from({ length: Math.min(pods, 1000) }, () => request(requests, containers)),
    ),
    ...platformPods(site).map((share) => request(share)),
  ];
}

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

const gibibytes = (amount: number) => `${Math.ceil(amount / 2 ** 30)}Gi`;

/** Agents whose host is not the server's: nobody states what theirs have. */
const agentsElsewhere = ({ cluster }: Environment): string[] =>
  cluster.kind === "k3s"
    ? cluster.agents
        .filter(({ dockerHost }) => dockerHost !== undefined && dockerHost !== cluster.dockerHost)
        .map(({ name }) => name)
    : [];

/** Hosts of which we know the capacity must hold what is requested of them. */
export const requestsFitHost: Rule = (site) => {
  if (agentsElsewhere(site).length > 0) return [];
  const { capacity } = site.cluster;
  const pods = podsOf(site);
  const cpu = total(pods.map((pod) => pod.cpu));
  const memory = total(pods.map((pod) => pod.memory));
  const what = "which all pods request, the platform's too, lower requests or take a larger host";
  return [
    ...when(
      capacity?.cpu !== undefined && cpu > cores(capacity.cpu),
      ["cluster", "capacity", "cpu"],
      `allowed at least ${Math.ceil(cpu * 10) / 10}, ${what}`,
    ),
    ...when(
      capacity?.memory !== undefined && memory > bytes(capacity.memory),
      ["cluster", "capacity", "memory"],
      `allowed at least ${gibibytes(memory)}, ${what}`,
    ),
  ];
};

/** A pod runs on one node, whatever the others have left. Nodes of k3s share a host, which holds all pods. */
export const podsFitOneNode: Rule = (site) => {
  const { cluster } = site;
  if (cluster.kind !== "gke") return [];
  const { capacity, nodes } = cluster;
  const what = `what one of ${nodes} nodes has, lower it or take larger machines`;
  return resourcesOf(site).flatMap(({ path, resources: { requests }, containers = 1 }) => [
    ...when(
      capacity?.cpu !== undefined && containers * cores(requests.cpu) > cores(capacity.cpu) / nodes,
      [...path, "requests", "cpu"],
      `allowed at most ${Math.floor((cores(capacity?.cpu ?? "") / nodes / containers) * 1000)}m, ${what}`,
    ),
    ...when(
      capacity?.memory !== undefined && containers * bytes(requests.memory) > bytes(capacity.memory) / nodes,
      [...path, "requests", "memory"],
      `allowed at most ${Math.floor(bytes(capacity?.memory ?? "") / nodes / containers / 2 ** 20)}Mi, ${what}`,
    ),
  ]);
};

/** The nodes of k3s take `maxPods` each. */
export const podsFitNodes: Rule = (site) => {
  const { cluster } = site;
  if (cluster.kind !== "k3s") return [];
  const pods = podsOf(site).length;
  const nodes = 1 + cluster.agents.length;
  return when(
    pods > nodes * cluster.maxPods,
    ["cluster", "maxPods"],
    `allowed at least ${Math.ceil(pods / nodes)} for ${pods} pods on ${nodes} nodes, raise it before the cluster is made`,
  );
};

/** Folders of one file system do not keep to their size: it must hold all of them. Elsewhere volumes are disks. */
export const volumesFitHost: Rule = (site) => {
  const { cluster, kafka, influxdb, chronograf, kapacitor } = site;
  const { disk } = cluster.capacity ?? {};
  const sum =
    kafka.brokers.length * bytes(kafka.brokerDisk) +
    kafka.controllerIds.length * bytes(kafka.controllerDisk) +
    bytes(influxdb.disk) +
    bytes(chronograf.disk) +
    bytes(kapacitor.disk);
  return when(
    provisionerOf(site) === "local-path" &&
      agentsElsewhere(site).length === 0 &&
      disk !== undefined &&
      sum > bytes(disk),
    ["cluster", "capacity", "disk"],
    `allowed at least ${gibibytes(sum)}, the sum of all volumes, take a larger disk or smaller volumes`,
  );
};

/** What stays in Kafka for the retention must fit the brokers' volumes. */
export const ingestFitsKafka: Rule = ({ ingestBytesPerSecond: ingest, kafka }) => {
  if (ingest === undefined) return [];
  const needed = (ingest * 3600 * hours(kafka.retention) * kafka.replication) / kafka.brokers.length;
  return when(
    needed > bytes(kafka.brokerDisk),
    ["kafka", "brokerDisk"],
    `allowed at least ${gibibytes(needed)} for ${ingest} bytes/s kept ${kafka.retention} in ${kafka.replication} copies, take a larger volume or a shorter retention`,
  );
};

/** What stays in InfluxDB for the retention must fit its volume; for ever fits none, and {@link unjudged} says so. */
export const ingestFitsInfluxdb: Rule = ({ ingestBytesPerSecond: ingest, influxdb }) => {
  const kept = hours(influxdb.retention);
  if (ingest === undefined || kept === Infinity) return [];
  const needed = ingest * 3600 * kept * INFLUXDB_BYTES_PER_BYTE;
  return when(
    needed > bytes(influxdb.disk),
    ["influxdb", "disk"],
    `allowed at least ${gibibytes(needed)} for ${ingest} bytes/s kept ${influxdb.retention}, take a larger volume or a shorter retention`,
  );
};

/** A partition that may outgrow the volume fills it. */
export const retentionBytesFitDisk: Rule = ({ kafka: { retentionBytes, brokerDisk } }) =>
  when(
    retentionBytes !== undefined && bytes(retentionBytes) >= bytes(brokerDisk),
    ["kafka", "retentionBytes"],
    `allowed less than ${brokerDisk}, kafka.brokerDisk, which holds all partitions of a broker, lower it`,
  );

/** A limit below the request is refused by Kubernetes. */
export const limitsAreNotBelowRequests: Rule = (site) =>
  resourcesOf(site).flatMap(({ path, resources: { requests, limits } }) => [
    ...when(
      cores(limits.cpu) < cores(requests.cpu),
      [...path, "limits", "cpu"],
      `allowed at least the request ${requests.cpu}, raise the limit`,
    ),
    ...when(
      bytes(limits.memory) < bytes(requests.memory),
      [...path, "limits", "memory"],
      `allowed at least the request ${requests.memory}, raise the limit`,
    ),
  ]);

/** Java takes memory beside its heap. */
export const heapFitsLimit: Rule = ({ connect }) =>
  when(
    connect !== undefined && bytes(connect.heap) >= bytes(connect.resources.limits.memory),
    ["connect", "heap"],
    `allowed less than ${connect?.resources.limits.memory}, the pod's limit of memory, lower it or raise the limit`,
  );

/** What no rule can judge, since nobody documented it: lines for people, or none. */
export function unjudged(site: Environment): string[] {
  const { name, cluster, influxdb, ingestBytesPerSecond: ingest } = site;
  const keys =
    provisionerOf(site) === "local-path" ? (["cpu", "memory", "disk"] as const) : (["cpu", "memory"] as const);
  const unknown = keys.filter((key) => cluster.capacity?.[key] === undefined);
  const elsewhere = agentsElsewhere(site);
  return [
    ...(elsewhere.length > 0 && unknown.length === 0
      ? [
          `${name}.cluster.agents: ${elsewhere.join(", ")} on other hosts, of which no key states what they have, so nothing checks whether the site fits its hosts`,
        ]
      : []),
    ...(unknown.length > 0
      ? [`${name}.cluster.capacity: ${unknown.join(", ")} left out, so nothing checks whether the site fits its host`]
      : []),
    ...(ingest === undefined
      ? [
          `${name}.ingestBytesPerSecond: left out, so nothing checks whether Kafka's and InfluxDB's volumes hold what they keep`,
        ]
      : []),
    ...(ingest !== undefined && influxdb.retention === "forever"
      ? [
          `${name}.influxdb.retention: forever, so ${influxdb.disk} are full after ${Math.floor(bytes(influxdb.disk) / (ingest * 86400 * INFLUXDB_BYTES_PER_BYTE))} days`,
        ]
      : []),
  ];
}
