/** Checks of LOVE: its programs, what its frontends can still take, the set-up. */
import {
  broadcaster,
  COMMANDER,
  FRONTEND,
  MANAGER_SETUP,
  NGINX,
  POSTGRESQL,
  producer,
  REDIS,
  setService,
} from "../../../constructs/love/services";
import { loveCapacity } from "../../../environments/systems/love/frontends";
import { setsOf } from "../../../environments/systems/love/profiles";
import { loveOf, type LoveSpec } from "../../../environments/systems/love/schema";
import type { Environment } from "../../../environments/schema";
import { NAMESPACE } from "../../../ground/namespaces";
import { inside } from "../../../synthesized/stack";
import type { LiveObject } from "../../shared/kubernetes/client";
import { conditionOf, reasonOf } from "../../shared/kubernetes/conditions";
import { ownerOf } from "./objects";
import type { Check, CheckProps, Verdict } from "../model/verdict";

const PAGE = "docs/love.md";
const DEPLOYMENTS = `/apis/apps/v1/namespaces/${NAMESPACE.love}/deployments`;

/** Programs of LOVE that do the same, and what their absence stops. */
interface Programs {
  readonly what: string;
  readonly workloads: readonly string[];
}

function programsOf(spec: LoveSpec): Programs[] {
  return [
    { what: "frontends", workloads: [FRONTEND.workload] },
    { what: "manager-producers", workloads: setsOf(spec.profile).map(({ name }) => setService(name).workload) },
    { what: "Redis", workloads: [REDIS.workload] },
    { what: "nginx", workloads: [NGINX.workload] },
    { what: "commander", workloads: [COMMANDER.workload] },
    { what: "producers", workloads: spec.producers.map(({ name }) => producer(name).workload) },
    ...(spec.database.kind === "inside" ? [{ what: "database", workloads: [POSTGRESQL.workload] }] : []),
    ...(spec.microphones.length > 0
      ? [{ what: "broadcasters", workloads: spec.microphones.map((_one, i) => broadcaster(i + 1).workload) }]
      : []),
  ];
}

async function programs({ site, clients }: CheckProps): Promise<Verdict[]> {
  const all = await clients.cluster.list(DEPLOYMENTS);
  return programsOf(specOf(site)).map((one) => judge(one, all));
}

/** Programs whose number grows with the load, or which are one of many: what is left goes on without them. */
function judge({ what, workloads }: Programs, all: readonly LiveObject[]): Verdict {
  const state = workloads.map((name) => {
    const found = all.find(({ metadata }) => metadata.name === name);
    const ready = Number(inside(found, "status", "readyReplicas") ?? 0);
    return { name, ready, wanted: Number(inside(found, "spec", "replicas") ?? 1), isThere: found !== undefined };
  });
  const ready = state.reduce((sum, one) => sum + one.ready, 0);
  const wanted = state.reduce((sum, one) => sum + one.wanted, 0);
  const common = { what: `LOVE's ${what}`, healthy: "all are ready" };
  const lacking = state.filter((one) => one.ready < one.wanted || one.wanted === 0 || !one.isThere);
  const measured = `${ready} of ${wanted} ready`;
  if (lacking.length === 0) return { ...common, level: "ok", measured };
  const names = lacking.map(({ name, isThere }) => (isThere ? name : `${name} (not there)`));
  const silent = lacking.some((one) => one.ready === 0);
  return {
    ...common,
    level: silent ? "fail" : "warn",
    measured: `${measured}; lacking: ${names.slice(0, 5).join(", ")}${names.length > 5 ? ` and ${names.length - 5} more` : ""}`,
    remedy: `kubectl -n ${NAMESPACE.love} describe deployment ${lacking[0]?.name}; its log says what it waits for`,
    page: PAGE,
  };
}

const specOf = (site: Environment): LoveSpec => {
  const spec = loveOf(site);
  if (!spec) throw new Error(`${site.name} has no LOVE`);
  return spec;
};

