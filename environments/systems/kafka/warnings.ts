/** What is accepted of Kafka and may not be meant: copies that one failure takes all at once. */
import { machineOf } from "../../../ground/units";
import type { Warning } from "../../values/rule";
import type { ClusterSite } from "../cluster/schema";
import type { KafkaSite } from "./schema";

type Site = KafkaSite & ClusterSite;

/** A message of which there is one copy goes with its disk. */
function oneCopy({ kafka: { replication, minInSyncReplicas, controllerIds } }: Site): Warning[] {
  if (replication === 1)
    return [
      {
        path: ["kafka", "replication"],
        what: "one copy of each message, which is lost with its broker's disk",
        remedy: "write 3, with as many brokers, where the data matter",
      },
    ];
  return [
    ...(minInSyncReplicas === 1
      ? [
          {
            path: ["kafka", "minInSyncReplicas"],
            what: "a write counts as done once one broker has it, and is lost when that broker fails",
            remedy: `write ${replication - 1}`,
          },
        ]
      : []),
    ...(controllerIds.length === 1
      ? [
          {
            path: ["kafka", "controllerIds"],
            what: "one copy of Kafka's metadata, without which no broker knows its topics",
            remedy: "write three ids",
          },
        ]
      : []),
  ];
}

/** Machines on which brokers may run, one or more of each; undefined where nobody says. */
function machinesOf({ cluster, kafka: { brokerNodeSelector } }: Site): number | undefined {
  switch (cluster.kind) {
    case "existing":
      return undefined;
    case "gke":
      return cluster.nodes;
    case "k3s": {
      const wanted = Object.entries(brokerNodeSelector);
      const nodes = [{ dockerHost: cluster.dockerHost, labels: {} }, ...cluster.agents];
      const fitting = nodes.filter(({ labels }: { labels: Record<string, string> }) =>
        wanted.every(([key, value]) => labels[key] === value),
      );
      const hosts = fitting.map(({ dockerHost }) => dockerHost ?? cluster.dockerHost);
      return new Set(hosts.map((host) => host && machineOf(host))).size;
    }
  }
}

/** Copies on one machine outlive a broker, and no machine. */
function oneMachine(site: Site): Warning[] {
  const { brokers } = site.kafka;
  return brokers.length > 1 && machinesOf(site) === 1
    ? [
        {
          path: ["kafka", "brokers"],
          what: `all ${brokers.length} run on one machine, which takes every copy with it when it fails`,
          remedy: "add agents on other hosts where the data must outlive the machine",
        },
      ]
    : [];
}

/** Warnings on Kafka. */
export const warnings = (site: Site): Warning[] => [...oneCopy(site), ...oneMachine(site)];
