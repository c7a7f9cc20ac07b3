import type { Construct } from "constructs";
import { Chronograf } from "../../constructs/chronograf/chronograf";
import { Kapacitor } from "../../constructs/kapacitor/kapacitor";
import type { ChartSource } from "../../constructs/kubernetes/chart";
import type { Volumes } from "../../constructs/kubernetes/pvc";
import type { Web } from "../../constructs/kubernetes/web";
import type { Environment } from "../../environments/schema";
import type { Data } from "./data";

/** What dashboards need beside InfluxDB. */
export interface DashboardProps extends Pick<Data, "influxdb" | "setup"> {
  readonly web: Web;
  readonly volumes: Volumes;
  readonly source: ChartSource;
}

/** Kapacitor and Chronograf. */
export function addDashboards(scope: Construct, site: Environment, props: DashboardProps) {
  const { influxdb, setup, web, volumes, source } = props;
  const shared = { influxdb, volumes, source, dependsOn: [setup.ready] };
  const kapacitor = new Kapacitor(scope, "kapacitor", { spec: site.kapacitor, ...shared });
  const chronograf = new Chronograf(scope, "chronograf", { spec: site.chronograf, ...shared, kapacitor, web });
  return { kapacitor, chronograf };
}
