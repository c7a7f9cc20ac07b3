/** Rules of Kafka's nodes, copies and volumes, of its topics, and of the way in. */
import { bytes, hours } from "../../../ground/units";
import type { IngestSite } from "../../general/ingest";
import { gibibytes } from "../../values/amounts";
import { COUNTS } from "../../values/limits";
import { repeated, type SiteRule, when } from "../../values/rule";
import type { ClusterSite } from "../cluster/schema";
import type { DnsSite } from "../dns/schema";
import { missingClass } from "../storage/rules";
import type { StorageSite } from "../storage/schema";
import type { KafkaSite } from "./schema";
import { rollHours, SEGMENT_BYTES } from "./segments";

/** Every broker has a NodePort where clients come by one, and none where they do not. */
const brokersFitAccess: SiteRule<KafkaSite> = ({ kafka: { access, brokers } }) =>
  brokers.flatMap(({ nodePort }, i) => [
    ...when(
      access.kind === "nodeport" && nodePort === undefined,
      ["kafka", "brokers", i, "nodePort"],
      "30000–32767, for kafka.access is nodeport",
      "add it",
    ),
    ...when(
      access.kind === "loadbalancer" && nodePort !== undefined,
      ["kafka", "brokers", i, "nodePort"],
      "nothing, for kafka.access is loadbalancer",
      "remove it",
    ),
  ]);

/**
 * k3s takes NodePorts: its load balancers open their port on the nodes themselves, and 9094 can be opened only once.
 * GKE takes load balancers: the addresses of its nodes change when Google replaces them.
 */
const accessFitsCluster: SiteRule<KafkaSite & ClusterSite> = ({ cluster, kafka: { access } }) => {
  const allowed = { k3s: "nodeport", gke: "loadbalancer", existing: undefined }[cluster.kind];
  return when(
    allowed !== undefined && access.kind !== allowed,
    ["kafka", "access", "kind"],
    `${allowed} on a cluster of kind ${cluster.kind}`,
    "write it",
  );
};

/** NodePorts and names without DNS need an address to go to. */
const namesLeadSomewhere: SiteRule<KafkaSite & ClusterSite & DnsSite> = ({ cluster, dns, kafka: { access } }) =>
  cluster.kind === "gke" || (cluster.kind === "existing" && access.kind === "loadbalancer")
    ? when(
        dns.kind === "none",
        ["dns", "kind"],
        `external-dns on ${cluster.kind === "gke" ? "GKE" : "such a cluster"}, whose load balancers get their addresses when they are made`,
        "set it up",
      )
    : when(
        // Where it is left out it is an input, which external-dns cannot read.
        cluster.address === undefined && (cluster.kind !== "k3s" || dns.kind !== "none"),
        ["cluster", "address"],
        "an address of the nodes, for names of NodePorts lead there",
        "add it",
      );

/** Controllers and brokers share one space of node ids. */
const kafkaIdsAreDisjoint: SiteRule<KafkaSite> = ({ kafka }) => {
  const ids = [
    ...kafka.controllerIds.map((id, i) => ({ id, name: `kafka.controllerIds[${i}]` })),
    ...kafka.brokers.map(({ id }, i) => ({ id, name: `kafka.brokers[${i}].id` })),
  ];
  return [...repeated(ids.map(({ id }) => id))].map(([id, indexes]) => ({
    path: ["kafka"],
    found: `node id ${id} is used by ${indexes.map((i) => ids[i]?.name).join(" and ")}`,
    allowed: "one node each",
    remedy: "renumber one of them",
  }));
};

/** An even number of KRaft controllers tolerates no more failures than one less. */
const controllersAreOdd: SiteRule<KafkaSite> = ({ kafka: { controllerIds } }) =>
  when(
    controllerIds.length % 2 === 0,
    ["kafka", "controllerIds"],
    "an odd number of controllers, which can always form a majority",
    "add or remove one",
  );

/** A partition cannot have more copies than there are brokers. */
const replicationFitsBrokers: SiteRule<KafkaSite> = ({ kafka: { replication, brokers } }) =>
  when(
    replication > brokers.length,
    ["kafka", "replication"],
    `at most ${brokers.length}, the number of brokers`,
    "lower it or add brokers",
  );

/**
 * Producers that wait for all copies stop when more must be in sync than there are. Where all must be, each restart of a
 * broker stops them.
 */
const inSyncReplicasFitReplication: SiteRule<KafkaSite> = ({ kafka: { replication, minInSyncReplicas } }) =>
  when(
    minInSyncReplicas > Math.max(1, replication - 1),
    ["kafka", "minInSyncReplicas"],
    replication === 1
      ? "at most 1, kafka.replication"
      : `at most ${replication - 1}, one less than kafka.replication, for a broker that restarts must stop no producer`,
    "lower it",
  );

