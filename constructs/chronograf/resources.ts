/** What Chronograf reads from a folder each time it is asked: its files, beside the database of what people made. */
import { stableJson } from "../../synthesized/text";
import { dataPathDashboard } from "./dashboards/data-path";
import { fileId } from "./dashboards/model";
import { type Sink, topicDashboards } from "./dashboards/topics";

/** What people read of the connection. */
const CONNECTION = "Kapacitor";
/** The source that Chronograf makes of its variables `INFLUXDB_…` has this number. */
const SOURCE = "0";

/**
 * Files of the folder. Of a connection to Kapacitor that is made of the variable `KAPACITOR_URL`, whoever has logged in
 * sees nothing: it belongs to no organization (1.11.4). The source has no file: of a password in one, `&` and quotes
 * would become what HTML makes of them.
 */
export function chronografFiles(sinks: readonly Sink[], kapacitor: { readonly url: string }): Record<string, string> {
  const connection = {
    id: String(fileId(CONNECTION)),
    srcId: SOURCE,
    name: CONNECTION,
    url: kapacitor.url,
    active: true,
    organization: "default",
  };
  const dashboards = [dataPathDashboard(sinks), ...topicDashboards(sinks)];
  return {
    "kapacitor.kap": stableJson(connection),
    ...Object.fromEntries(dashboards.map((one) => [fileOf(one.name), stableJson(one)])),
  };
}

/** Chronograf tells dashboards by what their files are called at the end. */
function fileOf(name: string): string {
  return `${name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/-$/, "")}.dashboard`;
}
