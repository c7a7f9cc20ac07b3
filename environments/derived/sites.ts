/** Rules that look at several sites. */
import type { Environment } from "../schema";
import { dockerMachinesOf } from "../systems/cluster/nodes";
import { expectation } from "../values/expectation";
import { repeated } from "../values/rule";
import { hostsOf } from "./hosts";

/** What sites must not have in common: two sites of one value are in each other's way. */
interface Exclusive {
  readonly path: string;
  readonly remedy: string;
  readonly valuesOf: (site: Environment) => string[];
}

const EXCLUSIVE: readonly Exclusive[] = [
  { path: "name", valuesOf: ({ name }) => [name], remedy: "rename one of them" },
  { path: "hostPattern", valuesOf: hostsOf, remedy: "put {site} into the pattern or take another domain" },
  {
    path: "cluster.dockerHost",
    valuesOf: dockerMachinesOf,
    remedy: "take another host, for both sites' nodes would want the same names and ports there",
  },
];

/** Mistakes that show only where several sites are looked at, one line each, at the later site. */
export function mistakesAmong(sites: readonly Environment[]): string[] {
  return EXCLUSIVE.flatMap(({ path, valuesOf, remedy }) => {
    const values = sites.flatMap((site, i) => [...new Set(valuesOf(site))].map((value) => ({ value, site, i })));
    const seen = new Set<string>();
    return [...repeated(values.map(({ value }) => value))].flatMap(([value, places]) => {
      const [first, second] = places.map((place) => values[place]);
      const pair = `${first?.i} ${second?.i}`;
      if (!first || !second || seen.has(pair)) return [];
      seen.add(pair);
      return [
        `${second.site.name}.${path}: ${value} is ${first.site.name}'s too. ${expectation({ allowed: "one site each", remedy })}`,
      ];
    });
  });
}