/** An account without topics could log in and do nothing. */
const clientsHaveTopics: SiteRule<KafkaSite> = ({ kafka: { clients } }) =>
  clients.flatMap(({ name, prefixes, topics }, i) =>
    prefixes.length + topics.length > 0
      ? []
      : [
          {
            path: ["kafka", "clients", i],
            found: `${name} has neither prefixes nor topics`,
            allowed: "at least one of either",
            remedy: "name the topics that its program uses",
          },
        ],
  );

/** Kafka refuses a topic that differs from another in nothing but dots and underscores: its metrics know one of them. */
const topicsAreApart: SiteRule<KafkaSite> = ({ kafka: { topics } }) => {
  const names = [...new Set(topics.map(({ name }) => name))];
  return [...repeated(names.map((name) => name.replaceAll(".", "_")))].map(([, places]) => ({
    path: ["kafka", "topics"],
    found: `${places.map((i) => names[i]).join(" and ")} are one name to Kafka, which takes dots for underscores`,
    allowed: "one of them",
    remedy: "rename the others",
  }));
};

/** Each partition takes files and memory of its broker whether anybody writes to it or not. */
const partitionsFitBrokers: SiteRule<KafkaSite> = ({ kafka: { topics, replication, brokers } }) => {
  const partitions = topics.reduce((sum, topic) => sum + topic.partitions, 0);
  const copies = Math.ceil((partitions * replication) / brokers.length);
  return copies > COUNTS.brokerPartitions.most
    ? [
        {
          path: ["kafka", "topics"],
          found: `${partitions} partitions in ${replication} copies are ${copies} on each broker`,
          allowed: `at most ${COUNTS.brokerPartitions.most} on each`,
          remedy: "lower partitions: SAL's topics have one",
        },
      ]
    : [];
};

const classesExist: SiteRule<KafkaSite & StorageSite> = (site) =>
  missingClass(site, ["kafka", "brokerClass"], site.kafka.brokerClass);

/** Labels that nodes have by themselves, or that somebody else gives them. */
const FOREIGN_LABEL = /(^|\.)(kubernetes|k8s)\.io\//;

/** Kubernetes never schedules a broker whose labels no node has. We do not know the labels of somebody else's nodes. */
const selectorsFindNodes: SiteRule<KafkaSite & ClusterSite> = ({ cluster, kafka }) => {
  if (cluster.kind !== "k3s") return [];
  const nodes = [{ name: cluster.serverName, labels: {} }, ...cluster.agents].map(({ name, labels }) => ({
    ...labels,
    "kubernetes.io/hostname": name,
    "kubernetes.io/os": "linux",
  }));
  const wanted = Object.entries(kafka.brokerNodeSelector).filter(
    ([key]) => !FOREIGN_LABEL.test(key) || /^kubernetes\.io\/(hostname|os)$/.test(key),
  );
  const fits = (labels: Readonly<Record<string, string>>) => wanted.every(([key, value]) => labels[key] === value);
  return when(
    !nodes.some(fits),
    ["kafka", "brokerNodeSelector"],
    "labels that an agent has all of",
    "label an agent in cluster.agents",
  );
};

/** A partition that may become larger than the volume fills it: Kafka deletes whole segments, so it keeps one more. */
const retentionBytesFitDisk: SiteRule<KafkaSite> = ({ kafka: { retentionBytes, brokerDisk } }) =>
  when(
    retentionBytes !== undefined && bytes(retentionBytes) + SEGMENT_BYTES >= bytes(brokerDisk),
    ["kafka", "retentionBytes"],
    `less than ${brokerDisk}, kafka.brokerDisk, which holds all partitions of a broker, each with a segment of ${SEGMENT_BYTES / 2 ** 20}Mi more`,
    "lower it",
  );

/** What Kafka keeps must fit the volumes of the brokers: the retention, and the time of one segment more. */
const ingestFitsKafka: SiteRule<KafkaSite & IngestSite> = ({ ingestBytesPerSecond: ingest, kafka }) => {
  if (ingest === undefined) return [];
  const kept = hours(kafka.retention);
  const roll = rollHours(kept);
  const needed = (ingest * 3600 * (kept + roll) * kafka.replication) / kafka.brokers.length;
  return when(
    needed > bytes(kafka.brokerDisk),
    ["kafka", "brokerDisk"],
    `at least ${gibibytes(needed)} for ${ingest} bytes/s kept ${kafka.retention} and a segment of ${roll}h in ${kafka.replication} copies`,
    "take a larger volume or a shorter retention",
  );
};

/** Rules of Kafka. */
export const rules = [
  clientsHaveTopics,
  topicsAreApart,
  partitionsFitBrokers,
  brokersFitAccess,
  accessFitsCluster,
  namesLeadSomewhere,
  kafkaIdsAreDisjoint,
  controllersAreOdd,
  replicationFitsBrokers,
  inSyncReplicasFitReplication,
  classesExist,
  selectorsFindNodes,
  retentionBytesFitDisk,
  ingestFitsKafka,
];
