/** What runs at a site, as far as it cannot be changed in any way one likes: the part of the contract that has an order. */
import { CHARTS, KAFKA } from "../../ground/versions";
import { nodeCidrMask } from "../../environments/systems/cluster/nodes";
import type { Environment } from "../../environments/schema";
import { addressesOf, compareVersions, versionNumbers } from "../../ground/units";

/** What runs at a site once its data are applied. */
export interface Running {
  /** Of a cluster of ours on k3s. */
  readonly k3s?: {
    /** Name of the server's node. */
    readonly server: string;
    /** Release by node. */
    readonly versions: Readonly<Record<string, string>>;
    /** Prefix length of a node's network, which follows from `maxPods`. */
    readonly nodeCidrMask: number;
    /** Folder of the hosts that holds the data of all volumes. */
    readonly hostPath: string;
  };
  readonly kafka: {
    readonly version: string;
    readonly metadataVersion: string;
    readonly controllers: readonly number[];
    /** Node ids in the order of the brokers' host names. */
    readonly brokers: readonly number[];
  };
}

/** What runs at a site by its data. */
export function runningOf({ cluster, kafka }: Environment): Running {
  return {
    ...(cluster.kind === "k3s" && {
      k3s: {
        server: cluster.serverName,
        versions: {
          [cluster.serverName]: cluster.version,
          ...Object.fromEntries(cluster.agents.map(({ name, version = cluster.version }) => [name, version])),
        },
        nodeCidrMask: nodeCidrMask(cluster.maxPods),
        hostPath: cluster.hostPath,
      },
    }),
    kafka: {
      version: kafka.version,
      metadataVersion: kafka.metadataVersion,
      controllers: kafka.controllerIds,
      brokers: kafka.brokers.map(({ id }) => id),
    },
  };
}

/** One step from what runs to what shall run. */
interface Step {
  readonly site: string;
  readonly was: Running;
  readonly is: Running;
}

/** Where the contract of a site is, as people name it. */
const contractOf = (site: string) => `__tests__/identities/${site}.json`;
const rebuilt = (site: string) => `or destroy the site, remove ${contractOf(site)} and make it anew`;

function minor(version: string): number {
  const [major = 0, number = 0] = versionNumbers(version);
  return major * 1000 + number;
}

function k3sSteps({ site, was, is }: Step): string[] {
  if (!was.k3s || !is.k3s) return [];
  const { server, versions, nodeCidrMask: mask, hostPath } = was.k3s;
  const lines = Object.entries(is.k3s.versions).flatMap(([node, version]) => {
    const before = versions[node];
    if (before === undefined) return [];
    const where = `${site}.cluster${node === server ? "" : `.agents (${node})`}.version: got ${version}, it runs ${before}`;
    if (compareVersions(version, before) < 0)
      return [`${where}, allowed that or a newer one, for a node of k3s does not go back, leave it at ${before}`];
    if (node === server && minor(version) > minor(before) + 1)
      return [`${where}, allowed the next minor at most, deploy a release of each minor in between first`];
    return [];
  });
  if (is.k3s.nodeCidrMask !== mask)
    lines.push(
      `${site}.cluster.maxPods: got a number that needs nodes of /${is.k3s.nodeCidrMask}, they have /${mask}, allowed ${mask === 24 ? "1" : Math.floor(addressesOf(mask + 1) / 2) + 1}–${Math.floor(addressesOf(mask) / 2)}, for the network of a node is fixed when the cluster is made, add agents, ${rebuilt(site)}`,
    );
  if (is.k3s.hostPath !== hostPath)
    lines.push(
      `${site}.cluster.hostPath: got ${is.k3s.hostPath}, the data of all volumes are in ${hostPath}, allowed that folder only, for every volume would begin empty, leave it, ${rebuilt(site)}`,
    );
  return lines;
}

function kafkaVersionSteps({ site, was: { kafka: was }, is: { kafka: is } }: Step): string[] {
  const metadata = (version: string) => version.replace(/-IV/, ".");
  const older = compareVersions(is.version, was.version) < 0;
  const raised = compareVersions(metadata(is.metadataVersion), metadata(was.metadataVersion));
  const at = `${site}.kafka`;
  return [
    ...(was.version in KAFKA.versions
      ? []
      : [
          `${at}.version: it runs ${was.version}, which Strimzi ${CHARTS.strimzi.version} does not, allowed ${Object.keys(KAFKA.versions).join(", ")} before that operator, put the older one back into the catalogue, deploy a Kafka that both run, then upgrade the operator`,
        ]),
    ...(older
      ? [
          `${at}.version: got ${is.version}, it runs ${was.version}, allowed that or a newer one, for Kafka goes back only while metadataVersion was not raised, leave it; to take back such an upgrade write ${is.version} into ${contractOf(site)} first`,
        ]
      : []),
    ...(raised < 0
      ? [
          `${at}.metadataVersion: got ${is.metadataVersion}, it runs ${was.metadataVersion}, allowed that or a newer one, for what brokers have written in a newer form no older one reads, leave it`,
        ]
      : []),
    ...(raised > 0 && minor(is.version) > minor(was.version)
      ? [
          `${at}.metadataVersion: got ${is.metadataVersion} together with another Kafka, allowed ${was.metadataVersion} until all brokers run ${is.version}, for after it there is no way back, deploy version first`,
        ]
      : []),
  ];
}

function kafkaNodeSteps({ site, was: { kafka: was }, is: { kafka: is } }: Step): string[] {
  const lines: string[] = [];
  const list = (ids: readonly number[]) => `[${ids.join(", ")}]`;
  if (
    list(was.controllers) !== list([...is.controllers].filter((id) => was.controllers.includes(id))) ||
    was.controllers.length !== is.controllers.length
  )
    lines.push(
      `${site}.kafka.controllerIds: got ${list(is.controllers)}, it runs ${list(was.controllers)}, allowed those only, for Strimzi cannot add or remove controllers, leave them, ${rebuilt(site)}`,
    );
  const gone = was.brokers.filter((id) => !is.brokers.includes(id));
  const kept = is.brokers.filter((id) => was.brokers.includes(id));
  const got = `${site}.kafka.brokers: got ids ${list(is.brokers)}, it runs ${list(was.brokers)}`;
  if (gone.length > 0 && is.brokers.length > kept.length)
    lines.push(
      `${got}, allowed to add or to remove in one step, for Strimzi would renumber nothing, add brokers first, then remove`,
    );
  else if (gone.length > 0)
    lines.push(
      `${got}, allowed to remove none that holds partitions, move those of ${gone.join(", ")} to other brokers (docs/operations.md), then take ${gone.length > 1 ? "them" : "it"} out of ${contractOf(site)} by hand`,
    );
  if (is.brokers.some((id, i) => was.brokers.includes(id) && was.brokers.indexOf(id) !== i))
    lines.push(
      `${got}, allowed new ones behind the others only, for host names follow the order and clients would find other brokers, put new ids at the end`,
    );
  return lines;
}

/** What must not follow on what runs, one line each: why, and what to do instead. Nothing where no site ran. */
export function refusedSteps(site: string, was: Running | undefined, is: Running): string[] {
  if (!was) return [];
  const step = { site, was, is };
  return [...k3sSteps(step), ...kafkaVersionSteps(step), ...kafkaNodeSteps(step)];
}