/** Where the autoscaler is at its end, views get slower and nobody is added. */
async function capacity({ site, clients }: CheckProps): Promise<Verdict[]> {
  const spec = specOf(site);
  const path = `/apis/autoscaling/v2/namespaces/${NAMESPACE.love}/horizontalpodautoscalers/${FRONTEND.workload}`;
  const found = await clients.cluster.get(path);
  const common = {
    what: "LOVE's room for views",
    healthy: `fewer than ${spec.frontend.maxReplicas} frontends, by a measured CPU (${loveCapacity(spec).views} views of ${spec.frontend.cpuPerView})`,
    page: PAGE,
  };
  if (found === undefined)
    return [
      { ...common, level: "fail", measured: "there is no autoscaler", remedy: `npm run deploy -- ${site.name} love` },
    ];
  const number = (...path: string[]) => Number(inside(found, ...path) ?? NaN);
  const [now, most] = [number("status", "currentReplicas"), number("spec", "maxReplicas")];
  const metrics = (inside(found, "status", "currentMetrics") ?? []) as unknown[];
  const used = metrics
    .map((one) => inside(one, "resource", "current", "averageUtilization"))
    .find((one) => typeof one === "number");
  const active = conditionOf(found, "ScalingActive");
  if (active?.status === "False" || used === undefined) {
    const why = active?.status === "False" ? reasonOf(active) : "it has no figure yet";
    const measured = `the autoscaler does not know the CPU of ${now} frontends: ${why}`;
    return [{ ...common, level: "warn", measured, remedy: "see that metrics-server runs: kubectl top pods -A" }];
  }
  const measured = `${now} of at most ${most} frontends, at ${used} % of their request (target ${spec.frontend.cpuTarget} %)`;
  if (now < most || used <= spec.frontend.cpuTarget)
    return [{ what: common.what, healthy: common.healthy, level: "ok", measured }];
  return [
    {
      ...common,
      level: "warn",
      measured,
      remedy: "close views, or raise love.frontend.maxReplicas where nodes have room",
    },
  ];
}

/** The Job of the last deploy, and the schedule that goes on with its passwords. */
async function setup({ site, clients }: CheckProps): Promise<Verdict[]> {
  const name = MANAGER_SETUP.workload;
  const jobs = await clients.cluster.list(`/apis/batch/v1/namespaces/${NAMESPACE.love}/jobs`);
  const started = (job: LiveObject) => Date.parse(String(inside(job, "status", "startTime"))) || 0;
  const newest = (own: readonly LiveObject[]) => [...own].sort((a, b) => started(b) - started(a))[0];
  const ours = jobs.filter((job) => job.metadata.name.startsWith(`${name}-`));
  const byClock = ours.filter((job) => ownerOf(job));
  // One begins every quarter of an hour, and says something when it has ended.
  const ended = byClock.filter((job) =>
    ["Complete", "Failed"].some((type) => conditionOf(job, type)?.status === "True"),
  );
  const [once, clock] = [newest(ours.filter((job) => !ownerOf(job))), newest(ended) ?? newest(byClock)];
  const common = { healthy: "it completed", page: PAGE };
  const look = (what: string, job: LiveObject | undefined, again: string): Verdict => {
    const log = job === undefined ? "" : `kubectl -n ${NAMESPACE.love} logs job/${job.metadata.name}; `;
    const failed = job && conditionOf(job, "Failed");
    if (failed?.status === "True")
      return { ...common, what, level: "fail", measured: `it failed: ${reasonOf(failed)}`, remedy: `${log}${again}` };
    if (job && conditionOf(job, "Complete")?.status === "True")
      return { what, healthy: common.healthy, level: "ok", measured: "it completed" };
    const measured = job === undefined ? "there is no Job of it" : "it has not ended yet";
    return { ...common, what, level: "warn", measured, remedy: `${log}${again}` };
  };
  const deploy = `npm run deploy -- ${site.name} love runs it again`;
  return [
    look("LOVE's set-up", once, deploy),
    ...(clock ? [look("LOVE's passwords", clock, "it runs again within 15 minutes")] : []),
  ];
}

/** Checks of LOVE that ask the cluster. */
export const loveChecks: readonly Check[] = [
  { title: "programs of LOVE", run: programs },
  { title: "LOVE's room for views", run: capacity },
  { title: "LOVE's set-up", run: setup },
].map((one) => ({ ...one, subject: "love", seconds: 15, applies: (site) => loveOf(site) !== undefined }));
