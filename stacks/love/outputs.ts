import type { Construct } from "constructs";
import { addOutput } from "../../constructs/core/outputs";
import { loveCapacity } from "../../environments/systems/love/frontends";
import type { LoveSpec } from "../../environments/systems/love/schema";

/** What LOVE of a site tells people and the command line. */
export interface Outputs {
  /** Its host name. */
  readonly host: string;
  readonly spec: LoveSpec;
}

/** Makes them outputs of the stack. */
export function addOutputs(scope: Construct, { host, spec }: Outputs): void {
  const { cpu, views } = loveCapacity(spec);
  addOutput(scope, "love_host", host, "Host of LOVE");
  addOutput(scope, "love_frontend_cpu", cpu, "CPU of all frontends beyond which the autoscaler adds none");
  addOutput(scope, "love_views", views, "Open views that take so much, by love.frontend.cpuPerView");
}
