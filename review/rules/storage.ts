/** Volumes, claims, the class that makes them, namespaces. */
import { bytes } from "../../ground/units";
import { at, textAt } from "../model/tree";
import { differenceAt, goes, isK3sServer } from "../read/things";
import { isDone, type Rule, ruleOn } from "./rule";

const CLAIMS = ["kubernetes_persistent_volume_claim_v1", "PersistentVolumeClaim"];

/** A claim goes. */
export const claimGoes = ruleOn(
  CLAIMS,
  {
    id: "claim-goes",
    explanation: "A volume claim is deleted or replaced: its program starts on an empty volume.",
    risk: "loses data",
  },
  (thing) =>
    goes(thing) && !thing.keep
      ? {
          risk: "loses data",
          what: `${thing.label} ${isDone(thing)}`,
          why: "what is stored in it is no longer found; its files stay for as long as the class retains them, and nothing brings them back by itself",
          remedy: "give back name, namespace and class; to move data, make a second claim and copy",
        }
      : undefined,
);

/** A claim changes its size. */
export const claimResized = ruleOn(
  CLAIMS,
  {
    id: "claim-resized",
    explanation: "A claim's size changes: the local-path class refuses it, and no class can shrink one.",
    risk: "harmless",
  },
  (thing) => {
    const [was, is] = [thing.before, thing.after].map((side) =>
      textAt(side, "spec", "resources", "requests", "storage"),
    );
    if (thing.action !== "update" || was === undefined || is === undefined || was === is) return undefined;
    const smaller = bytes(is) < bytes(was);
    return {
      risk: "harmless",
      what: `${thing.label} goes from ${was} to ${is}`,
      why: smaller
        ? "Kubernetes refuses to shrink a claim: the apply fails here, and nothing is lost"
        : "a class that cannot grow volumes refuses this: the apply then fails here, and nothing is lost",
      remedy: "leave the size of a running site as it is, unless its class can grow volumes",
    };
  },
);

/** A Docker volume goes. */
export const volumeGoes = ruleOn(
  ["docker_volume"],
  {
    id: "volume-goes",
    explanation:
      "A Docker volume of a node is deleted or replaced: k3s's datastore, a node's identity, its pods' files.",
    risk: "loses data",
  },
  (thing, { things }) => {
    if (!goes(thing)) return undefined;
    const [, owner] = /^(.+)-k3s$/.exec(thing.name) ?? [];
    const node = things.find(({ type, name }) => type === "docker_container" && name === owner);
    // Of a node that the plan does not name, the worse is said.
    const server = owner !== undefined && (node === undefined || isK3sServer(node));
    return {
      risk: "loses data",
      what: `${thing.label} ${isDone(thing)}`,
      why: server
        ? "k3s's datastore is on it: every object of the cluster is gone, and the cluster is a new one"
        : "what the node keeps outside of its container is on it, such as the identity without which the server refuses it",
      remedy: "give the volume its old name and address back",
    };
  },
);

/** The storage class changes. */
export const storageClass = ruleOn(
  ["kubernetes_storage_class_v1", "StorageClass"],
  {
    id: "storage-class",
    explanation: "The storage class goes, deletes volumes with their claims from now on, or places them elsewhere.",
    risk: "loses data",
  },
  (thing) => {
    const policy = differenceAt(thing, /reclaim_?policy$/i);
    if (policy && textAt(thing.after, "reclaim_policy") !== "Retain")
      return {
        risk: "loses data",
        what: `${thing.label} no longer retains volumes`,
        why: "a volume made from now on is deleted with its claim, files included",
        remedy: "leave the reclaim policy at Retain",
      };
    if (!goes(thing)) return undefined;
    return {
      risk: "interrupts",
      what: `${thing.label} ${isDone(thing)}`,
      why:
        thing.action === "delete"
          ? "claims that are there stay; a new one of this class waits for ever"
          : "claims that are there stay; new ones are made by the new parameters, and a rebuilt cluster may not find the old folders",
      remedy: "compare the path pattern and the provisioner; do it while nothing claims a volume",
    };
  },
);

