/**
 * Rules that look at several fields of a site, one function each. A rule gets values that may be malformed
 * (their own message says so already) and then stays silent.
 */
import type { Environment } from "./schema";
import { patternsOverlap } from "./topics";
import { addressesOf, bytes, cores, hours } from "./units";

/** One mistake: where, what is allowed instead, and what to do. */
export interface Violation {
  path: (string | number)[];
  message: string;
}

/** A rule over a whole site. */
export type Rule = (site: Environment) => Violation[];

function repeated<T>(values: readonly T[]): Map<T, number[]> {
  const places = new Map<T, number[]>();
  values.forEach((value, index) => places.set(value, [...(places.get(value) ?? []), index]));
  return new Map([...places].filter(([, indexes]) => indexes.length > 1));
}

/** NodePorts are open on every node: each can have one user. */
export const nodePortsAreUnique: Rule = ({ kafka }) => {
  const { access, brokers } = kafka;
  const users = [
    ...(access.kind === "nodeport" ? [{ name: "kafka.access.bootstrapNodePort", port: access.bootstrapNodePort }] : []),
    ...brokers.flatMap(({ nodePort }, i) =>
      nodePort === undefined ? [] : [{ name: `kafka.brokers[${i}].nodePort`, port: nodePort }],
    ),
  ];
  return [...repeated(users.map((user) => user.port))].map(([port, indexes]) => ({
    path: ["kafka"],
    message: `NodePort ${port} is used by ${indexes.map((i) => users[i]?.name).join(" and ")}, allowed one user each, give one of them another port`,
  }));
};

/** Every broker has a NodePort where clients come by one, and none where they do not. */
export const brokersFitAccess: Rule = ({ kafka: { access, brokers } }) =>
  brokers.flatMap(({ nodePort }, i) => {
    const path = ["kafka", "brokers", i, "nodePort"];
    if (access.kind === "nodeport" && nodePort === undefined)
      return [{ path, message: "allowed 30000–32767, for kafka.access is nodeport, add it" }];
    if (access.kind === "loadbalancer" && nodePort !== undefined)
      return [{ path, message: "allowed nothing, for kafka.access is loadbalancer, remove it" }];
    return [];
  });

/**
 * k3s opens a load balancer's port on its nodes, where 9094 is there once. Nodes of GKE come and go with their
 * addresses.
 */
export const accessFitsCluster: Rule = ({ cluster, kafka: { access } }) => {
  const allowed = { k3s: "nodeport", gke: "loadbalancer", existing: undefined }[cluster.kind];
  return allowed === undefined || access.kind === allowed
    ? []
    : [
        {
          path: ["kafka", "access", "kind"],
          message: `allowed ${allowed} on a cluster of kind ${cluster.kind}, write it`,
        },
      ];
};

/** NodePorts and names without DNS need an address to go to. */
export const namesLeadSomewhere: Rule = ({ cluster, dns, kafka: { access } }) => {
  if (cluster.kind === "gke")
    return dns.kind === "none"
      ? [
          {
            path: ["dns", "kind"],
            message:
              "allowed external-dns on GKE, whose load balancers get their addresses when they are made, set it up",
          },
        ]
      : [];
  return cluster.address === undefined && (access.kind === "nodeport" || dns.kind === "none")
    ? [
        {
          path: ["cluster", "address"],
          message: "allowed an address of the nodes, for names of NodePorts lead there, add it",
        },
      ]
    : [];
};

/** Controllers and brokers share one space of node ids. */
export const kafkaIdsAreDisjoint: Rule = ({ kafka }) => {
  const ids = [
    ...kafka.controllerIds.map((id, i) => ({ id, name: `kafka.controllerIds[${i}]` })),
    ...kafka.brokers.map(({ id }, i) => ({ id, name: `kafka.brokers[${i}].id` })),
  ];
  return [...repeated(ids.map(({ id }) => id))].map(([id, indexes]) => ({
    path: ["kafka"],
    message: `node id ${id} is used by ${indexes.map((i) => ids[i]?.name).join(" and ")}, allowed one node each, renumber one of them`,
  }));
};

