import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { NodeMetrics } from "../../constructs/telegraf/node-metrics";
import { Progress } from "../../constructs/telegraf/progress";
import { TelegrafConsumer } from "../../constructs/telegraf/telegraf-consumer";
import type { Environment } from "../../environments/schema";
import type { Data } from "./data";

/** The site's consumers, what measures how far they are, and the Telegraf that measures its nodes. Other sinks release their topics before. */
export function addTelegraf(
  scope: Construct,
  { telegraf }: Environment,
  { kafka, registry, influxdb, setup }: Data,
  otherSinks: readonly ITerraformDependable[],
) {
  const dependsOn = [registry.ready, setup.ready, ...otherSinks];
  const { consumers } = telegraf;
  if (consumers.length > 0) new Progress(scope, "progress", { consumers, kafka, influxdb, dependsOn });
  return [
    ...consumers.map(
      (spec) => new TelegrafConsumer(scope, `telegraf-${spec.name}`, { spec, kafka, registry, influxdb, dependsOn }),
    ),
    ...(telegraf.measuresNodes ? [new NodeMetrics(scope, "node-metrics", { influxdb, dependsOn: [setup.ready] })] : []),
  ];
}