/** The folder of volumes changes. */
export const volumeFolder = ruleOn(
  ["kubernetes_config_map_v1"],
  {
    id: "volume-folder",
    explanation: "The folder of the host in which new volumes are made is another one.",
    risk: "interrupts",
  },
  (thing) =>
    thing.name.startsWith("local-path") && differenceAt(thing, /config\.json/)
      ? {
          risk: "interrupts",
          what: `the local-path provisioner makes volumes by another map of folders`,
          why: "volumes that are there keep their folders; a cluster that is built anew looks in the new ones and finds nothing",
          remedy: "move the data before the cluster is next rebuilt",
        }
      : undefined,
);

/** A namespace goes. */
export const namespaceGoes = ruleOn(
  ["kubernetes_namespace_v1", "Namespace"],
  {
    id: "namespace-goes",
    explanation:
      "A namespace is deleted or replaced, and all that is in it: claims, Kafka, topics, Secrets, kept ones too.",
    risk: "loses data",
  },
  (thing) =>
    goes(thing) && !thing.keep
      ? {
          risk: "loses data",
          what: `${thing.label} ${isDone(thing)}`,
          why: "everything in it is deleted, also what is marked to be kept: claims, Kafka with its topics, Secrets",
          remedy: "give the namespace its old name back; a rename needs a new namespace beside the old one",
        }
      : undefined,
);

const CLAIM_NAME = /(^|\.|\])(existingClaim|claimName)$/;

/** A chart would let go of its claim. */
export const claimDropped = ruleOn(
  ["helm_release", "kubernetes_deployment_v1", "kubernetes_stateful_set_v1"],
  {
    id: "claim-dropped",
    explanation:
      "A program lets go of its claim (existingClaim, claimName, persistence.enabled) and starts on another volume.",
    risk: "loses data",
  },
  (thing) => {
    if (!thing.before || !thing.after) return undefined;
    const claim = thing.differences.find(
      ({ path, before }) => (CLAIM_NAME.test(path) || /claim_name$/.test(path)) && before !== undefined,
    );
    const volume = thing.differences.find(
      ({ path, before, after }) =>
        /(^|\.)volumes?\[[^\]]+\]$/.test(path) && after === undefined && JSON.stringify(before).includes("laim"),
    );
    const off = thing.differences.find(
      ({ path, before, after }) =>
        /(^|\.)persistence\.enabled$/.test(path) &&
        before?.kind === "value" &&
        before.value === true &&
        !(after?.kind === "value" && after.value === true),
    );
    const found = claim ?? volume ?? off;
    if (!found) return undefined;
    return {
      risk: "loses data",
      what: `${thing.label} lets go of its volume (${found.path})`,
      why: "the program starts on another volume, empty or of the chart, and what it stored is no longer found",
      remedy: "name the claim as before",
    };
  },
);

/** A chart makes a claim of its own. */
export const claimOfChart = ruleOn(
  ["helm_release"],
  {
    id: "claim-of-chart",
    explanation: "A chart with a claim of its own goes or is replaced: the claim goes with its release.",
    risk: "loses data",
  },
  (thing) => {
    const persistence = at(thing.release?.before?.values, "persistence");
    const own = at(persistence, "enabled") === true && !textAt(persistence, "existingClaim");
    if (!goes(thing) || !own) return undefined;
    return {
      risk: "loses data",
      what: `the claim that the chart of ${thing.label} made goes with it`,
      why: "a claim of a chart is part of its release",
      remedy: "keep the release, or copy its data to a claim of ours first",
    };
  },
);

/** All of them. */
export const STORAGE_RULES: readonly Rule[] = [
  claimGoes,
  claimDropped,
  claimOfChart,
  volumeGoes,
  namespaceGoes,
  storageClass,
  volumeFolder,
  claimResized,
];
