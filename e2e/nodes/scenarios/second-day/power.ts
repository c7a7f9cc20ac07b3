/** The site's own command stops and starts its programs. */
import { NAMESPACE } from "../../../../ground/namespaces";
import { inside } from "../../../../synthesized/stack";
import type { RunningSite } from "../../site/running-site";
import { type Day, secondDay } from "./day";
import { KEEPS_SCHEMAS } from "./needs";

/** Namespaces in which nothing runs while the site is down. */
const DOWN = [NAMESPACE.kafka, NAMESPACE.influxdb, NAMESPACE.telegraf, NAMESPACE.chronograf, NAMESPACE.kapacitor];

async function runningPods({ api }: RunningSite): Promise<string[]> {
  const pods = await Promise.all(DOWN.map((namespace) => api.list(`/api/v1/namespaces/${namespace}/pods`)));
  return pods
    .flat()
    .filter(({ status }) => !["Succeeded", "Failed"].includes(String(inside(status, "phase"))))
    .map(({ metadata: { namespace, name } }) => `${namespace}/${name}`);
}

async function powered(day: Day): Promise<void> {
  await day.does("power", "down", "--yes");
  day.checks.same("pods that run while the site is down", await runningPods(day.site), []);
  await day.sees("a site that is down", "influxdb", /^fail InfluxDB: /);
  await day.does("power", "up", "--yes");
}

/** What `power` does. */
export const powerScenarios = [
  secondDay({
    ...KEEPS_SCHEMAS,
    name: "powered",
    title: "the programs go down and up again by the site's own command",
    act: powered,
  }),
];
