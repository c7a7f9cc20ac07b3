import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LOVE_RESOURCES } from "../../../environments/systems/love/defaults";
import { image } from "../../../ground/versions";
import { literal } from "../../../synthesized/text";
import { cronJob } from "../../kubernetes/cron-job";
import { restrictedTemplate } from "../../kubernetes/workload";
import { fromLove } from "../secrets";
import { metadataFor, REDIS, REDIS_CLEANUP } from "../services";
import type { LovePart } from "../surroundings";
import { REDIS_USER } from "./redis";

const SCRIPTS = "/scripts";
const SCRIPT = readFileSync(join(__dirname, "cleanup.sh"), "utf8");
/** Seconds without a touch after which a queue of messages in work has no manager any more. */
const IDLE = 3600;
/** Seconds for which a Redis that starts is waited for: its own probe gives it a minute. */
const PATIENCE = 120;
/** Keys that Redis looks at without a pause: some milliseconds (measured on 10,000 groups of 50 members). */
const BATCH = 500;

/** Removes what killed managers and finished scripts left in Redis, every half hour. Whatever lives stays. */
export class RedisCleanup extends Construct {
  /** The CronJob. */
  readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, { spec, dependsOn }: Pick<LovePart, "spec" | "dependsOn">) {
    super(scope, id);
    const metadata = metadataFor(REDIS_CLEANUP);
    const script = new ConfigMapV1(this, "script", { metadata, data: { "cleanup.sh": literal(SCRIPT) }, dependsOn });
    const variables = {
      REDIS_HOST: REDIS.name,
      REDIS_PORT: REDIS.port,
      GROUP_EXPIRY: spec.redis.groupExpiry,
      IDLE,
      BATCH,
      PATIENCE,
    };
    this.ready = cronJob(this, "cron-job", {
      metadata,
      dependsOn,
      schedule: "*/30 * * * *",
      timeZone: "Etc/UTC",
      startingDeadlineSeconds: 600,
      failedJobsHistoryLimit: 3,
      job: {
        // The next one comes within the half hour.
        backoffLimit: 1,
        activeDeadlineSeconds: 300,
        template: restrictedTemplate({
          labels: metadata.labels,
          user: REDIS_USER,
          pod: {
            restartPolicy: "Never",
            container: [
              {
                name: "cleanup",
                image: image("redis"),
                command: ["sh", `${SCRIPTS}/cleanup.sh`],
                env: [
                  ...Object.entries(variables).map(([name, value]) => ({ name, value: String(value) })),
                  fromLove("REDISCLI_AUTH", "redis-pass"),
                ],
                resources: LOVE_RESOURCES.cleanup,
                volumeMount: [{ name: "scripts", mountPath: SCRIPTS, readOnly: true }],
              },
            ],
            volume: [{ name: "scripts", configMap: { name: script.metadata.name } }],
          },
        }),
      },
    });
  }
}
