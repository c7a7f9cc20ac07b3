/** Checks of backups: Kubernetes says of a CronJob when its last Job succeeded. */
import { PROGRAMS } from "../../../constructs/backups/program";
import { VIEW_BACKUP } from "../../../constructs/love/services";
import { loveOf } from "../../../environments/systems/love/schema";
import type { Environment } from "../../../environments/schema";
import { NAMESPACE } from "../../../ground/namespaces";
import { inside } from "../../../synthesized/stack";
import type { LiveObject } from "../../shared/kubernetes/client";
import { conditionOf, reasonOf } from "../../shared/kubernetes/conditions";
import { ageOf, moment, ownerOf, secondsAgo } from "./objects";
import { duration } from "../../shared/terminal/duration";
import type { Check, CheckProps, Verdict } from "../model/verdict";

const HOUR = 3600;
/** A backup is made each day and takes up to two hours; what is older than two days was left out twice. */
const [LATE, MISSING] = [26 * HOUR, 50 * HOUR];
const PAGE = "docs/runbooks/restore.md";
const HEALTHY = `the last one that succeeded is younger than ${LATE / HOUR} h, and is made by itself`;

/** A CronJob that makes backups. */
interface Backup {
  readonly namespace: string;
  readonly name: string;
}

/** The CronJobs of a site that make backups. */
function backupsOf(site: Environment): Backup[] {
  const programs = site.backups
    ? PROGRAMS.map(({ name }) => ({ namespace: NAMESPACE[name], name: `${name}-backup` }))
    : [];
  const views = loveOf(site)?.objectStore ? [{ namespace: NAMESPACE.love, name: VIEW_BACKUP.workload }] : [];
  return [...programs, ...views];
}

async function judge(backup: Backup, { site, clients, now }: CheckProps): Promise<Verdict> {
  const { namespace, name } = backup;
  const jobs = `/apis/batch/v1/namespaces/${namespace}`;
  const [cronJob, all] = await Promise.all([
    clients.cluster.get(`${jobs}/cronjobs/${name}`),
    clients.cluster.list(`${jobs}/jobs`),
  ]);
  const what = `backup ${namespace}/${name}`;
  const common = { what, healthy: HEALTHY, page: PAGE };
  if (cronJob === undefined)
    return { ...common, level: "fail", measured: "its CronJob is not there", remedy: "deploy the layer that has it" };
  const live = cronJob as LiveObject;
  const last = inside(live, "status", "lastSuccessfulTime");
  const age = secondsAgo(last, now());
  const failure = failureOf(all.filter((job) => ownerOf(job)?.name === name));
  const made =
    age === undefined
      ? `none succeeded since its CronJob was made ${duration(ageOf(live, now()))} ago`
      : `the last one succeeded ${duration(age)} ago, at ${moment(String(last))}`;
  const measured = [made, ...(failure === undefined ? [] : [failure])].join("; ");
  const see = `kubectl -n ${namespace} get jobs,pods, and the log of the pod that failed`;
  const again = `kubectl -n ${namespace} create job --from=cronjob/${name} ${name}-by-hand`;
  if (inside(live, "spec", "suspend") === true)
    return {
      ...common,
      level: "warn",
      measured: `it is suspended; ${made}`,
      remedy: `npm run power -- ${site.name} up resumes what it paused; where somebody else did, let it run again: kubectl -n ${namespace} patch cronjob ${name} -p '{"spec":{"suspend":false}}'`,
    };
  const remedy = failure === undefined ? `make one by hand: ${again}` : `${see}; then make one by hand: ${again}`;
  const since = age ?? ageOf(live, now());
  if (since > (age === undefined ? LATE : MISSING)) return { ...common, level: "fail", measured, remedy };
  if (since > LATE || failure !== undefined) return { ...common, level: "warn", measured, remedy };
  return { level: "ok", what, measured, healthy: HEALTHY };
}

/** That the newest of these Jobs failed, and why; undefined where it did not. */
function failureOf(jobs: readonly LiveObject[]): string | undefined {
  const started = (job: LiveObject) => Date.parse(String(inside(job, "status", "startTime"))) || 0;
  const [newest] = [...jobs].sort((a, b) => started(b) - started(a));
  const failed = newest && conditionOf(newest, "Failed");
  if (!newest || failed?.status !== "True") return undefined;
  return `the newest Job, ${newest.metadata.name}, failed: ${reasonOf(failed)}`;
}

/** Checks of backups. */
export const backupChecks: readonly Check[] = [
  {
    subject: "backups",
    title: "age of the last backups",
    seconds: 15,
    applies: (site) => backupsOf(site).length > 0,
    run: (props) => Promise.all(backupsOf(props.site).map((backup) => judge(backup, props))),
  },
];