/** A partition cannot have more copies than there are brokers. */
export const replicationFitsBrokers: Rule = ({ kafka }) =>
  kafka.replication > kafka.brokers.length
    ? [
        {
          path: ["kafka", "replication"],
          message: `allowed at most ${kafka.brokers.length}, the number of brokers, lower it or add brokers`,
        },
      ]
    : [];

/** More copies in sync than copies stops every producer. */
export const inSyncReplicasFitReplication: Rule = ({ kafka }) =>
  kafka.minInSyncReplicas > kafka.replication
    ? [
        {
          path: ["kafka", "minInSyncReplicas"],
          message: `allowed at most ${kafka.replication}, kafka.replication, lower it`,
        },
      ]
    : [];

/** An even number of KRaft controllers tolerates no more failures than one less. */
export const controllersAreOdd: Rule = ({ kafka }) =>
  kafka.controllerIds.length % 2 === 0
    ? [
        {
          path: ["kafka", "controllerIds"],
          message: "allowed an odd number of controllers, which can always form a majority, add or remove one",
        },
      ]
    : [];

/** Two consumers of one topic into one database write everything twice; a repairer is meant to. */
export const consumersAreDisjoint: Rule = ({ telegraf: { consumers } }) =>
  consumers.flatMap((first, i) =>
    consumers.slice(i + 1).flatMap((second, offset) => {
      if (first.database !== second.database) return [];
      const pairs = first.topics.flatMap((a) =>
        second.topics.filter((b) => patternsOverlap(a, b)).map((b) => `${a} and ${b}`),
      );
      return pairs.length > 0
        ? [
            {
              path: ["telegraf", "consumers", i + 1 + offset, "topics"],
              message: `${first.name} and ${second.name} both take topics of database ${first.database} (${pairs.join("; ")}), allowed one consumer each, narrow one of them`,
            },
          ]
        : [];
    }),
  );

/** Names of consumers, agents, accounts, topics and node ids are identities. */
export const namesAreUnique: Rule = (site) => {
  const lists: { path: (string | number)[]; names: string[] }[] = [
    { path: ["telegraf", "consumers"], names: site.telegraf.consumers.map(({ name }) => name) },
    { path: ["kafka", "clients"], names: site.kafka.clients.map(({ name }) => name) },
    { path: ["kafka", "topics"], names: site.kafka.topics.map(({ name }) => name) },
  ];
  if (site.cluster.kind === "k3s")
    lists.push({ path: ["cluster", "agents"], names: ["master", ...site.cluster.agents.map(({ name }) => name)] });
  return lists.flatMap(({ path, names }) =>
    [...repeated(names)].map(([name]) => ({
      path,
      message: `${JSON.stringify(name)} occurs more than once, allowed once, rename one of them`,
    })),
  );
};

/** Names that this program uses itself. */
const RESERVED = {
  clients: ["telegraf", "schema-registry", "kafka-admin", "admin"],
  topics: ["_schemas"],
  databases: ["telegraf"],
};

/** A client with the name of an account of ours would take its rights; Helm would not say so. */
export const reservedNamesAreOurs: Rule = ({ kafka, telegraf }) => [
  ...kafka.clients.flatMap(({ name }, i) =>
    RESERVED.clients.includes(name)
      ? [
          {
            path: ["kafka", "clients", i, "name"],
            message: "allowed any name but those of this program's own accounts, rename it",
          },
        ]
      : [],
  ),
  ...kafka.topics.flatMap(({ name }, i) =>
    RESERVED.topics.includes(name)
      ? [{ path: ["kafka", "topics", i, "name"], message: "allowed any topic but the schema registry's, rename it" }]
      : [],
  ),
  ...telegraf.consumers.flatMap(({ database }, i) =>
    RESERVED.databases.includes(database)
      ? [
          {
            path: ["telegraf", "consumers", i, "database"],
            message: "allowed any database but the one for what Telegraf says of itself, rename it",
          },
        ]
      : [],
  ),
];

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
  if (cluster.kind !== "k3s" || !/^(127\.|localhost$)/.test(cluster.address)) return [];
  const far = cluster.agents.filter(({ dockerHost }) => dockerHost && dockerHost !== cluster.dockerHost);
  return far.length > 0
    ? [
        {
          path: ["cluster", "address"],
          message: `allowed an address that ${far.map(({ name }) => name).join(", ")} can reach from another host, write the server's own address`,
        },
      ]
    : [];
};

