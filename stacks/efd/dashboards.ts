import type { Construct } from "constructs";
import { Chronograf } from "../../constructs/chronograf/chronograf";
import { Kapacitor } from "../../constructs/kapacitor/kapacitor";
import { all } from "../../environments/derived/systems";
import type { Environment } from "../../environments/schema";
import type { Data } from "./data";

/** Kapacitor and Chronograf. */
export function addDashboards(scope: Construct, site: Environment, data: Data) {
  const { influxdb, setup, web, volumes, source } = data;
  const shared = { influxdb, volumes, source, dependsOn: [setup.ready] };
  const kapacitor = new Kapacitor(scope, "kapacitor", { spec: site.kapacitor, ...shared });
  const sinks = all(site, (system) => system.sinks);
  const chronograf = new Chronograf(scope, "chronograf", { spec: site.chronograf, ...shared, kapacitor, sinks, web });
  return { kapacitor, chronograf };
}
