import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { Connectors } from "../../constructs/connect/connectors";
import { KafkaConnect } from "../../constructs/connect/kafka-connect";
import type { Restart } from "../../constructs/kubernetes/restarts";
import type { Environment } from "../../environments/schema";
import type { Data } from "./data";

/** Connectors of a site, none where it has no Connect. */
interface AddedConnect {
  /** What consumers of the same topics wait for: a topic that moves from one sink to another is released first. */
  readonly released: readonly ITerraformDependable[];
  readonly connectors: readonly { readonly restart: Restart }[];
}

/** Connect and its connectors, where the site has them. */
export function addConnect(scope: Construct, site: Environment, data: Data): AddedConnect {
  const { kafka, accounts, registry, influxdb, setup } = data;
  if (!site.connect) return { released: [], connectors: [] };
  const spec = site.connect;
  const workers = new KafkaConnect(scope, "kafka-connect", { spec, kafka, registry, dependsOn: [accounts.ready] });
  // Workers without connectors use neither registry nor databases.
  const dependsOn = [workers.ready, registry.ready, setup.ready];
  const { ready, restarts } = new Connectors(scope, "connectors", { spec, influxdb, dependsOn });
  return { released: [ready], connectors: restarts.map((restart) => ({ restart })) };
}
