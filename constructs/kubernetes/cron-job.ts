import { CronJobV1, type CronJobV1SpecJobTemplateSpec } from "@cdktf/provider-kubernetes/lib/cron-job-v1";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { metadataOf } from "./objects";

/** A Job that a clock starts. */
export interface CronJobProps {
  readonly metadata: ReturnType<typeof metadataOf>;
  /** Five fields of cron. */
  readonly schedule: string;
  /** Time zone of the schedule. @default - that of the cluster's controller-manager */
  readonly timeZone?: string;
  /** Whether only people start it. @default false */
  readonly suspend?: boolean;
  /** Seconds after its time within which it may still begin. @default - it begins however late it is */
  readonly startingDeadlineSeconds?: number;
  /** How many failed Jobs stay, for people to read. @default 1 */
  readonly failedJobsHistoryLimit?: number;
  readonly job: CronJobV1SpecJobTemplateSpec;
  readonly dependsOn?: ITerraformDependable[];
}

/** Exit codes of a program that was killed (KILL, TERM), and of one of which nobody saw the end, as its node went with it. */
const KILLED = [137, 143, 255];

/**
 * For a Job whose program does nothing twice and asks others long enough by itself: where the program says that something
 * is wrong the Job fails at once, for the next one would say the same; where it was killed, as by a restart of its node,
 * its pod is made again. So the time that it may take is its pod's, and not the Job's, which goes on while a node is away.
 *
 * @param containerName - its one container; Terraform's provider 2.38 crashes where a rule names none
 */
export function againWhenKilled(containerName: string) {
  const onExitCodes = { containerName, operator: "NotIn", values: KILLED };
  return {
    backoffLimit: 2,
    podFailurePolicy: { rule: [{ action: "FailJob", onExitCodes }] },
  } satisfies Partial<CronJobV1SpecJobTemplateSpec>;
}

/** A CronJob of which one Job runs at a time. */
export function cronJob(scope: Construct, id: string, props: CronJobProps): CronJobV1 {
  const { metadata, schedule, timeZone, suspend, startingDeadlineSeconds, failedJobsHistoryLimit, job, dependsOn } =
    props;
  return new CronJobV1(scope, id, {
    metadata,
    ...(dependsOn && { dependsOn }),
    spec: {
      schedule,
      ...(timeZone !== undefined && { timezone: timeZone }),
      ...(suspend !== undefined && { suspend }),
      concurrencyPolicy: "Forbid",
      ...(startingDeadlineSeconds !== undefined && { startingDeadlineSeconds }),
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: failedJobsHistoryLimit ?? 1,
      jobTemplate: { metadata: { labels: metadata.labels }, spec: job },
    },
  });
}