/** With ServiceLB the cluster listens on these ports of the host. */
export const apiPortIsFree: Rule = ({ cluster }) =>
  cluster.kind === "k3s" && [80, 443, 10250].includes(cluster.apiPort)
    ? [
        {
          path: ["cluster", "apiPort"],
          message: "allowed any port but 80, 443 and 10250, which ingress and kubelet take, write 6443",
        },
      ]
    : [];

/** The node's network must hold twice its pods, for addresses are given back late. */
export function nodeCidrMask(maxPods: number): number {
  let mask = 24;
  while (addressesOf(mask) < 2 * maxPods) mask--;
  return mask;
}

/** Hosts of which we know the capacity must hold what is requested of them. */
export const requestsFitHost: Rule = (site) => {
  const { capacity } = site.cluster;
  const pods = [
    ...site.kafka.controllerIds.map(() => site.kafka.controllerResources),
    ...site.kafka.brokers.map(() => site.kafka.brokerResources),
    ...Array.from({ length: Math.min(site.registry.replicas, 100) }, () => site.registry.resources),
    ...site.telegraf.consumers.map(({ resources }) => resources),
    site.kafka.entityOperatorResources,
    site.kafka.entityOperatorResources,
    site.influxdb.resources,
    site.chronograf.resources,
    site.kapacitor.resources,
  ];
  const found: Violation[] = [];
  const cpu = pods.reduce((sum, pod) => sum + cores(pod.requests.cpu), 0);
  if (capacity?.cpu && cpu > cores(capacity.cpu))
    found.push({
      path: ["cluster", "capacity", "cpu"],
      message: `allowed at least ${Math.ceil(cpu * 10) / 10}, which the EFD's pods request, lower requests or take a larger host`,
    });
  const memory = pods.reduce((sum, pod) => sum + bytes(pod.requests.memory), 0);
  if (capacity?.memory && memory > bytes(capacity.memory))
    found.push({
      path: ["cluster", "capacity", "memory"],
      message: `allowed at least ${Math.ceil(memory / 2 ** 30)}Gi, which the EFD's pods request, lower requests or take a larger host`,
    });
  return found;
};

/** Folders of one file system do not keep to their size: it must hold all of them. */
export const volumesFitHost: Rule = ({ cluster, kafka, influxdb, chronograf, kapacitor }) => {
  const { disk } = cluster.capacity ?? {};
  const sum =
    kafka.brokers.length * bytes(kafka.brokerDisk) +
    kafka.controllerIds.length * bytes(kafka.controllerDisk) +
    bytes(influxdb.disk) +
    bytes(chronograf.disk) +
    bytes(kapacitor.disk);
  return disk !== undefined && sum > bytes(disk)
    ? [
        {
          path: ["cluster", "capacity", "disk"],
          message: `allowed at least ${Math.ceil(sum / 2 ** 30)}Gi, the sum of all volumes, take a larger disk or smaller volumes`,
        },
      ]
    : [];
};

/** What no rule can judge, since nobody documented the host: a line for people, or none. */
export function unjudged({ name, cluster }: Environment): string[] {
  // Volumes of GKE are disks of their own.
  const keys = cluster.kind === "gke" ? (["cpu", "memory"] as const) : (["cpu", "memory", "disk"] as const);
  const unknown = keys.filter((key) => cluster.capacity?.[key] === undefined);
  return unknown.length > 0
    ? [`${name}.cluster.capacity: ${unknown.join(", ")} left out, so nothing checks whether the site fits its host`]
    : [];
}

