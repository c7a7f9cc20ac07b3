/** Operators of a running site that go away, and one that is upgraded. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CHARTS } from "../../../../ground/versions";
import { NAMESPACE } from "../../../../ground/namespaces";
import { inside, type Json } from "../../../../synthesized/stack";
import { interruption } from "../../../../cli/shared/process/interruption";
import { shortHash, stableJson } from "../../../../synthesized/text";
import type { RunningSite } from "../../site/running-site";
import { type Day, secondDay } from "./day";
import { without, type Workload } from "./workload";

const OPERATORS = [NAMESPACE.strimzi, NAMESPACE.certManager, NAMESPACE.externalSecrets];

/** Milliseconds in which each of them has looked at all that it manages: Strimzi does every two minutes. */
const LOOKED = 130_000;

/** Pods that no operator's end may end, by their uids. */
async function podsOf({ api }: RunningSite): Promise<string[]> {
  const pods = await api.list("/api/v1/pods");
  const isJobs = ({ metadata }: (typeof pods)[number]) =>
    ((inside(metadata, "ownerReferences") ?? []) as Json[]).some(({ kind }) => kind === "Job");
  return pods
    .filter((one) => !isJobs(one) && !OPERATORS.some((namespace) => namespace === one.metadata.namespace))
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name} ${metadata.uid}`)
    .sort();
}

/** Every Secret of the site's programs, with a hash of its data: those of Helm and of operators' own webhooks are theirs. */
async function secretsOf({ api }: RunningSite): Promise<string[]> {
  const secrets = await api.list("/api/v1/secrets");
  return secrets
    .filter(({ metadata }) => metadata.namespace !== "kube-system")
    .filter((one) => !String(one["type"]).startsWith("helm.sh/") && !/webhook/.test(one.metadata.name))
    .map(({ metadata, data }) => `${metadata.namespace}/${metadata.name} ${shortHash(stableJson(data ?? {}))}`)
    .sort();
}

/** What is in one list and not in the other. */
function differences(before: readonly string[], after: readonly string[]): string[] {
  return [
    ...before.filter((one) => !after.includes(one)).map((one) => `gone: ${one}`),
    ...after.filter((one) => !before.includes(one)).map((one) => `new: ${one}`),
  ];
}

/** All operators are away, and come back: what they manage goes on. */
async function operatorsAway(day: Day): Promise<void> {
  const { site, checks, data } = day;
  const before = [await podsOf(site), await secretsOf(site)].flat();
  const deployments = (await site.api.list("/apis/apps/v1/deployments")).flatMap(({ metadata }): Workload[] =>
    OPERATORS.some((namespace) => namespace === metadata.namespace)
      ? [["-n", String(metadata.namespace), `deployment/${metadata.name}`]]
      : [],
  );
  const away = async ([first, ...rest]: readonly Workload[]): Promise<void> => {
    if (first) return without(day, first, () => away(rest));
    await day.sees("operators are away", "cluster", /^(warn|fail) Deployment strimzi\//);
    await day.meanwhile();
    checks.same(`${data.what} while operators are away`, await data.found(60), data.written);
  };
  await away(deployments);
  await site.allReady(300, { schedules: false });
  await sleep(LOOKED, undefined, { signal: interruption });
  checks.same(
    "pods and Secrets that are others now",
    differences(before, [await podsOf(site), await secretsOf(site)].flat()),
    [],
  );
}

const { chart, version, appVersion } = CHARTS.externalSecrets;

/** Charts of earlier versions: `CHARTS_OLD`, otherwise beside the cache of images. */
function oldCharts(env: NodeJS.ProcessEnv): string {
  return env["CHARTS_OLD"] || join(env["XDG_CACHE_HOME"] || join(env["HOME"] ?? "", ".cache"), "efd-charts-old");
}

/** An earlier version of external-secrets whose chart is there; undefined where none is. */
export function earlierVersion(charts: readonly string[]): string | undefined {
  return charts
    .flatMap((file) => new RegExp(`^${chart}-(\\d+\\.\\d+\\.\\d+)\\.tgz$`).exec(file)?.[1] ?? [])
    .filter((one) => one !== version)
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }))
    .at(-1);
}

/** The catalogue with another version of external-secrets. */
export function withVersion(catalogue: string, earlier: string): string {
  const changed = catalogue.replace(
    `version: "${version}",\n    appVersion: "${appVersion}"`,
    `version: "${earlier}",\n    appVersion: "v${earlier}"`,
  );
  if (changed === catalogue) throw new Error("the catalogue does not say the version of external-secrets as it did");
  return changed;
}

/** external-secrets goes back a version, and is upgraded. */
async function upgraded(day: Day): Promise<void> {
  const { site, checks } = day;
  const folder = oldCharts(process.env);
  const earlier = existsSync(folder) ? earlierVersion(readdirSync(folder)) : undefined;
  const image = `ghcr.io/external-secrets/external-secrets:v${earlier}`;
  if (earlier === undefined || !(await site.bring(image)))
    return site.notRun(
      "an operator that is upgraded",
      `no chart and image of another external-secrets is in ${folder}`,
    );
  const charts = join(site.folder, "charts");
  rmSync(charts, { recursive: true, force: true });
  mkdirSync(charts);
  const current = site.environment.chartSource;
  for (const from of [folder, current])
    for (const file of readdirSync(from))
      if (!existsSync(join(charts, file))) symlinkSync(join(from, file), join(charts, file));
  const catalogue = join(site.checkout, "ground", "versions.ts");
  const text = readFileSync(catalogue, "utf8");
  const restore = site.change({ chartSource: charts });
  const before = [await podsOf(site), await secretsOf(site)].flat();
  try {
    writeFileSync(catalogue, withVersion(text, earlier));
    await day.does("deploy", "platform", "--yes");
  } finally {
    writeFileSync(catalogue, text);
    restore();
  }
  checks.same("external-secrets runs before", await runningVersion(site), `v${earlier}`);
  await day.meanwhile();
  await day.does("deploy", "platform", "--yes");
  checks.same("external-secrets runs after", await runningVersion(site), appVersion);
  checks.same(
    "pods and Secrets that are others now",
    differences(before, [await podsOf(site), await secretsOf(site)].flat()),
    [],
  );
}

async function runningVersion({ api }: RunningSite): Promise<string | undefined> {
  const found = await api.get(`/apis/apps/v1/namespaces/${NAMESPACE.externalSecrets}/deployments/external-secrets`);
  const containers = (inside(found?.spec, "template", "spec", "containers") ?? []) as Json[];
  return String(containers[0]?.["image"]).split(":").at(-1);
}

/** What happens to operators. */
export const operatorScenarios = [
  secondDay({
    name: "operators-away",
    title: "all operators are away and come back, and what they manage goes on",
    needs: ["strimzi", "cert-manager", "external-secrets"],
    act: operatorsAway,
  }),
  secondDay({
    name: "operator-upgraded",
    title: "external-secrets is an earlier version and is upgraded: Secrets and programs stay as they are",
    needs: ["external-secrets"],
    act: upgraded,
  }),
];
