/** Volumes, PVCs, and the class that makes them. */
import { bytes } from "../../ground/units";
import { at, textAt } from "../model/tree";
import { differenceAt, goes } from "../read/resources";
import { isDone, ruleOn, type Rule } from "./rule";

const CLAIMS = ["kubernetes_persistent_volume_claim_v1", "PersistentVolumeClaim"];

/** A claim goes. */
const claimGoes = ruleOn(
  CLAIMS,
  {
    id: "claim-goes",
    explanation: "A volume claim is deleted or replaced: its program starts on an empty volume.",
    risk: "loses data",
  },
  (resource) =>
    goes(resource) && !resource.keep
      ? {
          risk: "loses data",
          what: `${resource.label} ${isDone(resource)}`,
          why: "what is stored in it is no longer found; its files stay for as long as the class retains them, and nothing brings them back by itself",
          remedy: "give back name, namespace and class; to move data, make a second claim and copy",
        }
      : undefined,
);

/** A claim changes its size. */
const claimResized = ruleOn(
  CLAIMS,
  {
    id: "claim-resized",
    explanation: "A claim's size changes: the local-path class refuses it, and no class can shrink one.",
    risk: "harmless",
  },
  (resource) => {
    const [was, is] = [resource.before, resource.after].map((side) =>
      textAt(side, "spec", "resources", "requests", "storage"),
    );
    if (resource.action !== "update" || was === undefined || is === undefined || was === is) return undefined;
    const smaller = bytes(is) < bytes(was);
    return {
      risk: "harmless",
      what: `${resource.label} goes from ${was} to ${is}`,
      why: smaller
        ? "Kubernetes refuses to shrink a claim: the apply fails here, and nothing is lost"
        : "a class that cannot grow volumes refuses this: the apply then fails here, and nothing is lost",
      remedy: "leave the size of a running site as it is, unless its class can grow volumes",
    };
  },
);

/** The storage class changes. */
const storageClass = ruleOn(
  ["kubernetes_storage_class_v1", "StorageClass"],
  {
    id: "storage-class",
    explanation: "The storage class goes, deletes volumes with their claims from now on, or places them elsewhere.",
    risk: "loses data",
  },
  (resource) => {
    const policy = differenceAt(resource, /reclaim_?policy$/i);
    if (policy && textAt(resource.after, "reclaim_policy") !== "Retain")
      return {
        risk: "loses data",
        what: `${resource.label} no longer retains volumes`,
        why: "a volume made from now on is deleted with its claim, files included",
        remedy: "leave the reclaim policy at Retain",
      };
    if (!goes(resource)) return undefined;
    return {
      risk: "interrupts",
      what: `${resource.label} ${isDone(resource)}`,
      why:
        resource.action === "delete"
          ? "claims that are there stay; a new one of this class waits for ever"
          : "claims that are there stay; new ones are made by the new parameters, and a rebuilt cluster may not find the old folders",
      remedy: "compare the path pattern and the provisioner; do it while nothing claims a volume",
    };
  },
);

/** The folder of volumes changes. */
const volumeFolder = ruleOn(
  ["kubernetes_config_map_v1"],
  {
    id: "volume-folder",
    explanation: "The folder of the host in which new volumes are made is another one.",
    risk: "interrupts",
  },
  (resource) =>
    resource.name.startsWith("local-path") && differenceAt(resource, /config\.json/)
      ? {
          risk: "interrupts",
          what: `the local-path provisioner makes volumes by another map of folders`,
          why: "volumes that are there keep their folders; a cluster that is built anew looks in the new ones and finds nothing",
          remedy: "move the data before the cluster is next rebuilt",
        }
      : undefined,
);

const CLAIM_NAME = /(^|\.|\])(existingClaim|claimName)$/;

/** A chart would let go of its claim. */
const claimDropped = ruleOn(
  ["helm_release", "kubernetes_deployment_v1", "kubernetes_stateful_set_v1"],
  {
    id: "claim-dropped",
    explanation:
      "A program lets go of its claim (existingClaim, claimName, persistence.enabled) and starts on another volume.",
    risk: "loses data",
  },
  (resource) => {
    if (!resource.before || !resource.after) return undefined;
    const claim = resource.differences.find(
      ({ path, before }) => (CLAIM_NAME.test(path) || /claim_name$/.test(path)) && before !== undefined,
    );
    const volume = resource.differences.find(
      ({ path, before, after }) =>
        /(^|\.)volumes?\[[^\]]+\]$/.test(path) && after === undefined && JSON.stringify(before).includes("laim"),
    );
    const off = resource.differences.find(
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
      what: `${resource.label} lets go of its volume (${found.path})`,
      why: "the program starts on another volume, empty or of the chart, and what it stored is no longer found",
      remedy: "name the claim as before",
    };
  },
);

/** A chart makes a claim of its own. */
const claimOfChart = ruleOn(
  ["helm_release"],
  {
    id: "claim-of-chart",
    explanation: "A chart with a claim of its own goes or is replaced: the claim goes with its release.",
    risk: "loses data",
  },
  (resource) => {
    const persistence = at(resource.release?.before?.values, "persistence");
    const own = at(persistence, "enabled") === true && !textAt(persistence, "existingClaim");
    if (!goes(resource) || !own) return undefined;
    return {
      risk: "loses data",
      what: `the claim that the chart of ${resource.label} made goes with it`,
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
  storageClass,
  volumeFolder,
  claimResized,
];
