import type { Volumes } from "../../constructs/kubernetes/pvc";
import type { Environment } from "../../environments/schema";
import { provisionerOf } from "../../environments/systems/cluster/nodes";

/** What volumes of a site are made of, where it names nothing else. */
export function volumesOf(site: Environment): Volumes {
  return { className: site.storage.className, belongToRoot: provisionerOf(site) === "gce-pd" };
}
