/** Nodes of k3s in Docker, its authorities, GKE. */
import { at, listAt, textAt } from "../tree";
import { differenceAt, goes, type Thing } from "../things";
import { isDone, type Rule, ruleOn, stepOf } from "./rule";

const isServer = (thing: Thing): boolean =>
  [thing.before, thing.after].some((side) => listAt(side, "command").includes("server")) || thing.name === "master";

/** A node's container goes. */
export const nodeReplaced = ruleOn(
  ["docker_container"],
  {
    id: "node-replaced",
    explanation:
      "A node's container is deleted or replaced: every pod of it stops at once; with the server, the API too.",
    risk: "interrupts",
  },
  (thing) => {
    if (!goes(thing)) return undefined;
    return isServer(thing)
      ? {
          risk: "interrupts",
          what: `the k3s server ${thing.name} ${isDone(thing)}`,
          why: "all its pods stop at once and the API is away until it is up again, at a site of one node that is the whole EFD; its volumes stay",
          remedy: "do it outside observing hours; Kafka keeps nothing that nobody could write meanwhile",
        }
      : {
          risk: "interrupts",
          what: `the k3s agent ${thing.name} ${isDone(thing)}`,
          why: "the pods of this node stop at once, nothing is drained; its volumes stay",
          remedy: "drain the node first",
        };
  },
);

/** A node's container changes in place. */
export const nodeChanged = ruleOn(
  ["docker_container"],
  {
    id: "node-changed",
    explanation: "A node's container changes in place: limits and restart policy, without a stop.",
    risk: "harmless",
  },
  (thing) =>
    thing.action === "update"
      ? {
          risk: "harmless",
          what: `the node ${thing.name} is changed in place`,
          why: "Docker changes limits and restart policy of a running container",
          remedy: "nothing",
        }
      : undefined,
);

const tagOf = (name: string | undefined): string | undefined => name?.split(":").at(-1);

/** The release of k3s changes. */
export const k3sVersion = ruleOn(
  ["docker_image"],
  {
    id: "k3s-version",
    explanation:
      "Another release of k3s: every node on it is replaced; a lower one cannot read the datastore, and no minor may be left out.",
    risk: "loses data",
  },
  (thing) => {
    const [from, to] = [thing.before, thing.after].map((side) => tagOf(textAt(side, "name")));
    if (!/k3s/.test(textAt(thing.after, "name") ?? "") || from === undefined || to === undefined || from === to)
      return undefined;
    const step = stepOf(from, to);
    const minors = Number(/\.(\d+)\./.exec(to)?.[1]) - Number(/\.(\d+)\./.exec(from)?.[1]);
    if (step === "down")
      return {
        risk: "loses data",
        what: `k3s goes down from ${from} to ${to}`,
        why: "a lower release may not read what the higher one wrote into the datastore: every object of the cluster can be lost",
        remedy: "stay on the higher release, or restore a copy of the volume master-k3s that the lower one wrote",
      };
    return {
      risk: "interrupts",
      what: `k3s goes from ${from} to ${to}`,
      why: `every node's container is replaced, nothing is drained${step === "major" || minors > 1 ? "; Kubernetes allows no minor release to be left out" : ""}`,
      remedy: "copy the volume master-k3s first; do it outside observing hours, one minor release at a time",
    };
  },
);

/** What k3s refuses its volume without. */
const isAuthority = ({ type, id }: Thing): boolean =>
  type === "tls_self_signed_cert" || (type === "tls_private_key" && id !== "admin") || type === "random_password";

/** An authority or the token of the cluster goes. */
export const authorityReplaced = ruleOn(
  ["tls_private_key", "tls_self_signed_cert", "random_password"],
  {
    id: "authority-replaced",
    explanation:
      "An authority, the key of the service accounts or the join token is made anew: k3s refuses its volume with any other.",
    risk: "loses data",
  },
  (thing) =>
    goes(thing) && isAuthority(thing)
      ? {
          risk: "loses data",
          what: `${thing.label} (${thing.id}) ${isDone(thing)}`,
          why: "k3s refuses its datastore with any other, nodes and service accounts are no longer trusted, and nothing brings the old one back",
          remedy: "give back what it is made from; see the guide for the rotation that k3s offers",
        }
      : undefined,
);

/** The administrator's access is made anew. */
export const adminAccess = ruleOn(
  ["tls_private_key", "tls_cert_request", "tls_locally_signed_cert", "local_sensitive_file"],
  {
    id: "admin-access",
    explanation: "The administrator's certificate or the kubeconfig is made anew: copies of it end.",
    risk: "changes access",
  },
  (thing) => {
    if (isAuthority(thing) || thing.action === "create" || thing.action === "move") return undefined;
    return {
      risk: "changes access",
      what: `the access of the cluster's administrator is another (${thing.label} ${isDone(thing)})`,
      why: "copies of the kubeconfig on other machines go on until their certificate ends, or end now where the authority changes",
      remedy: "remove copies and run access again",
    };
  },
);

/** The network or the cluster at Google goes. */
export const gkeGoes = ruleOn(
  ["google_container_cluster", "google_compute_network", "google_compute_subnetwork"],
  {
    id: "gke-goes",
    explanation: "The GKE cluster or its network is deleted or replaced, and with it all that runs.",
    risk: "loses data",
  },
  (thing) =>
    goes(thing)
      ? {
          risk: "loses data",
          what: `${thing.label} ${isDone(thing)}`,
          why: "the cluster's objects are gone, Secrets included; its disks stay with Google, and no claim leads to them",
          remedy: "leave name, zone and ranges as they are; a new cluster stands beside the old one",
        }
      : undefined,
);

/** Nodes at Google. */
export const nodePool = ruleOn(
  ["google_container_node_pool"],
  {
    id: "node-pool",
    explanation: "A node pool at Google is replaced, deleted or changed: its nodes are made anew.",
    risk: "interrupts",
  },
  (thing) => {
    if (thing.action === "create") return undefined;
    const fewer = Number(at(thing.after, "node_count")) < Number(at(thing.before, "node_count"));
    if (!goes(thing) && !fewer && !differenceAt(thing, /^(node_config|version)/)) return undefined;
    return {
      risk: goes(thing) || fewer ? "interrupts" : "restarts",
      what: `${thing.label} ${fewer && !goes(thing) ? "loses nodes" : isDone(thing)}`,
      why: goes(thing)
        ? "all its pods stop; disks follow to the new nodes"
        : "Google drains node after node, within the disruption budgets",
      remedy: goes(thing)
        ? "make the new pool beside the old one, drain, then remove"
        : "do it outside observing hours",
    };
  },
);

/** All of them. */
export const CLUSTER_RULES: readonly Rule[] = [
  authorityReplaced,
  gkeGoes,
  k3sVersion,
  nodeReplaced,
  nodePool,
  adminAccess,
  nodeChanged,
];
