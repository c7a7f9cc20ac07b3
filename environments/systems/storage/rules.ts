/** Rules of storage: folders of the hosts. */
import type { GeneralSite } from "../../general/site";
import { type Path, type SiteRule, type Violation, when } from "../../values/rule";
import { provisionerOf } from "../cluster/nodes";
import type { ClusterSite } from "../cluster/schema";
import type { StorageSite } from "./schema";

/** Folders of a Linux host that belong to the system, Docker or what is running now. */
const SYSTEM_FOLDERS = [
  ...["/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/run", "/sbin", "/sys", "/usr", "/var/run"],
  ...["/tmp", "/var/tmp", "/var/log", "/var/lib/docker", "/var/lib/containerd", "/var/lib/kubelet", "/var/lib/rancher"],
];

type FolderSite = ClusterSite & StorageSite & Pick<GeneralSite, "chartSource">;

/** Folders of the nodes' hosts that a site names, whose files must not mix. */
function foldersOf({ cluster, storage, chartSource }: FolderSite): { path: Path; folder: string }[] {
  if (cluster.kind === "gke") return [];
  const own: { path: Path; folder: string }[] = [
    { path: ["cluster", "hostPath"], folder: cluster.hostPath },
    ...storage.classes.flatMap(({ hostPath }, i) =>
      hostPath === undefined ? [] : [{ path: ["storage", "classes", i, "hostPath"], folder: hostPath }],
    ),
  ];
  // With a local socket as Docker host, the charts lie on the same machine.
  return cluster.kind === "k3s" && cluster.dockerHost?.startsWith("unix:") && chartSource !== "upstream"
    ? [...own, { path: ["chartSource"], folder: chartSource }]
    : own;
}

const holds = (outer: string, inner: string) => `${inner}/`.startsWith(`${outer}/`);

/** Data in a folder of the system, of Docker, or of another part of the site are lost when that is cleaned up. */
const foldersAreApart: SiteRule<FolderSite> = (site) => {
  const folders = foldersOf(site);
  return folders.flatMap(({ path, folder }, i): Violation[] => {
    const system = SYSTEM_FOLDERS.find((one) => holds(one, folder) || holds(folder, one));
    const other = folders.slice(0, i).find((one) => holds(one.folder, folder) || holds(folder, one.folder));
    return [
      ...when(
        system !== undefined,
        path,
        `a folder that neither lies in nor holds ${system}`,
        "name a folder of its own (/data)",
      ),
      ...when(
        other !== undefined,
        path,
        `a folder that neither lies in nor holds ${other?.folder}, ${other?.path.join(".")}`,
        "name a folder of its own",
      ),
    ];
  });
};

/** Only the local-path provisioner's volumes are folders. */
const foldersNeedLocalPath: SiteRule<ClusterSite & StorageSite> = (site) =>
  site.storage.classes.flatMap(({ hostPath }, i) =>
    when(
      hostPath !== undefined && provisionerOf(site) !== "local-path",
      ["storage", "classes", i, "hostPath"],
      "nothing, for this cluster's volumes are no folders of its nodes",
      "remove it",
    ),
  );

/** Rules of storage. */
export const rules = [foldersAreApart, foldersNeedLocalPath];
