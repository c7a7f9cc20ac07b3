/** Rules that look at several sites. */
import type { Environment } from "../schema";
import { ifReadable } from "../schema/readable";
import { dockerMachinesOf, isLoopback } from "../systems/cluster/nodes";
import { expectation } from "../values/expectation";
import { hostsOf } from "./hosts";
import { LAYERS, stackName } from "./layers";
import { mirrorMistakes } from "./mirrors";

/** What only one site may have. */
interface Owned {
  /** Where its file says it. */
  readonly path: string;
  readonly value: string;
  /** By what two values are compared. @default - the value */
  readonly key?: string;
}

/** What sites must not have in common: two sites of one value are in each other's way. */
interface Exclusive {
  readonly remedy: string;
  readonly of: (site: Environment) => readonly Owned[];
}

const at = (path: string, values: readonly string[]): Owned[] => values.map((value) => ({ path, value }));

/** A machine, by its Docker host or by its address. */
function machines(site: Environment): Owned[] {
  const { cluster } = site;
  const address = cluster.kind === "gke" ? undefined : cluster.address;
  return [
    ...dockerMachinesOf(site).map((value) => ({
      path: "cluster.dockerHost",
      value,
      key: value.replace(/^ssh:\/\//, ""),
    })),
    // Whoever works on their own machine has it for themselves.
    ...(address === undefined || isLoopback(address) ? [] : at("cluster.address", [address])),
  ];
}

const EXCLUSIVE: readonly Exclusive[] = [
  {
    of: ({ name }) => at("name", [name, ...LAYERS.map((layer) => stackName(name, layer))]),
    remedy: "rename one of them",
  },
  { of: (site) => at("hostPattern", hostsOf(site)), remedy: "put {site} into the pattern or take another domain" },
  { of: machines, remedy: "take another host, for both sites' nodes would want the same names and ports there" },
  {
    of: ({ cluster }) => (cluster.kind === "existing" ? at("cluster.kubeconfig", [cluster.kubeconfig]) : []),
    remedy: "name another cluster's file, for both sites would want the same namespaces there",
  },
  {
    of: ({ connect }) => {
      const { bucket, storeUrl = "" } = connect?.s3 ?? {};
      return bucket === undefined ? [] : [{ path: "connect.s3.bucket", value: bucket, key: `${storeUrl} ${bucket}` }];
    },
    remedy: "take another bucket, for files of one topic and offset have one name at both sites",
  },
  {
    of: ({ name, backups }) => {
      if (backups?.target.kind !== "s3") return [];
      const { bucket, prefix = name, endpoint = "" } = backups.target;
      return [{ path: "backups.target.bucket", value: `${bucket}/${prefix}`, key: `${endpoint} ${bucket} ${prefix}` }];
    },
    remedy: "take another prefix, for a site removes the oldest backups of its folder",
  },
];

/** A mistake at one of several sites. */
export interface SitesMistake {
  /** Place of the site among those that were looked at. */
  readonly index: number;
  readonly line: string;
}

/** A site as far as it can be read, and what lines call it. */
interface ReadSite {
  readonly label: string;
  readonly read: Environment | undefined;
}

/** Mistakes that show only where several sites are looked at. */
export function mistakesBetween(sites: readonly ReadSite[]): SitesMistake[] {
  return [...sharedThings(sites), ...mirrorsOf(sites)];
}

/** What mirrors get wrong of other sites. */
function mirrorsOf(sites: readonly ReadSite[]): SitesMistake[] {
  return sites.flatMap(({ label, read }, index) =>
    sites.flatMap(({ read: other }) =>
      (read && other && other !== read ? (ifReadable(() => mirrorMistakes(read, other)) ?? []) : []).map((line) => ({
        index,
        line: `${label}.${line}`,
      })),
    ),
  );
}

/** What two sites have in common and must not, one line for two sites and one thing, at the later site. */
function sharedThings(sites: readonly ReadSite[]): SitesMistake[] {
  return EXCLUSIVE.flatMap(({ of, remedy }) => {
    const first = new Map<string, number>();
    const told = new Set<string>();
    return sites.flatMap(({ label, read }, index) =>
      (read === undefined ? [] : (ifReadable(() => of(read)) ?? [])).flatMap(({ path, value, key = value }) => {
        const other = first.get(key) ?? index;
        first.set(key, other);
        const pair = `${other} ${index}`;
        if (other === index || told.has(pair)) return [];
        told.add(pair);
        const what = expectation({ allowed: "one site each", remedy });
        return [{ index, line: `${label}.${path}: ${value} is ${sites[other]?.label}'s too. ${what}` }];
      }),
    );
  });
}

/** The lines of {@link mistakesBetween}. */
export function mistakesAmong(sites: readonly Environment[]): string[] {
  return mistakesBetween(sites.map((read) => ({ label: read.name, read }))).map(({ line }) => line);
}
