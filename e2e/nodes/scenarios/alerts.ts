/** A rule of Kapacitor, as Chronograf writes them, and the alert that people see in Chronograf's list. */
import { ALERTS_DATABASE } from "../../../constructs/chronograf/chronograf";
import { until } from "../../../cli/shared/process/until";
import { NAMESPACE } from "../../../ground/namespaces";
import type { Checks } from "../../data-path/check";
import { DATABASE, readerOf } from "../site/reader";
import type { RunningSite } from "../site/running-site";
import type { Scenario } from "../site/scenario";
import { Data } from "./second-day/data";

const TASKS = "/kapacitor/v1/tasks";

/** A rule that finds each record, with the fields and tags for which Chronograf asks. */
const ruleOn = (name: string, measurement: string): string => `stream
  |from().database('${DATABASE}').retentionPolicy('autogen').measurement('${measurement}')
  |eval(lambda: float("private_seqNum")).as('value')
  |alert().crit(lambda: "value" >= 0.0).message('a record came').levelTag('level')
  |influxDBOut().create().database('${ALERTS_DATABASE}').retentionPolicy('autogen').measurement('alerts').tag('alertName', '${name}')
`;

async function run(site: RunningSite, checks: Checks): Promise<void> {
  const kapacitor = site.clients.inside({ namespace: NAMESPACE.kapacitor, service: "efd-kapacitor", port: 9092 });
  const reader = await readerOf(site);
  // Alerts of an earlier run stay.
  const name = `nodes-alerts-${Date.now()}`;
  const alerts = async () => {
    const asked = `SELECT "host", "value", "level", "alertName" FROM "alerts" WHERE "alertName" = '${name}'`;
    const [table] = await reader.query(ALERTS_DATABASE, asked);
    return table?.rows.length ?? 0;
  };
  checks.same("alerts that efdreader sees while there are none", await alerts(), 0);
  const data = await Data.start(site);
  const dbrps = [{ db: DATABASE, rp: "autogen" }];
  const rule = { id: name, type: "stream", status: "enabled", dbrps, script: ruleOn(name, data.measurement) };
  try {
    const { status, text } = await kapacitor.ask({ method: "POST", path: TASKS, body: JSON.stringify(rule) });
    checks.same(`Kapacitor takes a rule${status === 200 ? "" : `: ${text}`}`, status, 200);
    await data.write(1);
    const seen = await until(120, async () => ((await alerts()) > 0 ? true : undefined));
    checks.same(`an alert of one of the ${data.what}, as efdreader sees it`, seen, true);
  } finally {
    await kapacitor.ask({ method: "DELETE", path: `${TASKS}/${name}` });
    await data.close();
  }
}

/** From a record to an alert. */
export const alerts: Scenario = {
  name: "alerts",
  title: "a rule of Kapacitor finds a record, and its alert is what Chronograf's first page lists",
  needs: ["influxdb", "kapacitor"],
  inCi: true,
  run,
};
