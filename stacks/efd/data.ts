import type { ITerraformDependable } from "cdktf";
import type { Influxdb } from "../../constructs/influxdb/influxdb";
import type { KafkaCluster } from "../../constructs/kafka/kafka-cluster";
import type { SchemaRegistry } from "../../constructs/registry/schema-registry";

/** What programs read from and write to. */
export interface Data {
  readonly kafka: KafkaCluster;
  /** Accounts and topics of Kafka. */
  readonly accounts: { readonly ready: ITerraformDependable };
  readonly registry: SchemaRegistry;
  readonly influxdb: Influxdb;
  /** Databases and users of InfluxDB. */
  readonly setup: { readonly ready: ITerraformDependable };
}
