/** What runs at a site and may change in some directions only: the part of the contract that has an order. */
import { CHARTS, KAFKA } from "../../ground/versions";
import { type K3s, nodeCidrMask } from "../../environments/systems/cluster/nodes";
import type { Environment } from "../../environments/schema";
import { expectation } from "../../environments/values/expectation";
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
    /** Folders of the nodes that keep their volumes elsewhere. @default - none */
    readonly hostPaths?: Readonly<Record<string, string>>;
    /** Network of the pods. @default - k3s's own */
    readonly clusterCidr?: string;
    /** Network of the Services. @default - k3s's own */
    readonly serviceCidr?: string;
  };
  readonly kafka: {
    readonly version: string;
    readonly metadataVersion: string;
    readonly controllers: readonly number[];
    /** Node ids in the order of the brokers' host names. */
    readonly brokers: readonly number[];
  };
}

/** Networks of a cluster that says nothing of them. They are not our defaults: a later default changes no cluster. */
const K3S_OWN = { clusterCidr: "10.42.0.0/16", serviceCidr: "10.43.0.0/16" };

/** Folders of their own that agents have. */
function hostPathsOf(agents: K3s["agents"]): Pick<NonNullable<Running["k3s"]>, "hostPaths"> {
  const own = agents.flatMap(({ name, hostPath }) => (hostPath === undefined ? [] : [[name, hostPath] as const]));
  return own.length > 0 ? { hostPaths: Object.fromEntries(own) } : {};
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
        ...hostPathsOf(cluster.agents),
        ...(cluster.clusterCidr === K3S_OWN.clusterCidr ? {} : { clusterCidr: cluster.clusterCidr }),
        ...(cluster.serviceCidr === K3S_OWN.serviceCidr ? {} : { serviceCidr: cluster.serviceCidr }),
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
const rebuilt = (site: string) => `or destroy the site, remove ${contractOf(site)} and make it again`;

function minor(version: string): number {
  const [major = 0, number = 0] = versionNumbers(version);
  return major * 1000 + number;
}

/** The line of a step that must not be taken, where it is one. */
function refused(broken: boolean, found: string, allowed: string, remedy: string): string[] {
  return broken ? [`${found}. ${expectation({ allowed, remedy })}`] : [];
}

function k3sVersionSteps({ site, was, is }: Step): string[] {
  const { server, versions = {} } = was.k3s ?? {};
  return Object.entries(is.k3s?.versions ?? {}).flatMap(([node, version]) => {
    const before = versions[node];
    if (before === undefined) return [];
    const key = node === server ? "version" : `agents (${node}).version`;
    const found = `${site}.cluster.${key}: got ${version}, and it runs ${before}`;
    return [
      ...refused(
        compareVersions(version, before) < 0,
        found,
        "that or a newer one, for a node of k3s does not go back",
        `leave it at ${before}`,
      ),
      ...refused(
        node === server && minor(version) > minor(before) + 1,
        found,
        "the next minor at most",
        "deploy a release of each minor in between first",
      ),
    ];
  });
}

/** How many pods a node may run where its network has this prefix length. */
function podsOf(mask: number): string {
  return `${mask === 24 ? 1 : Math.floor(addressesOf(mask + 1) / 2) + 1}–${Math.floor(addressesOf(mask) / 2)}`;
}

function k3sNodeSteps({ site, was, is }: Step): string[] {
  if (!was.k3s || !is.k3s) return [];
  const { nodeCidrMask: mask, hostPath } = was.k3s;
  return [
    ...refused(
      is.k3s.nodeCidrMask !== mask,
      `${site}.cluster.maxPods: got a number that needs nodes of /${is.k3s.nodeCidrMask}, and they have /${mask}`,
      `${podsOf(mask)}, for the network of a node is fixed when the cluster is made`,
      `add agents, ${rebuilt(site)}`,
    ),
    ...refused(
      is.k3s.hostPath !== hostPath,
      `${site}.cluster.hostPath: got ${is.k3s.hostPath}, and the data of all volumes are in ${hostPath}`,
      "that folder only, for every volume would begin empty",
      `leave it, ${rebuilt(site)}`,
    ),
    ...agentFolderSteps(site, was.k3s, is.k3s),
    ...(["clusterCidr", "serviceCidr"] as const).flatMap((key) => {
      const [before = K3S_OWN[key], now = K3S_OWN[key]] = [was.k3s?.[key], is.k3s?.[key]];
      return refused(
        now !== before,
        `${site}.cluster.${key}: got ${now}, and the cluster has ${before}`,
        "that one only, for nodes, Services and certificates have addresses of it",
        `leave it, ${rebuilt(site)}`,
      );
    }),
  ];
}

/** An agent that runs keeps its volumes where they are. */
function agentFolderSteps(site: string, was: NonNullable<Running["k3s"]>, is: NonNullable<Running["k3s"]>): string[] {
  return Object.keys(is.versions)
    .filter((node) => node !== is.server && node in was.versions)
    .flatMap((node) => {
      const [before = was.hostPath, now = is.hostPath] = [was.hostPaths?.[node], is.hostPaths?.[node]];
      return refused(
        now !== before && is.hostPath === was.hostPath,
        `${site}.cluster.agents (${node}).hostPath: got ${now}, and the data of this node's volumes are in ${before}`,
        "that folder only, for none of these volumes would be found",
        `leave it, or remove the agent, deploy, and add it under another name`,
      );
    });
}

function kafkaVersionSteps({ site, was: { kafka: was }, is: { kafka: is } }: Step): string[] {
  const metadata = (version: string) => version.replace(/-IV/, ".");
  const raised = compareVersions(metadata(is.metadataVersion), metadata(was.metadataVersion));
  const version = `${site}.kafka.version`;
  const metadataVersion = `${site}.kafka.metadataVersion: got ${is.metadataVersion}`;
  return [
    ...refused(
      !(was.version in KAFKA.versions),
      `${version}: it runs ${was.version}, which Strimzi ${CHARTS.strimzi.version} does not`,
      `${Object.keys(KAFKA.versions).join(", ")} before that operator`,
      "put the older one back into the catalogue, deploy a Kafka that both run, then upgrade the operator",
    ),
    ...refused(
      compareVersions(is.version, was.version) < 0,
      `${version}: got ${is.version}, and it runs ${was.version}`,
      "that or a newer one, for Kafka goes back only while metadataVersion was not raised",
      `leave it; to take back such an upgrade write ${is.version} into ${contractOf(site)} first`,
    ),
    ...refused(
      raised < 0,
      `${metadataVersion}, and it runs ${was.metadataVersion}`,
      "that or a newer one, for no older one reads what brokers have written in a newer form",
      "leave it",
    ),
    ...refused(
      raised > 0 && minor(is.version) > minor(was.version),
      `${metadataVersion} together with another Kafka`,
      `${was.metadataVersion} until all brokers run ${is.version}, for after it there is no way back`,
      "deploy version first",
    ),
  ];
}

const list = (ids: readonly number[]) => `[${ids.join(", ")}]`;

function kafkaNodeSteps({ site, was: { kafka: was }, is: { kafka: is } }: Step): string[] {
  const keptControllers = is.controllers.filter((id) => was.controllers.includes(id));
  const gone = was.brokers.filter((id) => !is.brokers.includes(id));
  const isAdded = is.brokers.some((id) => !was.brokers.includes(id));
  const brokers = `${site}.kafka.brokers: got ids ${list(is.brokers)}, and it runs ${list(was.brokers)}`;
  return [
    ...refused(
      list(was.controllers) !== list(keptControllers) || was.controllers.length !== is.controllers.length,
      `${site}.kafka.controllerIds: got ${list(is.controllers)}, and it runs ${list(was.controllers)}`,
      "those only, for Strimzi cannot add or remove controllers",
      `leave them, ${rebuilt(site)}`,
    ),
    ...refused(
      gone.length > 0 && isAdded,
      brokers,
      "to add or to remove in one step, for Strimzi would renumber nothing",
      "add brokers first, then remove",
    ),
    ...refused(
      gone.length > 0 && !isAdded,
      brokers,
      "to remove none that holds partitions",
      `move those of ${gone.join(", ")} to other brokers (docs/operations.md), then take ${gone.length > 1 ? "them" : "it"} out of ${contractOf(site)} by hand`,
    ),
    ...refused(
      is.brokers.some((id, i) => was.brokers.includes(id) && was.brokers.indexOf(id) !== i),
      brokers,
      "new ones behind the others only, for host names follow the order and clients would find other brokers",
      "put new ids at the end",
    ),
  ];
}

/** Steps that must not be taken from what runs, one line each. None where the site has not run yet. */
export function refusedSteps(site: string, was: Running | undefined, is: Running): string[] {
  if (!was) return [];
  const step = { site, was, is };
  return [k3sVersionSteps, k3sNodeSteps, kafkaVersionSteps, kafkaNodeSteps].flatMap((steps) => steps(step));
}
