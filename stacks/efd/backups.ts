import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { Backups } from "../../constructs/backups/backups";
import type { Environment } from "../../environments/schema";
import { backupTime } from "../../environments/systems/backups";
import type { Data } from "./data";

/** Backups of InfluxDB, Chronograf and Kapacitor, where the site has them. */
export function addBackups(
  scope: Construct,
  site: Environment,
  { influxdb, setup }: Data,
  programs: readonly ITerraformDependable[],
): void {
  const spec = site.backups;
  if (!spec) return;
  new Backups(scope, "backups", {
    spec,
    at: backupTime(site),
    storageClass: site.storage.className,
    site: site.name,
    disks: { influxdb: spec.target.disk, chronograf: site.chronograf.disk, kapacitor: site.kapacitor.disk },
    influxdb,
    setup,
    dependsOn: [setup.ready, ...programs],
  });
}
