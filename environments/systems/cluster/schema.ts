/** The form of the cluster: k3s in Docker, GKE, or one that is there already. */
import { z } from "zod";
import * as form from "../../values/forms";
import { COUNTS } from "../../values/limits";
import { labelsForm } from "../../values/labels";
import * as amount from "../../values/quantities";
import type { SiteOf } from "../../values/system";
import { CLUSTER_DEFAULTS } from "./defaults";

/** A release of k3s as the image tag writes it. */
export const k3sVersion = () =>
  form.textForm(
    (v) => /^v\d+\.\d+\.\d+-k3s\d+$/.test(v),
    "a release of k3s as an image tag (v1.36.5-k3s1)",
    "pin one, never latest",
  );

const IMAGE_NAME = /^([a-z0-9.-]+(:\d+)?\/)?[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/;

/** Where an image is found, without the tag, which has a key of its own. */
export const imageRepository = () =>
  form.textForm(
    (v) => IMAGE_NAME.test(v) && form.namesRegistry(v),
    "an image with its registry, without tag and digest (docker.io/rancher/k3s)",
    "write the tag as the key version",
    (value) =>
      typeof value === "string" && IMAGE_NAME.test(value) ? "write its registry before it (docker.io/…)" : undefined,
  );

/** An id of a Google project. */
const googleProject = () =>
  form.textForm(
    (v) => /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(v),
    "the id of a Google project (6–30 lower-case letters, digits and hyphens)",
    "copy it from Google's console",
  );

/** A zone of Google, such as `us-central1-b`. */
const googleZone = () =>
  form.textForm(
    (v) => /^[a-z]+(-[a-z]+)+\d+-[a-z]$/.test(v),
    "a zone of Google (us-central1-b)",
    "name region and zone",
  );

const capacity = z
  .strictObject({
    cpu: amount.hostCpu().optional().describe("Cores"),
    memory: amount.hostMemory().optional().describe("Memory"),
    disk: amount.fileSystem().optional().describe("The file system below hostPath"),
  })
  .optional()
  .describe("What the host has; rules that need it only warn where it is left out");

const networkCard = () =>
  form
    .networkCard()
    .optional()
    .describe(
      "Network card with that address, through which packets between nodes go; left out, it is that of the default route",
    );

const agent = z.strictObject({
  name: form.kubernetesNameForm().describe("Name of container and node, kube-<n> by custom"),
  dockerHost: form.dockerHost().optional().describe("Docker host; the server's when left out"),
  version: k3sVersion()
    .optional()
    .describe("Release of k3s on this node while an upgrade is under way, the server's when left out"),
  labels: labelsForm(true).default({}).describe("Labels of the node"),
  address: form
    .machineAddress()
    .optional()
    .describe(
      "Address of an agent on another host, by which the other nodes reach it; left out, it is that of `dockerHost` where this is one, otherwise that of the default route",
    ),
  networkCard: networkCard(),
  hostPath: form
    .hostPath()
    .optional()
    .describe(
      "Folder of the agent's host that holds the data of this node's volumes; the server's when left out. Volumes do not move with it",
    ),
});

const k3s = z.strictObject({
  kind: z.literal("k3s"),
  version: k3sVersion().default(CLUSTER_DEFAULTS.k3s.version).describe("Release of k3s, the tag of its image"),
  image: imageRepository().default(CLUSTER_DEFAULTS.k3s.image).describe("Repository of the k3s image"),
  serverName: form
    .kubernetesNameForm()
    .default(CLUSTER_DEFAULTS.k3s.serverName)
    .describe(
      "Name of the server's container and node. Another one is another cluster: its volumes are named after it",
    ),
  dockerHost: form.dockerHost().optional().describe("Docker host of the server; left out, it is the input docker_host"),
  address: form
    .address()
    .optional()
    .describe(
      "Address by which operators, agents and clients reach the server; left out, it is the input server_address",
    ),
  nodeAddress: form
    .machineAddress()
    .optional()
    .describe(
      "Address of the server on its own network card, where `address` is none: a name, or one that is translated; left out, it is `address`",
    ),
  networkCard: networkCard(),
  clusterCidr: form
    .privateNetwork()
    .default(CLUSTER_DEFAULTS.k3s.clusterCidr)
    .describe("Network of the pods. Fixed when the cluster is made"),
  serviceCidr: form
    .privateNetwork()
    .default(CLUSTER_DEFAULTS.k3s.serviceCidr)
    .describe("Network of the Services, whose tenth address is the cluster's DNS. Fixed when the cluster is made"),
  apiPort: form.port().default(CLUSTER_DEFAULTS.k3s.apiPort).describe("Port of the Kubernetes API"),
  hostPath: form
    .hostPath()
    .default(CLUSTER_DEFAULTS.k3s.hostPath)
    .describe("Folder of the host that holds the data of all volumes"),
  hostPathIsMount: z
    .boolean()
    .default(false)
    .describe(
      "Whether this folder, and every other that holds volumes, is on a file system of its own on every host; `deploy` then refuses a host where it is not mounted",
    ),
  tlsSans: z.array(form.address()).default([]).describe("More names and addresses of the API server"),
  maxPods: form
    .wholeNumber(1, 1000, "a whole number from 1", "say how many pods one node may run")
    .default(CLUSTER_DEFAULTS.k3s.maxPods)
    .describe("Pods per node. Also sets the size of the node's network, which cannot change later"),
  registryMirror: form
    .webAddress()
    .optional()
    .describe("Mirror of docker.io, ghcr.io, quay.io and registry.k8s.io for a site without internet"),
  allowCgroupV1: z
    .boolean()
    .default(CLUSTER_DEFAULTS.k3s.allowCgroupV1)
    .describe(
      "Whether kubelets start on hosts with control groups of version 1, and `deploy` lets such hosts through. What that takes on: Kubernetes gives it no support and may remove it from 1.38 on, so later releases of k3s do not start there; pods get no swap and no protected memory (MemoryQoS); and out of memory the kernel ends one process of a container, not the container. A change replaces every node's container",
    ),
  capacity,
  agents: z.array(agent).default([]).describe("Workers beside the server"),
});

const gke = z.strictObject({
  kind: z.literal("gke"),
  project: googleProject().describe("Id of the Google project"),
  zone: googleZone().describe("Zone of control plane, nodes and disks"),
  releaseChannel: z
    .enum(["RAPID", "REGULAR", "STABLE", "EXTENDED"])
    .default(CLUSTER_DEFAULTS.gke.releaseChannel)
    .describe("Channel from which Google upgrades control plane and nodes"),
  machineType: form
    .matching(/^[a-z0-9]{1,20}(-[a-z0-9]{1,20}){1,4}$/, "a machine type of Google (n1-standard-4)", "copy its name")
    .describe("Machine type of every node"),
  nodes: form.count(COUNTS.nodes).describe("Number of nodes"),
  diskGb: form
    .count(COUNTS.nodeDisk, "a whole number of gigabytes from 10 to 65536, the smallest and the largest disk of a node")
    .default(CLUSTER_DEFAULTS.gke.diskGb)
    .describe("Disk of every node, in GB; volumes have disks of their own"),
  diskType: z.enum(["pd-standard", "pd-balanced", "pd-ssd"]).default(CLUSTER_DEFAULTS.gke.diskType),
  privateNodes: z
    .boolean()
    .default(false)
    .describe("Nodes without public addresses; they reach the outside through Cloud NAT"),
  maintenanceStart: form
    .timeOfDay()
    .default(CLUSTER_DEFAULTS.gke.maintenanceStart)
    .describe("When Google's daily window for maintenance begins, in GMT"),
  capacity: capacity.describe("What all nodes have together; rules that need it only warn where it is left out"),
});

const existing = z.strictObject({
  kind: z.literal("existing"),
  kubeconfig: form.filePath().describe("File with the access to the cluster"),
  address: form
    .address()
    .optional()
    .describe("Address by which clients reach the cluster's nodes; left out where load balancers have their own"),
  provisioner: z
    .enum(["local-path", "gce-pd", "none"])
    .default("local-path")
    .describe(
      "Who makes volumes: the local-path provisioner, which we bring, Google's disks, or a class that is there",
    ),
  hostPath: form
    .hostPath()
    .default(CLUSTER_DEFAULTS.k3s.hostPath)
    .describe("Folder of the nodes that holds the data of all volumes"),
  capacity,
});

/** The cluster's section of a site's file. */
export const schema = { cluster: z.discriminatedUnion("kind", [k3s, gke, existing]) };

/** What a site's file says of its cluster. */
export type ClusterSite = SiteOf<typeof schema>;
