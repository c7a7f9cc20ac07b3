/** What follows from the frontends of a site. */
import { cores } from "../../../ground/units";
import type { LoveSpec } from "./schema";

/** How many frontends there are at least while the site observes. */
export function nightReplicas({ nightReplicas: said, minReplicas, maxReplicas }: LoveSpec["frontend"]): number {
  return said ?? Math.min(2 * minReplicas, maxReplicas);
}

/** How much a site's frontends serve. */
export interface LoveCapacity {
  /** CPU of all frontends at which the autoscaler has started as many as it may. */
  readonly cpu: string;
  /** Open views that take so much, by the site's `cpuPerView`. */
  readonly views: number;
}

/** What follows from request, target and maximum of the frontends: beyond it views get slower, and no frontend is added. */
export function loveCapacity({ frontend, managerResources: { requests } }: LoveSpec): LoveCapacity {
  const { maxReplicas, cpuTarget, cpuPerView } = frontend;
  const cpu = Math.floor((maxReplicas * thousandths(requests.cpu) * cpuTarget) / 100);
  return { cpu: `${cpu}m`, views: Math.floor(cpu / thousandths(cpuPerView)) };
}

/** Cores in thousandths, which are whole by their form. */
const thousandths = (cpu: string) => Math.round(1000 * cores(cpu));
