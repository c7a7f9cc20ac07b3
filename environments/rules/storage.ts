/** Rules of storage: folders of the hosts and classes of volumes. */
import { provisionerOf } from "../platform";
import type { Environment } from "../schema";
import { type Path, type Rule, type Violation, when } from "./violation";

/** Folders of a Linux host that belong to the system, Docker or what is running now. */
const SYSTEM_FOLDERS = [
  ...["/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/run", "/sbin", "/sys", "/usr", "/var/run"],
  ...["/tmp", "/var/tmp", "/var/log", "/var/lib/docker", "/var/lib/containerd", "/var/lib/kubelet", "/var/lib/rancher"],
];

/** Folders of the nodes' hosts that a site names, whose files must not mix. */
function foldersOf({ cluster, storage, chartSource }: Environment): { path: Path; folder: string }[] {
  if (cluster.kind === "gke") return [];
  const own: { path: Path; folder: string }[] = [
    { path: ["cluster", "hostPath"], folder: cluster.hostPath },
    ...storage.classes.flatMap(({ hostPath }, i) =>
      hostPath === undefined ? [] : [{ path: ["storage", "classes", i, "hostPath"], folder: hostPath }],
    ),
  ];
  // With a socket for a Docker host the charts lie on the same machine.
  return cluster.kind === "k3s" && cluster.dockerHost?.startsWith("unix:") && chartSource !== "upstream"
    ? [...own, { path: ["chartSource"], folder: chartSource }]
    : own;
}

const holds = (outer: string, inner: string) => `${inner}/`.startsWith(`${outer}/`);

/** Data in a folder of the system, of Docker, or of another thing of the site goes when that is cleaned up. */
export const foldersAreApart: Rule = (site) => {
  const folders = foldersOf(site);
  return folders.flatMap(({ path, folder }, i): Violation[] => {
    const system = SYSTEM_FOLDERS.find((one) => holds(one, folder) || holds(folder, one));
    const other = folders.slice(0, i).find((one) => holds(one.folder, folder) || holds(folder, one.folder));
    return [
      ...when(
        system !== undefined,
        path,
        `allowed a folder that neither lies in nor holds ${system}, name a folder of its own (/data)`,
      ),
      ...when(
        other !== undefined,
        path,
        `allowed a folder that neither lies in nor holds ${other?.folder}, ${other?.path.join(".")}, name a folder of its own`,
      ),
    ];
  });
};

/** A claim of a class that nobody makes waits for ever. Of a cluster that brings its classes the site names those. */
export const classesExist: Rule = ({ kafka, storage }) => {
  const names = [storage.className, ...storage.classes.map(({ name }) => name)];
  return when(
    kafka.brokerClass !== undefined && !names.includes(kafka.brokerClass),
    ["kafka", "brokerClass"],
    `allowed ${names.join(", ")}, the classes of this site, write one of them or add it to storage.classes`,
  );
};

/** Only the local-path provisioner's volumes are folders. */
export const foldersNeedLocalPath: Rule = (site) =>
  site.storage.classes.flatMap(({ hostPath }, i) =>
    when(
      hostPath !== undefined && provisionerOf(site) !== "local-path",
      ["storage", "classes", i, "hostPath"],
      "allowed nothing, for this cluster's volumes are no folders of its nodes, remove it",
    ),
  );

/** Labels that nodes have by themselves, or that somebody else gives them. */
const FOREIGN_LABEL = /(^|\.)(kubernetes|k8s)\.io\//;

/** Brokers for which no node will do are never scheduled. Of somebody else's nodes we know no labels. */
export const selectorsFindNodes: Rule = ({ cluster, kafka }) => {
  if (cluster.kind !== "k3s") return [];
  const wanted = Object.entries(kafka.brokerNodeSelector).filter(([key]) => !FOREIGN_LABEL.test(key));
  const fits = ({ labels }: { labels: Record<string, string> }) =>
    wanted.every(([key, value]) => labels[key] === value);
  return when(
    wanted.length > 0 && !cluster.agents.some(fits),
    ["kafka", "brokerNodeSelector"],
    "allowed labels that an agent has all of, label an agent in cluster.agents",
  );
};