/** What stays in Kafka for the retention must fit the brokers' volumes. */
export const ingestFitsDisks: Rule = (site) => {
  const { ingestBytesPerSecond: ingest, kafka } = site;
  if (ingest === undefined) return [];
  const needed = (ingest * 3600 * hours(kafka.retention) * kafka.replication) / kafka.brokers.length;
  return needed > bytes(kafka.brokerDisk)
    ? [
        {
          path: ["kafka", "brokerDisk"],
          message: `allowed at least ${Math.ceil(needed / 2 ** 30)}Gi for ${ingest} bytes/s kept ${kafka.retention} in ${kafka.replication} copies, take a larger volume or a shorter retention`,
        },
      ]
    : [];
};

/** A limit below the request is refused by Kubernetes. */
export const limitsAreNotBelowRequests: Rule = (site) => {
  const places: [path: (string | number)[], value: Environment["influxdb"]["resources"]][] = [
    [["kafka", "controllerResources"], site.kafka.controllerResources],
    [["kafka", "brokerResources"], site.kafka.brokerResources],
    [["kafka", "entityOperatorResources"], site.kafka.entityOperatorResources],
    [["registry", "resources"], site.registry.resources],
    [["influxdb", "resources"], site.influxdb.resources],
    [["chronograf", "resources"], site.chronograf.resources],
    [["kapacitor", "resources"], site.kapacitor.resources],
    ...site.telegraf.consumers.map(({ resources }, i): [(string | number)[], Environment["influxdb"]["resources"]] => [
      ["telegraf", "consumers", i, "resources"],
      resources,
    ]),
  ];
  return places.flatMap(([path, { requests, limits }]) => [
    ...(cores(limits.cpu) < cores(requests.cpu)
      ? [{ path: [...path, "limits", "cpu"], message: `allowed at least the request ${requests.cpu}, raise the limit` }]
      : []),
    ...(bytes(limits.memory) < bytes(requests.memory)
      ? [
          {
            path: [...path, "limits", "memory"],
            message: `allowed at least the request ${requests.memory}, raise the limit`,
          },
        ]
      : []),
  ]);
};

/** DNS records can only be written below the zone. */
export const domainLiesInZone: Rule = ({ dns, domain }) =>
  dns.kind === "external-dns" && domain !== dns.zone && !domain.endsWith(`.${dns.zone}`)
    ? [
        {
          path: ["domain"],
          message: `allowed ${dns.zone} or a name below it, for external-dns writes to that zone only`,
        },
      ]
    : [];

/** A password can be made in the cluster; an account of AWS or GitHub cannot. */
export const foreignSecretsComeFromVault: Rule = ({ secrets, certificates, dns, login }) =>
  secrets.kind === "generated"
    ? [
        ...(certificates.kind === "acme" ? ["certificates.kind acme needs an AWS account"] : []),
        ...(dns.kind === "external-dns" ? ["dns.kind external-dns needs an AWS account"] : []),
        ...(login === "github" ? ["login github needs a GitHub application"] : []),
      ].map((need) => ({ path: ["secrets", "kind"], message: `allowed vault, for ${need}, which cannot be generated` }))
    : [];

/** What a site lets be destroyed must be its own layers. */
export const allowDestroysNamesOwnLayers: Rule = ({ name, allowDestroys }) =>
  allowDestroys.flatMap((entry, i) =>
    ["cluster", "platform", "efd"].some((layer) => entry === `${name}-${layer}`)
      ? []
      : [
          {
            path: ["allowDestroys", i],
            message: `allowed ${name}-cluster, ${name}-platform, ${name}-efd, name a stack of this site`,
          },
        ],
  );

/** All rules, in the order in which their mistakes are printed. */
export const RULES: readonly Rule[] = [
  allowDestroysNamesOwnLayers,
  domainLiesInZone,
  foreignSecretsComeFromVault,
  apiPortIsFree,
  dockerHostsRunOneNodeEach,
  agentsReachServer,
  namesAreUnique,
  reservedNamesAreOurs,
  nodePortsAreUnique,
  brokersFitAccess,
  accessFitsCluster,
  namesLeadSomewhere,
  kafkaIdsAreDisjoint,
  controllersAreOdd,
  replicationFitsBrokers,
  inSyncReplicasFitReplication,
  ingestFitsDisks,
  limitsAreNotBelowRequests,
  requestsFitHost,
  volumesFitHost,
  consumersAreDisjoint,
];
