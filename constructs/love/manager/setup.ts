import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { JobV1 } from "@cdktf/provider-kubernetes/lib/job-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LOVE_RESOURCES } from "../../../environments/systems/love/defaults";
import { literal, shortHash, stableJson } from "../../../synthesized/text";
import { cronJob } from "../../kubernetes/cron-job";
import { loveConfigurations } from "../nginx/configuration";
import { LOVE_PATH } from "../nginx/paths";
import { loveTemplate } from "../pods";
import { MANAGER_SETUP, metadataFor, NGINX } from "../services";
import type { LovePart } from "../surroundings";
import { databaseVariables, siteVariables, userVariables } from "./environment";
import { MANAGER_USER, MANAGER_VOLUMES, managerContainer } from "./files";

const NAME = MANAGER_SETUP.workload;
const METADATA = metadataFor(MANAGER_SETUP);

const SCRIPT = readFileSync(join(__dirname, "setup.py"), "utf8");

/** Seconds that it waits for the database. */
const PATIENCE = 240;

function pod(part: LovePart, args: readonly string[]) {
  const { spec } = part;
  const container = managerContainer(spec);
  return loveTemplate(spec, {
    labels: METADATA.labels,
    user: MANAGER_USER,
    config: SCRIPT,
    pod: {
      restartPolicy: "Never",
      container: [
        {
          ...container,
          name: "setup",
          command: ["python", "/setup/setup.py", ...args],
          env: [
            ...container.env,
            ...siteVariables(part),
            ...databaseVariables(part),
            ...userVariables(part, "frontend"),
            // Managers alone read them, so nginx's Service does: no name outside the cluster, no certificate.
            { name: "CONFIGURATION", value: `http://${NGINX.name}${LOVE_PATH}/media/configs` },
            { name: "CONFIGURATION_FILES", value: Object.keys(loveConfigurations(part)).join(" ") },
            { name: "PATIENCE", value: String(PATIENCE) },
          ],
          resources: LOVE_RESOURCES.setup,
          volumeMount: [...container.volumeMount, { name: "setup", mountPath: "/setup", readOnly: true }],
        },
      ],
      volume: [...MANAGER_VOLUMES, { name: "setup", configMap: { name: NAME } }],
    },
  });
}

/**
 * An idempotent Job with LOVE's migrations, users and first data, so that no manager begins with them. It runs again when
 * its image or its inputs change; a CronJob brings passwords that changed at their source.
 */
export class ManagerSetup extends Construct {
  /** The database, as managers expect it. */
  readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, part: LovePart) {
    super(scope, id);
    const { dependsOn } = part;
    const script = new ConfigMapV1(this, "script", {
      metadata: METADATA,
      data: { "setup.py": literal(SCRIPT) },
      dependsOn,
    });
    const template = pod(part, []);
    this.ready = new JobV1(this, "job", {
      metadata: { ...METADATA, name: `${NAME}-${shortHash(stableJson(template))}` },
      waitForCompletion: true,
      timeouts: { create: "10m", update: "10m" },
      dependsOn: [...dependsOn, script],
      spec: { backoffLimit: 4, activeDeadlineSeconds: 540, template },
    });
    cronJob(this, "schedule", {
      metadata: METADATA,
      schedule: "*/15 * * * *",
      job: { backoffLimit: 1, activeDeadlineSeconds: 540, template: pod(part, ["passwords"]) },
      dependsOn: [this.ready],
    });
  }
}
