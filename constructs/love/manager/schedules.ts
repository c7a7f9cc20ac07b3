/** What happens to the frontends by the clock: more of them before a night, fewer after it, and a restart by day. */
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { hoursOf, type Observing } from "../../../environments/general/observing";
import { LOVE_RESOURCES } from "../../../environments/systems/love/defaults";
import { nightReplicas } from "../../../environments/systems/love/frontends";
import type { LoveSpec } from "../../../environments/systems/love/schema";
import { NAMESPACE } from "../../../ground/namespaces";
import { image } from "../../../ground/versions";
import { cronJob } from "../../kubernetes/cron-job";
import { metadataOf } from "../../kubernetes/objects";
import { rights } from "../../kubernetes/rights";
import { restrictedTemplate } from "../../kubernetes/workload";
import { FRONTEND } from "../services";

/** User of kubectl's image. */
const USER = 65532;
/** Hour of UTC at which frontends restart where a site names no observing time: night in the Americas. */
const RECYCLE_HOUR = 9;

/** Hours of UTC as a field of cron: ranges where they follow one another. */
function field(hours: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const hour of hours) {
    const range = ranges.at(-1);
    if (range?.[1] === hour - 1) range[1] = hour;
    else ranges.push([hour, hour]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(",");
}

/** When each happens, as cron writes it in UTC. */
export interface FrontendTimes {
  /** At the beginning of each hour that may belong to a night. @default - never */
  readonly night?: string;
  /** At the beginning of each other hour. @default - never */
  readonly day?: string;
  /** Once a day, half an hour after the longest observing time has ended. @default - never: the site observes always */
  readonly recycle?: string;
}

/** The first hour of the longest run of free hours, which may go on after midnight. */
function longestRun(free: readonly number[]): number | undefined {
  const isFree = (hour: number) => free.includes(hour % 24);
  const length = (hour: number) => {
    let count = 0;
    while (count < 24 && isFree(hour + count)) count++;
    return count;
  };
  return [...free].sort((a, b) => length(b) - length(a) || a - b)[0];
}

/**
 * Times of a site. Each hour says what it wants, and not only the first of a night: a run that failed is made up for, and
 * so is a number that a deploy changed, within an hour and without a shell that reads the clock.
 */
export function frontendTimes(observing: Observing): FrontendTimes {
  if (observing.length === 0) return { recycle: `30 ${RECYCLE_HOUR} * * *` };
  const { busy, free } = hoursOf(observing);
  const first = longestRun(free);
  return {
    night: `0 ${field(busy)} * * *`,
    ...(first === undefined ? {} : { day: `0 ${field(free)} * * *`, recycle: `30 ${first} * * *` }),
  };
}

/** What a CronJob does with one object. */
interface Task {
  readonly name: string;
  readonly schedule: string;
  /** API group, plural name and name of the only object that it may read and change. */
  readonly object: { readonly group: string; readonly resource: string; readonly name: string };
  /** Arguments of kubectl. */
  readonly args: readonly string[];
}

/** A CronJob that runs kubectl with the right to read and patch one object. */
class Scheduled extends Construct {
  constructor(scope: Construct, id: string, { name, schedule, object, args }: Task, dependsOn: ITerraformDependable[]) {
    super(scope, id);
    const metadata = metadataOf(name, NAMESPACE.love);
    const account = new ServiceAccountV1(this, "account", { metadata, automountServiceAccountToken: false, dependsOn });
    const binding = rights(this, {
      metadata,
      account,
      rule: [
        {
          apiGroups: [object.group],
          resources: [object.resource],
          resourceNames: [object.name],
          verbs: ["get", "patch"],
        },
      ],
      dependsOn,
    });
    cronJob(this, "schedule", {
      metadata,
      dependsOn: [binding],
      schedule,
      timeZone: "Etc/UTC",
      // What is later than this belongs to another hour.
      startingDeadlineSeconds: 1200,
      job: {
        backoffLimit: 3,
        activeDeadlineSeconds: 600,
        template: restrictedTemplate({
          labels: metadata.labels,
          user: USER,
          pod: {
            restartPolicy: "Never",
            serviceAccountName: account.metadata.name,
            container: [
              {
                name: "kubectl",
                image: image("kubectl"),
                args: [`--namespace=${NAMESPACE.love}`, ...args],
                resources: LOVE_RESOURCES.schedule,
              },
            ],
          },
        }),
      },
    });
  }
}

/** Changes the least number of frontends. */
function floor(name: string, schedule: string, replicas: number): Task {
  return {
    name,
    schedule,
    object: { group: "autoscaling", resource: "horizontalpodautoscalers", name: FRONTEND.workload },
    args: [
      "patch",
      `horizontalpodautoscalers.v2.autoscaling/${FRONTEND.workload}`,
      "--type=merge",
      `--patch=${JSON.stringify({ spec: { minReplicas: replicas } })}`,
    ],
  };
}

/** The CronJobs of a site's frontends. */
export class FrontendSchedules extends Construct {
  /** @param dependsOn - frontends and their autoscaler */
  constructor(
    scope: Construct,
    id: string,
    { frontend }: LoveSpec,
    observing: Observing,
    dependsOn: ITerraformDependable[],
  ) {
    super(scope, id);
    const { night, day, recycle } = frontendTimes(observing);
    const tasks = [
      ...(night ? [floor("love-manager-frontend-night", night, nightReplicas(frontend))] : []),
      ...(day ? [floor("love-manager-frontend-day", day, frontend.minReplicas)] : []),
      ...(recycle
        ? [
            {
              name: "love-manager-frontend-recycle",
              schedule: recycle,
              object: { group: "apps", resource: "deployments", name: FRONTEND.workload },
              args: ["rollout", "restart", `deployment/${FRONTEND.workload}`],
            },
          ]
        : []),
    ];
    for (const task of tasks) new Scheduled(this, task.name, task, dependsOn);
  }
}
