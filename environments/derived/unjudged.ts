/** What rules cannot judge. */
import type { Environment } from "../schema";
import { all } from "./systems";

/** What no rule can judge, since nobody documented it: lines for people, or none. */
export function unjudged(site: Environment): string[] {
  return all(site, (system) => system.unjudged).map((line) => `${site.name}.${line}`);
}
