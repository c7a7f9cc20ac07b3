/** Cases of nodes in real containers: the cluster layer on Docker. */
import { CLUSTER_DEFAULTS } from "../../environments/systems/cluster/defaults";
import type { Case, Data } from "./case";

/** A patch of the release of k3s, so many above the usual one. */
function patch(above: number): string {
  return CLUSTER_DEFAULTS.k3s.version.replace(/\.(\d+)-/, (_all, number: string) => `.${Number(number) + above}-`);
}

const [OLD, NOW, NEXT] = [patch(-1), patch(0), patch(1)];

/** Images that must be there: those of the cluster that every case begins with. */
export const DOCKER_IMAGES = [NOW, OLD].map((version) => `${CLUSTER_DEFAULTS.k3s.image}:${version}`);

/** The cluster that every case begins with: an agent that is a patch behind its server. */
export function baseCluster(site: Data): void {
  site.cluster.version = NOW;
  site.cluster.agents = [{ name: "kube-0", version: OLD }];
}

const resource = (stack: Data, type: string, name: RegExp): Data => {
  const found = Object.entries<Data>(stack.resource[type]).find(([id]) => name.test(id));
  if (!found) throw new Error(`no ${type} like ${name}`);
  return found[1];
};

const remove = (stack: Data, type: string, name: RegExp): void => {
  for (const id of Object.keys(stack.resource[type])) if (name.test(id)) delete stack.resource[type][id];
};

/** Takes a mount from a node. */
const unmount = (stack: Data, node: RegExp, path: string): void => {
  const container = resource(stack, "docker_container", node);
  container.volumes = container.volumes.filter((one: Data) => one.container_path !== path);
};

/** Every case. */
export const DOCKER_CASES: readonly Case[] = [
  {
    name: "docker-server-upgraded",
    about: "the site asks for the next patch of k3s on the server",
    layer: "cluster",
    docker: {},
    site: (site) => (site.cluster.version = NEXT),
    expected: {
      worst: "interrupts",
      told: [
        ["interrupts", "k3s", NOW, NEXT, "master"],
        ["interrupts", "k3s server master", "replaced"],
      ],
    },
  },
  {
    name: "docker-server-downgraded",
    about: "the site asks for an earlier minor of k3s",
    layer: "cluster",
    docker: {},
    stack: (stack) => {
      const image = resource(stack, "docker_image", /master$/);
      image.name = image.name.replace(/:.*/, ":v1.35.9-k3s1");
    },
    expected: {
      worst: "loses data",
      told: [["loses data", "k3s", "down", NOW, "v1.35.9-k3s1", "master"]],
    },
  },
  {
    name: "docker-agent-upgraded",
    about: "the agent follows its server to the later patch",
    layer: "cluster",
    docker: {},
    site: (site) => delete site.cluster.agents[0].version,
    expected: {
      worst: "interrupts",
      told: [
        ["interrupts", "k3s", OLD, NOW, "kube-0"],
        ["interrupts", "k3s agent kube-0", "replaced"],
      ],
    },
  },
  {
    name: "docker-volume-removed",
    about: "the volume with the server's datastore leaves the program",
    layer: "cluster",
    docker: {},
    stack: (stack) => {
      remove(stack, "docker_volume", /master-k3s$/);
      unmount(stack, /master$/, "/var/lib/rancher/k3s");
    },
    expected: {
      worst: "loses data",
      told: [
        ["loses data", "volume", "master-k3s", "deleted"],
        ["interrupts", "k3s server master", "replaced"],
      ],
    },
  },
  {
    name: "docker-volume-renamed",
    about: "the volume with the agent's identity gets another name",
    layer: "cluster",
    docker: {},
    stack: (stack) => (resource(stack, "docker_volume", /kube-0-node$/).name += "-2"),
    expected: { worst: "loses data", told: [["loses data", "volume", "kube-0-node", "replaced"]] },
  },
  {
    name: "docker-mount-removed",
    about: "the server no longer mounts the volume with its datastore, which stays",
    layer: "cluster",
    docker: {},
    stack: (stack) => unmount(stack, /master$/, "/var/lib/rancher/k3s"),
    expected: {
      worst: "loses data",
      told: [["loses data", "master", "/var/lib/rancher/k3s", "master-k3s"]],
    },
  },
  {
    name: "docker-host-path",
    about: "the folder of the host with the data of all volumes is another one",
    layer: "cluster",
    docker: {},
    site: (site) => (site.cluster.hostPath = "/other"),
    expected: {
      worst: "loses data",
      told: [
        ["loses data", "master", "/data", "/other"],
        ["loses data", "kube-0", "/data", "/other"],
        ["interrupts", "k3s server master", "replaced"],
      ],
    },
  },
  {
    name: "docker-config",
    about: "nodes may run more pods: k3s's configuration, which is uploaded, is another one",
    layer: "cluster",
    docker: {},
    site: (site) => (site.cluster.maxPods = 120),
    expected: {
      worst: "interrupts",
      told: [
        ["interrupts", "k3s server master", "replaced"],
        ["interrupts", "k3s agent kube-0", "replaced"],
      ],
    },
  },
  {
    name: "docker-agent-removed",
    about: "the agent leaves the site's file",
    layer: "cluster",
    docker: {},
    site: (site) => (site.cluster.agents = []),
    expected: {
      worst: "loses data",
      told: [
        ["loses data", "volume", "kube-0-k3s", "deleted"],
        ["loses data", "volume", "kube-0-node", "deleted"],
        ["interrupts", "k3s agent kube-0", "deleted"],
      ],
    },
  },
  {
    name: "docker-agent-added",
    about: "the site has a second agent",
    layer: "cluster",
    docker: {},
    site: (site) => site.cluster.agents.push({ name: "kube-1" }),
    expected: { worst: "harmless", told: [["harmless", "k3s agent kube-1", "new"]] },
  },
  {
    name: "docker-agent-stopped",
    about: "somebody stopped the agent's container, and the site is planned",
    layer: "cluster",
    docker: { byHand: ["stop", "kube-0"] },
    expected: { worst: "restarts", told: [["restarts", "kube-0", "does not run", "started"]] },
  },
  {
    name: "docker-agent-stopped-drift",
    about: "the same, asked for drift",
    layer: "cluster",
    docker: { byHand: ["stop", "kube-0"], drift: true },
    expected: { worst: "interrupts", told: [["interrupts", "kube-0", "does not run"]] },
  },
  {
    name: "docker-server-removed-by-hand",
    about: "somebody removed the server's container, asked for drift",
    layer: "cluster",
    docker: { byHand: ["remove", "master"], drift: true },
    expected: { worst: "interrupts", told: [["interrupts", "k3s server master"]] },
  },
];
