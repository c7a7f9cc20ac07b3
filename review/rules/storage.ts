/** Volumes, PVCs, and the class that makes them. */
import { OWN_CHART } from "../../synthesized/stack";
import { isBranch, isList, type Tree } from "../model/tree";
import { differenceAt, goes, type Resource, sides } from "../read/resources";
import { at, bytesOf, textAt } from "./reading";
import { onEach, onLoss, onUpdate, type ResourceFinding, type Rule, WORKLOADS } from "./rule";

const PVCS = ["kubernetes_persistent_volume_claim_v1", "PersistentVolumeClaim"];
const PODS = ["helm_release", ...WORKLOADS];

const PVC_NAME = /(^|\.|\])(existingClaim|claimName|claim_name)$/;

/** Values of charts that are sizes of volumes. */
const SIZE =
  /(^|\.)([\w-]*(persistence|persistent|storage|volume|disk|pvc|claim)[\w-]*)(\..*)?\.(size|storage|capacity)$/i;

/** Values of a release, or the pods of a workload. */
function bodyOf({ release, before, after }: Resource, side: "before" | "after"): Tree | undefined {
  if (!release) return side === "before" ? before : after;
  // Objects of our own chart are looked at one by one.
  return release[side]?.chart === OWN_CHART ? undefined : release[side]?.values;
}

/** Texts at keys like this anywhere inside a value, by their path. */
function textsAt(value: Tree | undefined, keys: RegExp, path = ""): [path: string, text: string][] {
  if (isList(value)) return value.flatMap((one, i) => textsAt(one, keys, `${path}[${nameIn(one) ?? i}]`));
  if (!isBranch(value)) return [];
  return Object.keys(value).flatMap((key) => {
    const inner = at(value, key);
    const here = path === "" ? key : `${path}.${key}`;
    return typeof inner === "string" && keys.test(here)
      ? [[here, inner] as const].map(([a, b]): [string, string] => [a, b])
      : textsAt(inner, keys, here);
  });
}

const nameIn = (one: Tree): string | undefined => {
  const name = isBranch(one) ? one["name"] : undefined;
  return typeof name === "string" ? name : undefined;
};

/** What a size that changes does; undefined where it stays. */
function sizeSays(
  name: string,
  was: string | undefined,
  is: string | undefined,
  className = "",
): ResourceFinding | undefined {
  if (was === undefined || is === undefined || was === is || bytesOf(is) === bytesOf(was)) return undefined;
  if (bytesOf(is) < bytesOf(was))
    return {
      risk: "interrupts",
      fails: true,
      what: `the apply fails: ${name} cannot shrink from ${was} to ${is}`,
      why: "Kubernetes never shrinks a volume: it refuses this, nothing is lost, and what stands behind it in the layer is not applied",
      remedy: "put the old size back; for a smaller volume make a second one, copy, and remove the first",
    };
  const local = /local/.test(className);
  return {
    risk: local ? "interrupts" : "harmless",
    ...(local ? { fails: true } : {}),
    what: local ? `the apply fails: ${name} cannot grow from ${was} to ${is}` : `${name} grows from ${was} to ${is}`,
    why: local
      ? `the class ${className} cannot grow volumes: Kubernetes refuses this, nothing is lost, and what stands behind it in the layer is not applied`
      : "a class that cannot grow volumes refuses this, and the apply then fails here; nothing is lost",
    remedy: local
      ? "put the old size back: on such a class it is only a name, the file system of the host is the limit"
      : "check that its class can grow volumes",
  };
}

/** The sizes of a PVC that becomes smaller, in words: the provider then plans another one in its place. */
function shrinks(resource: Resource): string | undefined {
  const [was, is] = sides(resource, (side) => textAt(side, "spec", "resources", "requests", "storage"));
  return was !== undefined && is !== undefined && bytesOf(is) < bytesOf(was) ? `${was} to ${is}` : undefined;
}

/** All of them. */
export const STORAGE_RULES: readonly Rule[] = [
  {
    id: "pvc-goes",
    explanation: "A PVC is deleted or replaced: its program starts on an empty volume.",
    risk: "loses data",
    find: onLoss(PVCS, (resource) => ({
      ...(shrinks(resource)
        ? { what: `${resource.label} is replaced, for none can shrink from ${shrinks(resource)}` }
        : {}),
      why: "what is stored in it is no longer found; its files stay for as long as the class retains them, and nothing brings them back by itself",
      remedy: "restore name, namespace and class; to move data, make a second PVC and copy",
    })),
  },
  {
    id: "pvc-dropped",
    explanation:
      "A program no longer uses its PVC (existingClaim, claimName, persistence.enabled) and starts on another volume.",
    risk: "loses data",
    find: onEach(PODS, (resource) => {
      const { release } = resource;
      // Where values cannot be read a rule of their own says so.
      if (!resource.before || !resource.after || release?.before?.unread || release?.after?.unread) return undefined;
      const [before, after] = (["before", "after"] as const).map((side) => bodyOf(resource, side));
      const used = textsAt(after, PVC_NAME).map(([, pvc]) => pvc);
      const lost = textsAt(before, PVC_NAME).find(([, pvc]) => pvc !== "" && !used.includes(pvc));
      const off = at(before, "persistence", "enabled") === true && at(after, "persistence", "enabled") !== true;
      if (!lost && !off) return undefined;
      return {
        what: `${resource.label} no longer uses its volume (${lost ? `${lost[0]}: ${lost[1]}` : "persistence.enabled"})`,
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
      const kind = differenceAt(resource, /defaultVolumeType/);
      if (kind && !goes(resource)) {
        const local = textAt(resource.after, "metadata", "annotations", "defaultVolumeType") === "local";
        return {
          risk: local ? "harmless" : "interrupts",
          what: `${resource.label} makes volumes ${local ? "that refuse a folder which is not there" : "whose folder is made where it is not there"}`,
          why: local
            ? "only volumes that are made from now on: those that are there stay as they are, and start empty where their disk is not mounted"
            : "where a disk is not mounted after a reboot, programs start on an empty folder, and what they write is hidden once the disk is back",
          remedy: local
            ? "make the others anew by hand where a disk of its own holds them"
            : "keep defaultVolumeType: local",
        };
      }
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
    id: "volume-resized",
    explanation:
      "A volume's size changes: none can shrink, and the local-path class cannot grow one. The apply fails there.",
    risk: "interrupts",
    find: (layer) => [
      ...onUpdate(PVCS, (resource) => {
        const [was, is] = sides(resource, (side) => textAt(side, "spec", "resources", "requests", "storage"));
        const className =
          textAt(resource.after, "spec", "storage_class_name") ?? textAt(resource.after, "spec", "storageClassName");
        return sizeSays(resource.label, was, is, className);
      })(layer),
      ...onUpdate(PODS, (resource) => {
        const now = new Map(textsAt(bodyOf(resource, "after"), SIZE));
        return textsAt(bodyOf(resource, "before"), SIZE).flatMap(([path, was]) => {
          const found = sizeSays(`the volume of ${resource.label} (${path})`, was, now.get(path));
          return found ? [found] : [];
        });
      })(layer),
    ],
  },
];
