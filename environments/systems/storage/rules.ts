/** Rules of storage: folders of the hosts. */
import { machineOf } from "../../../ground/units";
import type { GeneralSite } from "../../general/site";
import { type Path, type SiteRule, type Violation, when } from "../../values/rule";
import { provisionerOf } from "../cluster/nodes";
import type { ClusterSite } from "../cluster/schema";
import { classesOf, CLASS_NAME, type StorageSite } from "./schema";

/** Folders of a Linux host that belong to the system, Docker or what is running now. */
const SYSTEM_FOLDERS = [
  ...["/bin", "/boot", "/dev", "/efi", "/etc", "/lib", "/lib32", "/lib64", "/lost+found", "/proc", "/root", "/run"],
  ...["/sbin", "/snap", "/sys", "/usr", "/var/run", "/var/cache", "/var/lock", "/var/mail", "/var/snap", "/var/spool"],
  ...["/tmp", "/var/tmp", "/var/log", "/var/lib/docker", "/var/lib/containerd", "/var/lib/kubelet", "/var/lib/rancher"],
  ...["/var/lib/containers", "/var/lib/cni", "/var/lib/dpkg", "/var/lib/rpm", "/var/lib/snapd", "/var/lib/systemd"],
];

/** Folders of a Linux host in which users, packages and removable disks have theirs: one inside may be taken. */
const SHARED_FOLDERS = ["/home", "/media", "/opt", "/var", "/var/lib", "/var/opt"];

type FolderSite = ClusterSite & StorageSite & Pick<GeneralSite, "chartSource">;

/** A folder of hosts that a site names. */
interface NamedFolder {
  readonly path: Path;
  readonly folder: string;
  /** The host that has it. @default - every one */
  readonly host?: string | undefined;
  /** Whether it is only read: then it may be a folder of the system or of somebody's. @default false */
  readonly isRead?: boolean;
}

/** Folders of the nodes' hosts that a site names, whose files must not mix. */
function foldersOf({ cluster, storage, chartSource }: FolderSite): NamedFolder[] {
  if (cluster.kind === "gke") return [];
  const classes = storage.classes.flatMap(({ hostPath }, i) =>
    hostPath === undefined ? [] : [{ path: ["storage", "classes", i, "hostPath"], folder: hostPath }],
  );
  const own = { path: ["cluster", "hostPath"], folder: cluster.hostPath };
  if (cluster.kind === "existing") return [own, ...classes];
  const machine = (dockerHost = cluster.dockerHost) => dockerHost && machineOf(dockerHost);
  const agents = cluster.agents.flatMap(({ hostPath, dockerHost }, i) =>
    hostPath === undefined
      ? []
      : [
          {
            path: ["cluster", "agents", i, "hostPath"],
            folder: hostPath,
            host: machine(dockerHost) ?? SERVER,
          },
        ],
  );
  // With a local socket as Docker host, the charts lie on the same machine.
  const charts =
    cluster.dockerHost?.startsWith("unix:") && chartSource !== "upstream"
      ? [{ path: ["chartSource"], folder: chartSource, host: machine(), isRead: true }]
      : [];
  return [{ ...own, host: machine() ?? SERVER }, ...classes, ...agents, ...charts];
}

/** The server's host where it is an input. */
const SERVER = "";

const holds = (outer: string, inner: string) => `${inner}/`.startsWith(`${outer}/`);

/** Data in a folder of the system, of Docker, or of another part of the site are lost when that is cleaned up. */
const foldersAreApart: SiteRule<FolderSite> = (site) => {
  const folders = foldersOf(site);
  return folders.flatMap(({ path, folder, host, isRead = false }, i): Violation[] => {
    const system = isRead ? undefined : SYSTEM_FOLDERS.find((one) => holds(one, folder) || holds(folder, one));
    const shared = !isRead && system === undefined && SHARED_FOLDERS.includes(folder);
    const other = folders
      .slice(0, i)
      .find(
        (one) =>
          (one.host === undefined || host === undefined || one.host === host) &&
          (holds(one.folder, folder) || holds(folder, one.folder)),
      );
    return [
      ...when(
        shared,
        path,
        `a folder of its own, for users or packages have theirs in ${folder}`,
        `name one inside, such as ${folder}/efd`,
      ),
      ...when(
        system !== undefined,
        path,
        `a folder that neither lies in nor holds ${system}`,
        "name a folder of its own (/data)",
      ),
      ...when(
        other !== undefined,
        path,
        `a folder that neither lies in nor holds ${other?.folder}, ${other?.path.join(".").replace(/\.(\d+)/g, "[$1]")}`,
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

/** Classes that a cluster of Google's has or gets with one of its drivers (GKE, storage classes). */
const OF_GOOGLE = [
  ...["standard", "standard-rwo", "premium-rwo", "dynamic-rwo", "standard-rwx", "premium-rwx", "zonal-rwx"],
  ...["enterprise-rwx", "enterprise-multishare-rwx", "parallelstore-rwx"],
  ...["gcsfusecsi-checkpointing", "gcsfusecsi-serving", "gcsfusecsi-training"],
];

/** A class that is there already cannot be made, and its volumes may go with their claims. */
const classesAreOurs: SiteRule<ClusterSite & StorageSite> = (site) => {
  const named = [
    { path: ["storage", "className"], name: site.storage.className },
    ...site.storage.classes.map(({ name }, i) => ({ path: ["storage", "classes", i, "name"], name })),
  ];
  return provisionerOf(site) === "gce-pd"
    ? named.flatMap(({ path, name }) =>
        when(
          OF_GOOGLE.includes(name),
          path,
          "a name that no class of Google's has, for the one of the cluster would be in the way",
          "rename it (pd-ssd)",
        ),
      )
    : [];
};

/** A cluster that brings its volumes names its class: ours would wait for a provisioner that nobody installs. */
const foreignClassIsNamed: SiteRule<ClusterSite & StorageSite> = (site) =>
  when(
    provisionerOf(site) === "none" && site.storage.className === CLASS_NAME,
    ["storage", "className"],
    `the name of a class that the cluster has and that keeps released volumes, for provisioner none makes no ${CLASS_NAME}`,
    "write the one that `kubectl get storageclass` shows with Retain",
  );

/**
 * A PVC waits for ever for a class that does not exist. Where a cluster brings its own classes, the site names them.
 *
 * @param path - of the key that names the class
 * @param wanted - the class; undefined where the key is left out
 */
export function missingClass(site: StorageSite, path: Path, wanted: string | undefined): Violation[] {
  const names = classesOf(site);
  return when(
    wanted !== undefined && !names.includes(wanted),
    path,
    `${names.join(", ")}, the classes of this site`,
    "write one of them or add it to storage.classes",
  );
}

/** Rules of storage. */
export const rules = [foldersAreApart, foldersNeedLocalPath, classesAreOurs, foreignClassIsNamed];
