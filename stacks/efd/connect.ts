import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { Connectors } from "../../constructs/connect/connectors";
import { KafkaConnect } from "../../constructs/connect/kafka-connect";
import type { Environment } from "../../environments/schema";
import type { Data } from "./data";

/**
 * Connect and its connectors, where the site has them.
 *
 * @returns what consumers of the same topics wait for: a topic that moves from one sink to another is released first.
 */
export function addConnect(scope: Construct, site: Environment, data: Data): ITerraformDependable[] {
  const { kafka, accounts, registry, influxdb, setup } = data;
  if (!site.connect) return [];
  const spec = site.connect;
  const workers = new KafkaConnect(scope, "kafka-connect", { spec, kafka, registry, dependsOn: [accounts.ready] });
  // Workers without connectors use neither registry nor databases.
  const dependsOn = [workers.ready, registry.ready, setup.ready];
  return [new Connectors(scope, "connectors", { spec, influxdb, dependsOn }).ready];
}
