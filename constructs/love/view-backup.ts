import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { LOVE_RESOURCES } from "../../environments/systems/love/defaults";
import type { LoveSpec } from "../../environments/systems/love/schema";
import { cronJob } from "../kubernetes/cron-job";
import { RESTRICTED_CONTAINER } from "../kubernetes/workload";
import { SAL_USER } from "./csc-environment";
import { databaseOf } from "./database";
import { objectStoreVariables } from "./object-store";
import { loveImage, loveTemplate } from "./pods";
import { fromLove } from "./secrets";
import { metadataFor, VIEW_BACKUP } from "./services";
import type { LovePart } from "./surroundings";

/** A site's views, and where they go. */
export interface ViewBackupProps extends Pick<LovePart, "spec" | "dependsOn"> {
  readonly objectStore: NonNullable<LoveSpec["objectStore"]>;
}

/**
 * Brings the views of the database into the Large File Annex, each day. Its image knows servers and buckets of the
 * sites summit, base and tucson, by the name that SAL has for them, and no others (ts_cycle_build 2026-06).
 */
export class ViewBackup extends Construct {
  /** The CronJob. */
  readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, { spec, objectStore, dependsOn }: ViewBackupProps) {
    super(scope, id);
    const metadata = metadataFor(VIEW_BACKUP);
    const database = databaseOf(spec);
    const variables = {
      PGHOST: database.host,
      PGPORT: database.port,
      PGDATABASE: database.name,
      PGUSER: database.user,
      LOVE_SITE: spec.salSite,
    };
    this.ready = cronJob(this, "cron-job", {
      metadata,
      dependsOn,
      schedule: "0 12 * * *",
      timeZone: "Etc/UTC",
      // A host that was off makes it if it is back within the hour; else the next day.
      startingDeadlineSeconds: 3600,
      failedJobsHistoryLimit: 3,
      job: {
        completions: 1,
        // It asks nobody twice: Kubernetes begins it again after 10 s, and each time after twice as long, for ten minutes.
        backoffLimit: 6,
        activeDeadlineSeconds: 3600,
        template: loveTemplate(spec, {
          labels: metadata.labels,
          user: SAL_USER,
          pod: {
            restartPolicy: "Never",
            container: [
              {
                name: "view-backup",
                image: loveImage(spec, "viewBackup"),
                env: [
                  ...Object.entries(variables).map(([name, value]) => ({ name, value: String(value) })),
                  fromLove("PGPASSWORD", "db-pass"),
                  ...objectStoreVariables(objectStore),
                ],
                resources: LOVE_RESOURCES.viewBackup,
                // Its script writes beside itself.
                securityContext: { ...RESTRICTED_CONTAINER, readOnlyRootFilesystem: false },
              },
            ],
          },
        }),
      },
    });
  }
}
