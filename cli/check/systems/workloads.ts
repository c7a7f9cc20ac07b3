/** Checks of what makes pods, of volumes, of Jobs, and of what operators say of their objects. */
import { namespacesOf } from "../../../environments/derived/namespaces";
import { inside, type Json } from "../../../synthesized/stack";
import type { LiveObject } from "../../shared/kubernetes/client";
import { unreadyObjects } from "../../shared/kubernetes/readiness";
import { conditionOf, reasonOf } from "../../shared/kubernetes/conditions";
import { ageOf, ownerOf, placeOf, UNREADY_LEVEL } from "./objects";
import { duration } from "../../shared/terminal/duration";
import type { Check, CheckProps, Verdict } from "../model/verdict";

/** Seconds that an object may take to become what it should be. */
const START = 180;

const isOurs = ({ site }: CheckProps) => {
  const namespaces: readonly string[] = namespacesOf(site);
  return ({ metadata }: LiveObject) => namespaces.includes(metadata.namespace ?? "");
};

const KINDS = { deployments: "Deployment", statefulsets: "StatefulSet", daemonsets: "DaemonSet" } as const;

/** Whether each workload has as many ready pods as it should: a pod that cannot be made is seen here only. */
async function workloads(props: CheckProps): Promise<Verdict[]> {
  const healthy = "each workload has as many ready pods as it should";
  const found = await Promise.all(
    Object.entries(KINDS).map(async ([plural, kind]) => {
      const all = await props.clients.cluster.list(`/apis/apps/v1/${plural}`);
      return all.filter(isOurs(props)).map((object) => ({ kind, object }));
    }),
  );
  const wrong = found.flat().flatMap(({ kind, object }): Verdict[] => {
    const [ready, wanted] = replicasOf(kind, object);
    if (wanted > 0 && ready >= wanted) return [];
    const { namespace, name } = object.metadata;
    const common = { what: `${kind} ${placeOf(object)}`, healthy };
    if (wanted === 0)
      return kind === "DaemonSet"
        ? []
        : [{ ...common, level: "warn", measured: "scaled to 0", remedy: startAgain(props.site.name) }];
    const condition = conditionOf(object, "ReplicaFailure") ?? conditionOf(object, "Progressing");
    const why = condition && condition.reason !== "NewReplicaSetAvailable" ? `: ${reasonOf(condition)}` : "";
    const remedy = `kubectl -n ${namespace} describe ${kind.toLowerCase()} ${name}`;
    const level = ready === 0 && ageOf(object, props.now()) > START ? "fail" : "warn";
    return [{ ...common, level, measured: `${ready} of ${wanted} ready${why}`, remedy }];
  });
  const measured = `${found.flat().length} of ${found.flat().length} have them`;
  return wrong.length > 0 ? wrong : [{ level: "ok", what: "workloads", measured, healthy }];
}

const startAgain = (site: string) =>
  `somebody stopped it: npm run power -- ${site} up starts what was stopped so, else npm run deploy -- ${site}`;

function replicasOf(kind: string, object: LiveObject): [ready: number, wanted: number] {
  const status = (key: string) => Number(inside(object, "status", key) ?? 0);
  return kind === "DaemonSet"
    ? [status("numberReady"), status("desiredNumberScheduled")]
    : [status("readyReplicas"), Number(inside(object, "spec", "replicas") ?? 1)];
}

/** Whether a claim is not bound because no pod ever used it, and its class waits for one: that of a backup before the first. */
async function awaitsPod({ clients: { cluster } }: CheckProps): Promise<(claim: LiveObject) => boolean> {
  const [pods, classes] = await Promise.all([
    cluster.list("/api/v1/pods"),
    cluster.list("/apis/storage.k8s.io/v1/storageclasses"),
  ]);
  const used = new Set(
    pods.flatMap((pod) =>
      ((inside(pod, "spec", "volumes") ?? []) as Json[]).map(
        (one) => `${pod.metadata.namespace}/${String(inside(one, "persistentVolumeClaim", "claimName"))}`,
      ),
    ),
  );
  const waiting = classes
    .filter((one) => one["volumeBindingMode"] === "WaitForFirstConsumer")
    .map(({ metadata }) => metadata.name);
  return (claim) => !used.has(placeOf(claim)) && waiting.includes(String(inside(claim, "spec", "storageClassName")));
}

