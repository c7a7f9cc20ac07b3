/** Host names of a site. */
import type { Environment } from "../schema";
import { hostOf } from "../values/host-names";
import { all } from "./systems";

/** Every host name of a site. */
export function hostsOf(site: Environment): string[] {
  return all(site, ({ hosts }) => hosts).map((app) => hostOf(site, app));
}
