/** Every system has rules of its own, or a reason to have none. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../support/sites";

const RULES = join(CHECKOUT, "review", "rules");
const SYSTEMS = join(CHECKOUT, "environments", "systems");

/** What speaks of a system that has no rules of its own. */
const WITHOUT: Readonly<Record<string, string>> = {
  chronograf: "a release of a chart and a PVC: rules of helm and storage",
  dns: "a release of a chart, external-dns: rules of helm; host names are ingress's",
  kapacitor: "a release of a chart and a PVC: rules of helm and storage",
  mirror: "a resource of Strimzi like Kafka Connect: `sink-connector` of connect",
  restarts: "a schedule, rights and a script: `job` and `rights` of workloads",
};

const systems = readdirSync(SYSTEMS, { withFileTypes: true }).filter((one) => one.isDirectory());

test.each(systems.map(({ name }) => [name] as const))("%s", (system) => {
  const own = [`${system}.ts`, system].some((name) => existsSync(join(RULES, name)));
  expect([system, own]).toEqual([system, !(system in WITHOUT)]);
});
