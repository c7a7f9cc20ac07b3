/** Sizes of volumes that run: none can shrink. */
import { expectation } from "../../environments/values/expectation";
import { bytes } from "../../ground/units";
import type { Identities } from ".";

/** Volumes by their names, each with its size, as the lines of a contract have them. */
function sizesOf({ claims = [], pools = [] }: Partial<Identities>): Map<string, string> {
  const ofClaims = claims.flatMap((line): [string, string][] => {
    const [, name, size] = /^(\S+): (\S+) of class /.exec(line) ?? [];
    return name !== undefined && size !== undefined ? [[`the PVC ${name}`, size]] : [];
  });
  const ofPools = pools.flatMap((line): [string, string][] => {
    const [, name, volumes] = /^(\S+) of .*, volumes (.*)$/.exec(line) ?? [];
    return (volumes ?? "").split(", ").flatMap((volume): [string, string][] => {
      const [, id, size] = /^(\S+)=(\S+)/.exec(volume) ?? [];
      return id !== undefined && size !== undefined ? [[`volume ${id} of the node pool ${name}`, size]] : [];
    });
  });
  return new Map([...ofClaims, ...ofPools]);
}

/** Volumes of a site that would be smaller than what runs, one line each. */
export function shrunkVolumes(site: string, was: Partial<Identities>, is: Partial<Identities>): string[] {
  const now = sizesOf(is);
  return [...sizesOf(was)].flatMap(([name, size]) => {
    const smaller = now.get(name);
    if (smaller === undefined || !(bytes(smaller) < bytes(size))) return [];
    const remedy = `leave it at ${size}; for a smaller one make a second volume, copy, and remove the first`;
    return [
      `${site}: ${name}: got ${smaller}, and it has ${size}. ${expectation({ allowed: "that or more, for no volume shrinks", remedy })}`,
    ];
  });
}
