/** Rules that look at several sites. */
import { hostsOf } from "../hosts";
import type { Environment } from "../schema";
import { machineOf } from "../../ground/units";
import { repeated } from "./violation";

/** What sites must not have in common, as text; sites of one value are in each other's way. */
interface Share {
  readonly path: string;
  readonly remedy: string;
  readonly valuesOf: (site: Environment) => string[];
}

/** Docker hosts of a site's nodes. A local socket is another machine for everybody who uses it. */
function dockerHosts({ cluster }: Environment): string[] {
  if (cluster.kind !== "k3s") return [];
  const all = [cluster.dockerHost ?? [], ...cluster.agents.flatMap(({ dockerHost }) => dockerHost ?? [])].flat();
  return all.filter((host) => !host.startsWith("unix:")).map(machineOf);
}

const SHARES: readonly Share[] = [
  { path: "name", valuesOf: ({ name }) => [name], remedy: "rename one of them" },
  {
    path: "hostPattern",
    valuesOf: (site) => hostsOf(site, site.kafka.brokers.length),
    remedy: "put {site} into the pattern or take another domain",
  },
  {
    path: "cluster.dockerHost",
    valuesOf: dockerHosts,
    remedy: "take another host, for both sites' nodes would want the same names and ports there",
  },
];

/** Mistakes that show only where several sites are looked at, one line each, at the later site. */
export function mistakesAmong(sites: readonly Environment[]): string[] {
  return SHARES.flatMap(({ path, valuesOf, remedy }) => {
    const values = sites.flatMap((site, i) => [...new Set(valuesOf(site))].map((value) => ({ value, site, i })));
    const seen = new Set<string>();
    return [...repeated(values.map(({ value }) => value))].flatMap(([value, places]) => {
      const [first, second] = places.map((place) => values[place]);
      const pair = `${first?.i} ${second?.i}`;
      if (!first || !second || seen.has(pair)) return [];
      seen.add(pair);
      return [`${second.site.name}.${path}: ${value} is ${first.site.name}'s too, allowed one site each, ${remedy}`];
    });
  });
}
