import type { ITerraformDependable } from "cdktf";
import type { LoveSpec } from "../../environments/systems/love/schema";
import type { Brokers } from "../kafka/kafka-cluster";
import type { Registry } from "../registry/schema-registry";

/** The EFD as LOVE uses it. Every value comes from the EFD's own objects, so that no other address can be written. */
export interface EfdReference {
  readonly brokers: Brokers;
  /** Ids of the brokers, which LOVE expects to be there. */
  readonly brokerIds: readonly number[];
  /** Copies of each topic. */
  readonly replication: number;
  readonly registry: Registry;
  /** URL of the REST proxy inside the cluster. @default - the site has none */
  readonly restProxy?: string;
  /** Host of InfluxDB outside the cluster, as browsers reach it. */
  readonly influxdbHost: string;
}

/** What each part of LOVE is made from. */
export interface LovePart {
  readonly spec: LoveSpec;
  /** Host name of LOVE. */
  readonly host: string;
  readonly efd: EfdReference;
  /** What the part finds when it starts; the Secrets are always among it. */
  readonly dependsOn: ITerraformDependable[];
}
