/** The form of the cluster: k3s in Docker, GKE, or one that is there already. */
import { z } from "zod";
import { DEFAULTS } from "./defaults";
import { positive, webAddress } from "./schema-parts";
import * as unit from "../ground/units";

const capacity = z
  .strictObject({
    cpu: unit.cpu().optional().describe("Cores"),
    memory: unit.quantity().optional().describe("Memory"),
    disk: unit.quantity().optional().describe("The file system below hostPath"),
  })
  .optional()
  .describe("What the host has; rules that need it only warn where it is left out");

const agent = z.strictObject({
  name: unit.kubernetesName().describe("Name of container and node, kube-<n> by custom"),
  dockerHost: unit.dockerHost().optional().describe("Docker host; the server's when left out"),
  version: unit
    .k3sVersion()
    .optional()
    .describe("Release of k3s on this node while an upgrade is under way, the server's when left out"),
  labels: unit.labels(true).default({}).describe("Labels of the node"),
});

const k3s = z.strictObject({
  kind: z.literal("k3s"),
  version: unit.k3sVersion().default(DEFAULTS.k3s.version).describe("Release of k3s, the tag of its image"),
  image: unit.imageRepository().default(DEFAULTS.k3s.image).describe("Repository of the k3s image"),
  serverName: unit
    .kubernetesName()
    .default(DEFAULTS.k3s.serverName)
    .describe(
      "Name of the server's container and node. Another one is another cluster: its volumes are named after it",
    ),
  dockerHost: unit.dockerHost().optional().describe("Docker host of the server; left out, it is the input docker_host"),
  address: unit
    .address()
    .optional()
    .describe(
      "Address by which operators, agents and clients reach the server; left out, it is the input server_address",
    ),
  apiPort: unit.port().default(DEFAULTS.k3s.apiPort).describe("Port of the Kubernetes API"),
  hostPath: unit
    .hostPath()
    .default(DEFAULTS.k3s.hostPath)
    .describe("Folder of the host that holds the data of all volumes"),
  tlsSans: z.array(unit.address()).default([]).describe("More names and addresses of the API server"),
  maxPods: positive("allowed a whole number from 1, say how many pods one node may run")
    .refine((value) => value <= 1000, { error: "allowed at most 1000, add agents instead" })
    .default(DEFAULTS.k3s.maxPods)
    .describe("Pods per node. Also sets the size of the node's network, which cannot change later"),
  registryMirror: webAddress()
    .optional()
    .describe("Mirror of docker.io, ghcr.io, quay.io and registry.k8s.io for a site without internet"),
  capacity,
  agents: z.array(agent).default([]).describe("Workers beside the server"),
});

const gke = z.strictObject({
  kind: z.literal("gke"),
  project: unit.googleProject().describe("Id of the Google project"),
  zone: unit.googleZone().describe("Zone of control plane, nodes and disks"),
  releaseChannel: z
    .enum(["RAPID", "REGULAR", "STABLE", "EXTENDED"])
    .default(DEFAULTS.gke.releaseChannel)
    .describe("Channel from which Google upgrades control plane and nodes"),
  machineType: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)+$/, { error: "allowed a machine type of Google (n1-standard-4), copy its name" })
    .describe("Machine type of every node"),
  nodes: positive("allowed a whole number from 1, say how many nodes there are").describe("Number of nodes"),
  diskGb: positive("allowed a whole number of gigabytes from 10")
    .refine((value) => value >= 10, { error: "allowed at least 10, the smallest disk of a node" })
    .default(DEFAULTS.gke.diskGb)
    .describe("Disk of every node, in GB; volumes have disks of their own"),
  diskType: z.enum(["pd-standard", "pd-balanced", "pd-ssd"]).default(DEFAULTS.gke.diskType),
  privateNodes: z
    .boolean()
    .default(false)
    .describe("Nodes without public addresses; they reach the outside through Cloud NAT"),
  maintenanceStart: unit
    .timeOfDay()
    .default(DEFAULTS.gke.maintenanceStart)
    .describe("When Google's daily window for maintenance begins, in GMT"),
  capacity: capacity.describe("What all nodes have together; rules that need it only warn where it is left out"),
});

const existing = z.strictObject({
  kind: z.literal("existing"),
  kubeconfig: unit.hostPath().describe("File with the access to the cluster"),
  address: unit
    .address()
    .optional()
    .describe("Address by which clients reach the cluster's nodes; left out where load balancers have their own"),
  provisioner: z
    .enum(["local-path", "gce-pd", "none"])
    .default("local-path")
    .describe(
      "Who makes volumes: the local-path provisioner, which we bring, Google's disks, or a class that is there",
    ),
  hostPath: unit
    .hostPath()
    .default(DEFAULTS.k3s.hostPath)
    .describe("Folder of the nodes that holds the data of all volumes"),
  capacity,
});

/** The cluster of a site. */
export const cluster = z.discriminatedUnion("kind", [k3s, gke, existing]);
