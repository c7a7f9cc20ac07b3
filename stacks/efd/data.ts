import type { InfluxdbSetup } from "../../constructs/influxdb/influxdb-setup";
import type { Influxdb } from "../../constructs/influxdb/influxdb";
import type { ChartSource } from "../../constructs/kubernetes/chart";
import type { Volumes } from "../../constructs/kubernetes/pvc";
import type { Surroundings } from "../../constructs/systems/system";

/** What the programs of the EFD find when they start. */
export interface Data extends Surroundings {
  readonly influxdb: Influxdb;
  /** Databases and users of InfluxDB. */
  readonly setup: InfluxdbSetup;
  readonly volumes: Volumes;
  readonly source: ChartSource;
}
