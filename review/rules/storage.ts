/** Volumes, PVCs, and the class that makes them. */
import { bytes } from "../../ground/units";
import { at, textAt } from "../model/tree";
import { differenceAt, goes, sides } from "../read/resources";
import { onEach, onLoss, type Rule } from "./rule";

const PVCS = ["kubernetes_persistent_volume_claim_v1", "PersistentVolumeClaim"];

const PVC_NAME = /(^|\.|\])(existingClaim|claimName)$/;

/** All of them. */
export const STORAGE_RULES: readonly Rule[] = [
  {
    id: "pvc-goes",
    explanation: "A PVC is deleted or replaced: its program starts on an empty volume.",
    risk: "loses data",
    find: onLoss(PVCS, () => ({
      why: "what is stored in it is no longer found; its files stay for as long as the class retains them, and nothing brings them back by itself",
      remedy: "restore name, namespace and class; to move data, make a second PVC and copy",
    })),
  },
  {
    id: "pvc-dropped",
    explanation:
      "A program no longer uses its PVC (existingClaim, claimName, persistence.enabled) and starts on another volume.",
    risk: "loses data",
    find: onEach(["helm_release", "kubernetes_deployment_v1", "kubernetes_stateful_set_v1"], (resource) => {
      if (!resource.before || !resource.after) return undefined;
      const pvc = resource.differences.find(
        ({ path, before }) => (PVC_NAME.test(path) || /claim_name$/.test(path)) && before !== undefined,
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
      const found = pvc ?? volume ?? off;
      if (!found) return undefined;
      return {
        what: `${resource.label} no longer uses its volume (${found.path})`,
        why: "the program starts on another volume, empty or of the chart, and what it stored is no longer found",
        remedy: "name the PVC as before",
      };
    }),
  },
  {
    id: "pvc-of-chart",
    explanation: "A chart with a PVC of its own is removed or is replaced: the PVC goes with its release.",
    risk: "loses data",
    find: onEach(["helm_release"], (resource) => {
      const persistence = at(resource.release?.before?.values, "persistence");
      const own = at(persistence, "enabled") === true && !textAt(persistence, "existingClaim");
      if (!goes(resource) || !own) return undefined;
      return {
        what: `the PVC that the chart of ${resource.label} made goes with it`,
        why: "a PVC of a chart is part of its release",
        remedy: "keep the release, or copy its data to a PVC of ours first",
      };
    }),
  },
  {
    id: "storage-class",
    explanation: "The storage class is removed, deletes volumes with their PVCs from now on, or places them elsewhere.",
    risk: "loses data",
    find: onEach(["kubernetes_storage_class_v1", "StorageClass"], (resource) => {
      const policy = differenceAt(resource, /reclaim_?policy$/i);
      if (policy && textAt(resource.after, "reclaim_policy") !== "Retain")
        return {
          what: `${resource.label} no longer retains volumes`,
          why: "a volume made from now on is deleted with its PVC, files included",
          remedy: "keep the reclaim policy Retain",
        };
      if (!goes(resource)) return undefined;
      return {
        risk: "interrupts",
        why:
          resource.action === "delete"
            ? "PVCs that are there stay; a new one of this class waits for ever"
            : "PVCs that are there stay; new ones are made by the new parameters, and a rebuilt cluster may not find the old folders",
        remedy: "compare the path pattern and the provisioner; do it while no PVC waits for a volume",
      };
    }),
  },
  {
    id: "volume-folder",
    explanation: "New volumes are made in another folder of the host.",
    risk: "interrupts",
    find: onEach(
      ["kubernetes_config_map_v1"],
      (resource) =>
        resource.name.startsWith("local-path") &&
        differenceAt(resource, /config\.json/) && {
          what: `the local-path provisioner makes volumes in other folders`,
          why: "volumes that are there keep their folders; a rebuilt cluster looks in the new ones and finds nothing",
          remedy: "move the data before the cluster is next rebuilt",
        },
    ),
  },
  {
    id: "pvc-resized",
    explanation: "A PVC's size changes: the local-path class refuses it, and no class can shrink one.",
    risk: "harmless",
    find: onEach(PVCS, (resource) => {
      const [was, is] = sides(resource, (side) => textAt(side, "spec", "resources", "requests", "storage"));
      if (resource.action !== "update" || was === undefined || is === undefined || was === is) return undefined;
      const smaller = bytes(is) < bytes(was);
      return {
        what: `${resource.label} goes from ${was} to ${is}`,
        why: smaller
          ? "Kubernetes refuses to shrink a PVC: the apply fails here, and nothing is lost"
          : "a class that cannot grow volumes refuses this: the apply then fails here, and nothing is lost",
        remedy: "keep the size of a running site as it is, unless its class can grow volumes",
      };
    }),
  },
];
