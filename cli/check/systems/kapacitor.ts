/** Checks of Kapacitor: whether it answers, and InfluxDB sends it what it writes. */
import { all } from "../../../environments/derived/systems";
import { NAMESPACE } from "../../../ground/namespaces";
import type { Series } from "../../shared/clients/influxdb";
import { orDown } from "../model/down";
import type { Check, CheckProps, Verdict } from "../model/verdict";

/** The chart's Service, by our name of the release. */
const SERVICE = { namespace: NAMESPACE.kapacitor, service: "efd-kapacitor", port: 9092 };
const LOG = `kubectl -n ${NAMESPACE.kapacitor} logs deployment/${SERVICE.service}`;
const PODS = `kubectl -n ${NAMESPACE.kapacitor} get pods`;
const RESTART = `kubectl -n ${NAMESPACE.kapacitor} rollout restart deployment/${SERVICE.service}`;

async function answers({ clients }: CheckProps): Promise<Verdict[]> {
  const common = { what: "Kapacitor", healthy: "it answers a ping with status 204" };
  const { status } = await clients.inside(SERVICE).ask({ path: "/kapacitor/v1/ping" });
  return [
    status === 204
      ? { ...common, level: "ok", measured: "it answers" }
      : { ...common, level: "fail", measured: `it answers with status ${status}`, remedy: `read its log: ${LOG}` },
  ];
}

/** Kapacitor subscribes to every database when it starts, and once a minute to those that are new. */
async function subscriptions({ site, clients }: CheckProps): Promise<Verdict[]> {
  const databases = [...new Set(all(site, ({ sinks }) => sinks).map(({ database }) => database))];
  const influxdb = await clients.influxdb("admin");
  const series = await influxdb.query("", "SHOW SUBSCRIPTIONS");
  return databases.map((database) => {
    const count = subscriptionsOf(series, database);
    const common = {
      what: `subscription to database ${database}`,
      healthy: "InfluxDB sends Kapacitor what it writes there",
    };
    if (count > 0)
      return { ...common, level: "ok", measured: `${count} subscription${count === 1 ? "" : "s"} of Kapacitor's` };
    return {
      ...common,
      level: "fail",
      measured: "InfluxDB has no subscription of Kapacitor's, so no task of it gets a point",
      remedy: `it makes them again when it starts: ${RESTART}; ${LOG} says what keeps it from that`,
    };
  });
}

/** How many subscriptions of a database lead to Kapacitor; it names them after itself. */
function subscriptionsOf(series: readonly Series[], database: string): number {
  return series
    .filter(({ name }) => name === database)
    .flatMap(({ columns, rows }) => rows.map((row) => String(row[columns.indexOf("name")])))
    .filter((name) => name.startsWith("kapacitor-")).length;
}

const DOWN = { what: "Kapacitor", healthy: "it answers a ping with status 204", remedy: `see why: ${PODS}; ${LOG}` };

/** Checks of Kapacitor. */
export const kapacitorChecks: readonly Check[] = [
  { subject: "kapacitor", title: "Kapacitor's answer", seconds: 15, run: orDown(DOWN, answers) },
  { subject: "kapacitor", title: "subscriptions", seconds: 15, run: subscriptions },
];
