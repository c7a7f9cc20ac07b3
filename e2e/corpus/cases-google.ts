/** Cases of GKE: the cluster layer at Google, on a state that is made up. */
import { type Case, casesOf, type EditableJson } from "./case";
import { drop, only } from "./edit";

/** The site that every case begins with: on GKE, with all that Terraform and Google protect. */
export function gkeSite(site: EditableJson): void {
  const { capacity } = site.cluster;
  site.cluster = {
    kind: "gke",
    project: "toy-project",
    zone: "us-central1-b",
    machineType: "n1-standard-4",
    nodes: 4,
    capacity,
  };
  site.allowDestroys = [];
  site.domain = "example.org";
  site.secrets = { kind: "vault", server: "https://vault.example.org", mount: "secret", path: "efd" };
  site.dns = { kind: "external-dns", region: "us-east-1", zone: "example.org" };
  site.kafka.access = { kind: "loadbalancer" };
  site.kafka.brokers = [0, 1, 2].map((id) => ({ id }));
}

const CLUSTER = "google_container_cluster.cluster";

/** The site allows the layer to be destroyed. */
const allow = (site: EditableJson): void => {
  site.allowDestroys = [`${site.name}-cluster`];
};

/** A case of a site that allowed the layer to be destroyed before: else Terraform refuses its own plan. */
const UNPROTECTED = { layer: "cluster", google: true, first: { site: allow }, site: allow } as const;
const PROTECTED = { layer: "cluster", google: true } as const;

const pool = (stack: EditableJson): EditableJson => only(stack, "google_container_node_pool", /./);

/** Takes the node pool out. */
const dropPool = (stack: EditableJson): void => {
  drop(stack, `google_container_node_pool.${Object.keys(stack.resource.google_container_node_pool)[0]}`);
};

/** Every case. */
export const GOOGLE_CASES: readonly Case[] = [
  ...casesOf(UNPROTECTED, {
    "google-zone": {
      about: "the site asks for another zone of the same region",
      site: (site) => {
        allow(site);
        site.cluster.zone = "us-central1-c";
      },
      told: [
        ["loses data", "GKE cluster", "replaced"],
        ["interrupts", "node pool", "replaced"],
      ],
    },
    "google-network-renamed": {
      about: "the network gets another name",
      stack: (stack) => (stack.resource.google_compute_network.network.name += "-2"),
      told: [
        ["loses data", "network", "replaced"],
        ["loses data", "subnetwork", "replaced"],
        ["loses data", "GKE cluster", "replaced"],
        ["interrupts", "node pool", "replaced"],
      ],
    },
    "google-subnetwork-smaller": {
      about: "the range of the nodes is a part of what it was",
      stack: (stack) => (stack.resource.google_compute_subnetwork.subnetwork.ip_cidr_range = "10.0.0.0/24"),
      told: [
        ["loses data", "subnetwork", "replaced"],
        ["loses data", "GKE cluster", "replaced"],
      ],
    },
    "google-private-nodes": {
      about: "the site asks for nodes without public addresses",
      site: (site) => {
        allow(site);
        site.cluster.privateNodes = true;
      },
      told: [["loses data", "GKE cluster", "replaced"]],
    },
    "google-cluster-removed": {
      about: "cluster, node pool and kubeconfig leave the program",
      stack: (stack) => {
        dropPool(stack);
        drop(stack, CLUSTER);
        delete stack.resource.local_sensitive_file;
        delete stack.output;
      },
      told: [
        ["loses data", "GKE cluster", "deleted"],
        ["interrupts", "node pool", "deleted"],
      ],
    },
    "google-cluster-half-made": {
      about: "the apply that made the cluster failed half way, and the site is planned again",
      tainted: CLUSTER,
      told: [["loses data", "GKE cluster", "replaced"]],
    },
  }),
  ...casesOf(PROTECTED, {
    "google-zone-protected": {
      about: "the same where the cluster is protected: Terraform refuses its own plan",
      site: (site) => (site.cluster.zone = "us-central1-c"),
      told: [["loses data", "GKE cluster", "replaced"]],
    },
    "google-protection-gone": {
      about: "the site allows the layer to be destroyed",
      site: allow,
      told: [["harmless", "GKE cluster", "no longer protected"]],
    },
    "google-release-channel": {
      about: "the site asks for a channel with newer releases",
      site: (site) => (site.cluster.releaseChannel = "RAPID"),
      told: [["restarts", "GKE cluster", "REGULAR", "RAPID"]],
    },
    "google-maintenance": {
      about: "the daily window for maintenance begins two hours later",
      site: (site) => (site.cluster.maintenanceStart = "05:00"),
      told: [["harmless", "GKE cluster", "03:00", "05:00"]],
    },
    "google-machine-type": {
      about: "the site asks for larger nodes",
      site: (site) => (site.cluster.machineType = "n1-standard-8"),
      told: [["restarts", "node pool", "changed"]],
    },
    "google-node-disk": {
      about: "the site asks for another kind of disk in its nodes",
      site: (site) => (site.cluster.diskType = "pd-ssd"),
      told: [["restarts", "node pool", "changed"]],
    },
    "google-fewer-nodes": {
      about: "the site asks for a node less",
      site: (site) => (site.cluster.nodes = 3),
      told: [["interrupts", "node pool", "from 4 to 3"]],
    },
    "google-more-nodes": {
      about: "the site asks for two nodes more",
      site: (site) => (site.cluster.nodes = 6),
      told: [["harmless", "node pool", "from 4 to 6"]],
    },
    "google-pool-renamed": {
      about: "the node pool gets another name",
      stack: (stack) => (pool(stack).name += "-2"),
      told: [["interrupts", "node pool", "replaced"]],
    },
    "google-pool-removed": {
      about: "the node pool leaves the program",
      stack: dropPool,
      told: [["interrupts", "node pool", "deleted"]],
    },
    "google-account-renamed": {
      about: "the account of the nodes gets another name",
      stack: (stack) => (only(stack, "google_service_account", /./).account_id += "-2"),
      told: [
        ["interrupts", "node pool", "replaced"],
        ["changes access", "service account", "replaced"],
      ],
    },
    "google-pods-as-nodes": {
      about: "pods may take the account of their node",
      stack: (stack) => (pool(stack).node_config.workload_metadata_config.mode = "GCE_METADATA"),
      told: [
        ["restarts", "node pool", "changed"],
        ["changes access", "node pool", "account"],
      ],
    },
  }),
];
