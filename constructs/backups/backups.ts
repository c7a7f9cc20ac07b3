import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BackupsSite } from "../../environments/systems/backups";
import { NAMESPACE } from "../../ground/namespaces";
import { literals } from "../../synthesized/text";
import { RESTORING_DATABASE } from "../influxdb/setup-script";
import { cronJob } from "../kubernetes/cron-job";
import { letIn, podsWith } from "../kubernetes/network-policy";
import { metadataOf, selectorLabels } from "../kubernetes/objects";
import { patienceScript } from "../kubernetes/patience";
import { pvc } from "../kubernetes/pvc";
import { BACKUP_PODS, backupPod, type Bucket, LATE, type PodProps, restorePod } from "./cron-job";
import { type Program, type ProgramName, PROGRAMS } from "./program";

/** The port of InfluxDB for backups. */
const BACKUP_PORT = 8088;

/** A host that was off makes its backup if it is back in time; else the next day. */
const RUN = { startingDeadlineSeconds: LATE, failedJobsHistoryLimit: 3 };

/** The setup of InfluxDB, which a restore runs. */
export interface InfluxdbSetupScript {
  /** ConfigMap with `setup.sh`, in InfluxDB's namespace. */
  readonly config: string;
  /** Its variables. */
  readonly env: PodProps["env"];
}

/** Backups of a site. */
export interface BackupsProps {
  readonly spec: NonNullable<BackupsSite["backups"]>;
  /** When they are made, each day. */
  readonly at: { readonly time: string; readonly timeZone: string };
  /** Storage class of a volume for which the site names none. */
  readonly storageClass: string;
  /** Name of the site, the folder of a bucket where it names none. */
  readonly site: string;
  /** Sizes of the volumes. */
  readonly disks: Readonly<Record<ProgramName, string>>;
  readonly influxdb: { readonly service: { readonly host: string; readonly port: number } };
  readonly setup: { readonly script: InfluxdbSetupScript };
  /** What is backed up. */
  readonly dependsOn: ITerraformDependable[];
}

/**
 * A CronJob for each program that makes a backup each day, and one that is suspended: a Job made of it puts a backup
 * back (docs/runbooks/restore.md). Kubernetes says of a CronJob when its last Job succeeded.
 */
export class Backups extends Construct {
  constructor(scope: Construct, id: string, props: BackupsProps) {
    super(scope, id);
    for (const program of PROGRAMS) this.add(program, props);
    new NetworkPolicyV1(this, "network-policy", {
      ...letIn({
        metadata: metadataOf("influxdb-backup", NAMESPACE.influxdb),
        pods: selectorLabels("influxdb"),
        from: [podsWith(BACKUP_PODS.influxdb)],
        port: BACKUP_PORT,
      }),
      dependsOn: props.dependsOn,
    });
  }

  private add(program: Program & { readonly name: ProgramName }, props: BackupsProps): void {
    const { spec, at, dependsOn } = props;
    const { name, file } = program;
    const namespace = NAMESPACE[name];
    const parent = new Construct(this, name);
    const metadata = metadataOf(`${name}-backup`, namespace);
    const volume = pvc(parent, {
      name: metadata.name,
      namespace,
      storageClass: spec.target.className ?? props.storageClass,
      size: props.disks[name],
    });
    const scripts = new ConfigMapV1(parent, "scripts", { metadata, data: scriptsOf(program, spec), dependsOn });
    const asks = file === undefined;
    const { host } = props.influxdb.service;
    const backupPort = { name: "INFLUXDB_BACKUP_PORT", value: String(BACKUP_PORT) };
    const service = asks ? [{ name: "INFLUXDB_HOST", value: host }, backupPort] : [];
    const bucket = spec.target.kind === "s3" ? bucketOf(spec.target, props.site) : undefined;
    const common = {
      program,
      scripts: scripts.metadata.name,
      volume: volume.metadata.name,
      keep: spec.keep,
      ...(bucket ? { bucket } : {}),
    };
    const [hour, minute] = at.time.split(":").map(Number);
    cronJob(parent, "backup", {
      metadata,
      schedule: `${minute} ${hour} * * *`,
      timeZone: at.timeZone,
      suspend: false,
      ...RUN,
      // A backup may take most of a day.
      job: { backoffLimit: 2, activeDeadlineSeconds: 20 * 3600, template: backupPod({ ...common, env: service }) },
    });
    const { script } = props.setup;
    cronJob(parent, "restore", {
      metadata: { ...metadata, name: `${name}-restore` },
      // Never by itself: Kubernetes wants a time all the same.
      schedule: "0 0 1 1 *",
      timeZone: "UTC",
      suspend: true,
      ...RUN,
      // It ends when it has ended.
      job: {
        backoffLimit: 2,
        template: restorePod({
          ...common,
          env: asks
            ? [
                ...script.env,
                backupPort,
                { name: "SETUP", value: "/setup/setup.sh" },
                { name: "RESTORING_DATABASE", value: RESTORING_DATABASE },
              ]
            : [],
          ...(asks ? { configMaps: { setup: script.config } } : {}),
        }),
      },
    });
  }
}

/** The scripts that a program's pods need. */
function scriptsOf({ name, file }: Program, { target }: BackupsProps["spec"]): Record<string, string> {
  const read = (script: string) => readFileSync(join(__dirname, script), "utf8");
  const how = file ? "file" : name;
  const shared = ["backups.sh", "backup.sh", ...(target.kind === "s3" ? ["upload.sh", "download.sh"] : [])];
  const texts = {
    ...patienceScript(),
    ...Object.fromEntries(shared.map((script) => [script, read(script)])),
    "copy.sh": read(`copy-${how}.sh`),
    "restore.sh": read(`restore-${how}.sh`),
  };
  return literals(texts);
}

function bucketOf(
  { bucket, prefix, region, endpoint }: Extract<BackupsProps["spec"]["target"], { kind: "s3" }>,
  site: string,
): Bucket {
  return { bucket, prefix: prefix ?? site, region, ...(endpoint === undefined ? {} : { endpoint }) };
}
