import type { Construct } from "constructs";
import { addOutput } from "../../constructs/core/outputs";
import type { OuterAccess, OuterAddress } from "../../environments/systems/kafka/brokers";

/** What a site tells people and the command line. */
export interface Outputs {
  /** Where the names of its web pages lead. @default - load balancers have their own addresses */
  readonly address?: string;
  readonly influxdb: { readonly host: string };
  readonly chronograf: { readonly host: string };
  readonly registry: { readonly host: string };
  readonly kafka: { readonly outside: OuterAccess };
}

/** Makes the addresses of a site outputs of its stack. */
export function addOutputs(scope: Construct, { address, influxdb, chronograf, registry, kafka }: Outputs): void {
  const hostAndPort = ({ host, port }: OuterAddress) => `${host}:${port}`;
  const { bootstrap, brokers } = kafka.outside;
  if (address !== undefined)
    addOutput(scope, "ingress_ip", address, "Address of the web pages and of the schema registry's route");
  addOutput(scope, "influxdb_host", influxdb.host, "Host of InfluxDB");
  addOutput(scope, "chronograf_host", chronograf.host, "Host of Chronograf");
  addOutput(scope, "schema_registry_host", registry.host, "Host of the schema registry");
  addOutput(scope, "kafka_brokers", brokers.map(hostAndPort), "Brokers as clients outside the cluster name them");
  addOutput(
    scope,
    "kafka_bootstrap",
    hostAndPort(bootstrap),
    "Where clients outside the cluster find the brokers at first",
  );
}
