/** Cases of nodes in real containers: the cluster layer on Docker. */
import { CLUSTER_DEFAULTS } from "../../environments/systems/cluster/defaults";
import { type Case, casesOf, type EditableJson } from "./case";
import { only, remove } from "./edit";

/** A patch of the release of k3s, so many above the usual one. */
function patch(above: number): string {
  return CLUSTER_DEFAULTS.k3s.version.replace(/\.(\d+)-/, (_all, number: string) => `.${Number(number) + above}-`);
}

const [OLD, NOW, NEXT] = [patch(-1), patch(0), patch(1)];

/** Images that must be there: those of the cluster that every case begins with. */
export const DOCKER_IMAGES = [NOW, OLD].map((version) => `${CLUSTER_DEFAULTS.k3s.image}:${version}`);

/** The cluster that every case begins with: an agent that is a patch behind its server. */
export function baseCluster(site: EditableJson): void {
  site.cluster.version = NOW;
  site.cluster.agents = [{ name: "kube-0", version: OLD }];
}

const DOCKER = { layer: "cluster", docker: {} } as const;

/** Takes a mount from a node. */
const unmount = (stack: EditableJson, node: RegExp, path: string): void => {
  const container = only(stack, "docker_container", node);
  container.volumes = container.volumes.filter((one: EditableJson) => one.container_path !== path);
};

/** Every case. */
export const DOCKER_CASES: readonly Case[] = [
  ...casesOf(DOCKER, {
    "docker-server-upgraded": {
      about: "the site asks for the next patch of k3s on the server",
      site: (site) => (site.cluster.version = NEXT),
      told: [
        ["interrupts", "k3s", NOW, NEXT, "master"],
        ["interrupts", "k3s server master", "replaced"],
      ],
    },
    "docker-server-downgraded": {
      about: "the site asks for an earlier minor of k3s",
      stack: (stack) => {
        const image = only(stack, "docker_image", /master$/);
        image.name = image.name.replace(/:.*/, ":v1.35.9-k3s1");
      },
      told: [["loses data", "k3s", "down", NOW, "v1.35.9-k3s1", "master"]],
    },
    "docker-agent-upgraded": {
      about: "the agent follows its server to the later patch",
      site: (site) => delete site.cluster.agents[0].version,
      told: [
        ["interrupts", "k3s", OLD, NOW, "kube-0"],
        ["interrupts", "k3s agent kube-0", "replaced"],
      ],
    },
    "docker-volume-removed": {
      about: "the volume with the server's datastore leaves the program",
      stack: (stack) => {
        remove("docker_volume", /master-k3s$/)(stack);
        unmount(stack, /master$/, "/var/lib/rancher/k3s");
      },
      told: [
        ["loses data", "volume", "master-k3s", "deleted"],
        ["interrupts", "k3s server master", "replaced"],
      ],
    },
    "docker-volume-renamed": {
      about: "the volume with the agent's identity gets another name",
      stack: (stack) => (only(stack, "docker_volume", /kube-0-node$/).name += "-2"),
      told: [["loses data", "volume", "kube-0-node", "replaced"]],
    },
    "docker-mount-removed": {
      about: "the server no longer mounts the volume with its datastore, which stays",
      stack: (stack) => unmount(stack, /master$/, "/var/lib/rancher/k3s"),
      told: [["loses data", "master", "/var/lib/rancher/k3s", "master-k3s"]],
    },
    "docker-host-path": {
      about: "the folder of the host with the data of all volumes is another one",
      site: (site) => (site.cluster.hostPath = "/other"),
      told: [
        ["loses data", "master", "/data", "/other"],
        ["loses data", "kube-0", "/data", "/other"],
        ["interrupts", "k3s server master", "replaced"],
      ],
    },
    "docker-config": {
      about: "nodes may run more pods: k3s's configuration, which is uploaded, is another one",
      site: (site) => (site.cluster.maxPods = 120),
      told: [
        ["interrupts", "k3s server master", "replaced"],
        ["interrupts", "k3s agent kube-0", "replaced"],
      ],
    },
    "docker-agent-removed": {
      about: "the agent leaves the site's file",
      site: (site) => (site.cluster.agents = []),
      told: [
        ["loses data", "volume", "kube-0-k3s", "deleted"],
        ["loses data", "volume", "kube-0-node", "deleted"],
        ["interrupts", "k3s agent kube-0", "deleted"],
      ],
    },
    "docker-agent-added": {
      about: "the site has a second agent",
      site: (site) => site.cluster.agents.push({ name: "kube-1" }),
      told: [["harmless", "k3s agent kube-1", "new"]],
    },
    "docker-agent-stopped": {
      about: "somebody stopped the agent's container, and the site is planned",
      docker: { byHand: ["stop", "kube-0"] },
      told: [["restarts", "kube-0", "does not run", "started"]],
    },
    "docker-agent-stopped-drift": {
      about: "the same, asked for drift",
      docker: { byHand: ["stop", "kube-0"], drift: true },
      told: [["interrupts", "kube-0", "does not run"]],
    },
    "docker-server-removed-by-hand": {
      about: "somebody removed the server's container, asked for drift",
      docker: { byHand: ["remove", "master"], drift: true },
      told: [["interrupts", "k3s server master"]],
    },
  }),
];
