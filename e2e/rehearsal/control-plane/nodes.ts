/** The nodes that the bench simulates for a site: as many and as large as the site says. */
import { CLUSTER_DEFAULTS } from "../../../environments/systems/cluster/defaults";
import { podsOf } from "../../../environments/derived/capacity";
import type { Environment } from "../../../environments/schema";
import { bytes, cores } from "../../../ground/units";
import type { BenchOptions, FakeNode } from "./control-plane";

interface Declared {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Machine that it shares with others; undefined for one of its own. */
  readonly machine?: string;
}

/** What Jobs ask for besides, on all nodes together. */
const BESIDES = { cpu: 1, memory: 2 ** 30 };

function declared({ cluster, name, kafka }: Environment): Declared[] {
  switch (cluster.kind) {
    case "k3s":
      return [
        { name: cluster.serverName, labels: {}, machine: cluster.dockerHost },
        ...cluster.agents.map((agent) => ({ ...agent, machine: agent.dockerHost ?? cluster.dockerHost })),
      ];
    case "gke":
      return Array.from({ length: cluster.nodes }, (_, i) => ({
        name: `gke-efd-${name}-${i}`,
        labels: { "topology.kubernetes.io/zone": cluster.zone },
      }));
    case "existing":
      // What its nodes are called and how many there are is its owner's matter: one, on which brokers may run.
      return [{ name: "node", labels: kafka.brokerNodeSelector }];
  }
}

/** How many nodes share what the site states: those of one machine, or all. */
function sharing(environment: Environment, nodes: readonly Declared[]): number {
  const { cluster } = environment;
  return cluster.kind === "k3s" ? nodes.filter(({ machine }) => machine === cluster.dockerHost).length : nodes.length;
}

/**
 * Nodes of a site. What the site states is shared evenly by the nodes of a machine. Where it states nothing, each node
 * holds all that is asked for, so that only labels and the number of pods can keep a pod from its node.
 */
export function simulatedNodesOf(environment: Environment): BenchOptions {
  const { cluster } = environment;
  const nodes = declared(environment);
  const pods = podsOf(environment);
  const size = (stated: string | undefined, number: (text: string) => number, key: "cpu" | "memory") =>
    stated === undefined
      ? pods.reduce((sum, pod) => sum + pod[key], BESIDES[key])
      : number(stated) / sharing(environment, nodes);
  const cpu = size(cluster.capacity?.cpu, cores, "cpu");
  const memory = size(cluster.capacity?.memory, bytes, "memory");
  return {
    nodes: nodes.map(({ name, labels }): FakeNode => ({
      name,
      cpu: `${Math.ceil(cpu * 1000)}m`,
      memory: `${Math.ceil(memory / 2 ** 20)}Mi`,
      labels,
    })),
    maxPods: cluster.kind === "k3s" ? cluster.maxPods : CLUSTER_DEFAULTS.k3s.maxPods,
  };
}