async function volumes(props: CheckProps): Promise<Verdict[]> {
  const healthy = "every claim that a pod uses is bound to a volume";
  const [claims, isWaiting] = await Promise.all([
    props.clients.cluster.list("/api/v1/persistentvolumeclaims"),
    awaitsPod(props),
  ]);
  const all = claims.filter(isOurs(props));
  const phaseOf = (claim: LiveObject) => String(inside(claim, "status", "phase") ?? "Pending");
  const waiting = all.filter((claim) => phaseOf(claim) === "Pending" && isWaiting(claim));
  const wrong = all.flatMap((claim): Verdict[] => {
    const phase = phaseOf(claim);
    if (phase === "Bound" || waiting.includes(claim)) return [];
    const { namespace, name } = claim.metadata;
    const age = ageOf(claim, props.now());
    return [
      {
        level: phase === "Pending" && age < START ? "warn" : "fail",
        what: `volume ${placeOf(claim)}`,
        measured: phase === "Lost" ? "Lost: its volume is gone" : `${phase} for ${duration(age)}`,
        healthy,
        remedy: `kubectl -n ${namespace} describe pvc ${name} says what it waits for`,
        page: phase === "Lost" ? "docs/runbooks/restore.md" : "docs/operations.md",
      },
    ];
  });
  if (wrong.length > 0) return wrong;
  const later = waiting.length === 0 ? "" : `, ${waiting.length} not used yet`;
  return [{ level: "ok", what: "volumes", measured: `${all.length - waiting.length} bound${later}`, healthy }];
}

/** Jobs that failed, where none of the same CronJob succeeded later. Those of backups are judged with the backups. */
async function jobs(props: CheckProps): Promise<Verdict[]> {
  const healthy = "no Job failed for good";
  const all = (await props.clients.cluster.list("/apis/batch/v1/jobs")).filter(isOurs(props));
  const finished = (job: LiveObject) => Date.parse(String(inside(job, "status", "startTime"))) || 0;
  const wrong = all.flatMap((job): Verdict[] => {
    const failed = conditionOf(job, "Failed");
    const owner = ownerOf(job)?.name;
    if (failed?.status !== "True" || owner?.endsWith("-backup")) return [];
    const later = all.some(
      (one) =>
        owner !== undefined &&
        ownerOf(one)?.name === owner &&
        conditionOf(one, "Complete")?.status === "True" &&
        finished(one) > finished(job),
    );
    if (later) return [];
    const { namespace, name } = job.metadata;
    return [
      {
        level: "warn",
        what: `Job ${placeOf(job)}`,
        measured: `failed: ${reasonOf(failed)}`,
        healthy,
        remedy: `kubectl -n ${namespace} logs job/${name}${owner === undefined ? `; the next deploy runs it again` : ""}`,
      },
    ];
  });
  return wrong.length > 0 ? wrong : [{ level: "ok", what: "Jobs", measured: `none of ${all.length} failed`, healthy }];
}

async function customResources({ stacks, clients }: CheckProps): Promise<Verdict[]> {
  const healthy = "no operator says that an object of it is not ready";
  const all = (await Promise.all(stacks.map((stack) => unreadyObjects(stack, clients.cluster)))).flat();
  // What was stopped is told with the objects of Kafka, which alone can be left alone.
  const wrong = all.filter(({ state }) => state !== "left alone");
  if (wrong.length === 0)
    return [{ level: "ok", what: "what operators say", measured: "nothing is not ready", healthy }];
  return wrong.map(({ state, why, what, object: { kind, metadata } }) => ({
    level: UNREADY_LEVEL[state],
    what,
    measured: why,
    healthy,
    remedy: `kubectl ${metadata.namespace === undefined ? "" : `-n ${metadata.namespace} `}describe ${kind.toLowerCase()} ${metadata.name}, and the log of its operator`,
    page: "docs/operations.md",
  }));
}

/** Checks of workloads, volumes, Jobs and custom resources. */
export const workloadChecks: readonly Check[] = [
  { subject: "cluster", title: "workloads", seconds: 20, run: workloads },
  { subject: "cluster", title: "volumes", seconds: 20, run: volumes },
  { subject: "cluster", title: "Jobs", seconds: 20, run: jobs },
  { subject: "cluster", title: "what operators say", seconds: 20, run: customResources },
];
