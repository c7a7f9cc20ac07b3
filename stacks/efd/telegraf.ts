import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { NodeMetrics } from "../../constructs/telegraf/node-metrics";
import { TelegrafConsumer } from "../../constructs/telegraf/telegraf-consumer";
import type { Environment } from "../../environments/schema";
import type { Data } from "./data";

/** The site's consumers, and the Telegraf that measures its nodes. Other sinks release their topics before. */
export function addTelegraf(
  scope: Construct,
  { telegraf }: Environment,
  { kafka, registry, influxdb, setup }: Data,
  otherSinks: readonly ITerraformDependable[],
) {
  const dependsOn = [registry.ready, setup.ready, ...otherSinks];
  return [
    ...telegraf.consumers.map(
      (spec) => new TelegrafConsumer(scope, `telegraf-${spec.name}`, { spec, kafka, registry, influxdb, dependsOn }),
    ),
    ...(telegraf.measuresNodes ? [new NodeMetrics(scope, "node-metrics", { influxdb, dependsOn: [setup.ready] })] : []),
  ];
}
