/**
 * `npm run corpus [-- <case>…]`: makes the plans of the corpus again, by real Terraform and real providers on a
 * throw-away control plane. `CHARTS` names the folder of the charts.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "../../cli/shared/terminal/context";
import { messageOf, UsageError } from "../../ground/errors";
import { Cluster } from "../../cli/shared/kubernetes/client";
import { observeReleases } from "../../cli/review/observed-releases";
import { interruption } from "../../cli/shared/process/interruption";
import { Output } from "../../cli/shared/terminal/output";
import { run } from "../../cli/shared/process/process";
import { CHECKOUT } from "../../cli/shared/site/program";
import { chartPackages } from "../rehearsal/control-plane/cache";
import { simulatedNodesOf } from "../rehearsal/control-plane/nodes";
import type { RehearsedLayer } from "../rehearsal/layers/layer";
import { Rehearsal } from "../rehearsal/rehearsal";
import { Terraform } from "../../cli/shared/terraform/terraform";
import { SITES } from "../../environments";
import { parseEnvironment } from "../../environments/parse";
import type { EnvironmentInput } from "../../environments/schema";
import { PROVIDER_VERSIONS } from "../../ground/versions";
import { printTally, runToolCommand, toolCommand } from "../../cli/shared/process/tool";
import type { Case, ChangedSite, Plans } from "./case";
import { baseSite, CASES } from "./cases";
import { loveSite } from "./cases-love";
import { CUT, cutPlan, cutReleases, untouchedReleases } from "./cut";
import { DockerPlans } from "./docker";
import { GooglePlans } from "./google";
import { apply, clusterStack, type Made, makeCase } from "./make";
import { shortened } from "./shorten";

const FOLDER = join(CHECKOUT, "__tests__", "review", "corpus");

/** Releases on which nobody worked: what the comparison with live objects is tried with. */
const AS_MADE = "as-made";
const AS_MADE_FILE = join(FOLDER, "..", "read", `${AS_MADE}.json`);
/** Those of them that are recorded: one of each maker, and those with the most kinds. */
const RECORDED = ["traefik", "influxdb", "strimzi", "kafka-cluster", "kafka-accounts", "kafka-pools", "issuers"];

async function asMade(rehearsal: Rehearsal, layers: readonly RehearsedLayer[]): Promise<string> {
  const api = new Cluster({ file: rehearsal.kubeconfig });
  const all = await Promise.all(layers.map(async ({ terraform }) => observeReleases(api, await terraform.statePull())));
  const releases = all.flat().filter(({ name }) => RECORDED.includes(name));
  return `${JSON.stringify({ made: `by npm run corpus -- ${AS_MADE}`, cut: CUT, releases: untouchedReleases(releases) }, undefined, 1)}\n`;
}

/** Types of the cluster layer that need no Docker host. */
const WITHOUT_DOCKER = /^(tls_|random_)/;

/** The site that cases begin with, with a change; `more` is what some of them need beside it. */
const changed =
  (more: (site: EnvironmentInput) => void): ChangedSite =>
  (change) => {
    const [first] = SITES;
    if (!first) throw new Error("there is no site");
    const site = structuredClone(first);
    baseSite(site);
    more(site);
    change?.(site);
    return parseEnvironment(site);
  };
const plainSite = changed(() => undefined);

const command = toolCommand(
  "corpus",
  "makes the recorded plans of the review again, by real providers on a throw-away control plane. CHARTS names the folder of the chart packages",
).argument("[cases...]", `names of cases, or ${AS_MADE}; all by default`);

async function main(env: NodeJS.ProcessEnv): Promise<number> {
  const wanted = command.args;
  const unknown = wanted.filter((name) => name !== AS_MADE && CASES.every((one) => one.name !== name));
  if (unknown.length > 0)
    throw new UsageError(`corpus: got ${unknown.join(", ")}. Allowed: names of cases in e2e/corpus, and ${AS_MADE}.`);
  const cases = CASES.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  mkdirSync(FOLDER, { recursive: true });
  const output = new Output({ json: false, stdout: process.stdout, stderr: process.stderr, env });
  const context = { run, env, output };
  const inDocker = cases.filter(({ docker }) => docker);
  const atGoogle = cases.filter(({ google }) => google);
  const failed = [
    ...(await alone(inDocker, context, (folder) => DockerPlans.open(context, folder, plainSite))),
    ...(await alone(atGoogle, context, (folder) => GooglePlans.open(context, folder, plainSite))),
  ];
  const others = cases.filter(({ docker, google }) => !docker && !google);
  if (others.length === 0 && !wanted.includes(AS_MADE)) return printTally(cases.length - failed.length, failed);
  const packages = chartPackages(env);
  if (!existsSync(packages)) {
    console.error(`corpus: NOT RUN, because there are no charts in ${packages}; set CHARTS`);
    return 3;
  }
  const siteOf = others.some(({ layer }) => layer === "love") ? changed(loveSite) : plainSite;
  const rehearsal = await Rehearsal.open(context, simulatedNodesOf(siteOf()));
  try {
    const charts = linked(packages, join(rehearsal.folder, "charts"));
    const layers = rehearsal.synthesize({ environment: siteOf(), charts });
    for (const layer of layers) {
      await layer.plan();
      await layer.apply();
    }
    if (wanted.length === 0 || wanted.includes(AS_MADE)) writeFileSync(AS_MADE_FILE, await asMade(rehearsal, layers));
    const cluster = await applyCluster(rehearsal, env);
    for (const one of others) {
      interruption.throwIfAborted();
      const layer = layers.find(({ stack }) => stack.layer === one.layer);
      const terraform = layer?.terraform ?? cluster.terraform;
      const folder = layer?.stack.folder ?? cluster.folder;
      try {
        const targets = layer ? [] : cluster.targets;
        const made = await makeCase(one, { rehearsal, charts, run, terraform, folder, targets, siteOf });
        writeFileSync(join(FOLDER, `${one.name}.json`), fileOf(one, made, charts));
        output.note(`made   ${one.name}`);
      } catch (error) {
        failed.push(`${one.name}: ${messageOf(error)}`);
        output.note(`FAILED ${failed.at(-1)}`);
      }
    }
  } finally {
    await rehearsal.close();
  }
  return printTally(cases.length - failed.length, failed);
}

/** Makes plans that need no rehearsal; those that cannot be made are named. */
async function alone(
  cases: readonly Case[],
  { output }: Context,
  open: (folder: string) => Promise<Plans | string>,
): Promise<string[]> {
  if (cases.length === 0) return [];
  const folder = mkdtempSync(join(tmpdir(), "efd-corpus-"));
  const plans = await open(folder);
  const failed: string[] = [];
  try {
    if (typeof plans === "string") return cases.map(({ name }) => `${name}: NOT RUN, because ${plans}`);
    await plans.up?.();
    for (const one of cases) {
      interruption.throwIfAborted();
      try {
        const plan = await plans.planOf(one);
        writeFileSync(join(FOLDER, `${one.name}.json`), fileOf(one, { plan, releases: [] }, folder));
        output.note(`made   ${one.name}`);
      } catch (error) {
        failed.push(`${one.name}: ${messageOf(error)}`);
      }
    }
  } finally {
    if (typeof plans !== "string") await plans.down?.();
    rmSync(folder, { recursive: true, force: true });
  }
  return failed;
}

/** A folder of links to the packages, to which a case may add. */
function linked(packages: string, folder: string): string {
  mkdirSync(folder);
  for (const name of readdirSync(packages)) symlinkSync(join(packages, name), join(folder, name));
  return folder;
}

/** Keys and certificates of the cluster layer; what needs a Docker host is left out. */
async function applyCluster(rehearsal: Rehearsal, env: NodeJS.ProcessEnv) {
  const stack = clusterStack(plainSite(), join(rehearsal.folder, "cluster"), join(rehearsal.folder, "cluster-state"));
  const targets = stack
    .resources()
    .filter(({ type }) => WITHOUT_DOCKER.test(type))
    .map(({ address }) => address);
  const terraform = new Terraform({ folder: stack.folder, run, env });
  await terraform.init();
  await apply(terraform, targets);
  return { terraform, folder: stack.folder, targets };
}

function fileOf(one: Case, made: Made, charts: string): string {
  const { name, about, layer, packed, byHand: hand, docker, google, expected } = one;
  const comparison = (hand ?? docker?.drift) ? "drift" : "plan";
  const releases = cutReleases(made.releases);
  const plan = shortened({ layer, comparison, plan: cutPlan(made.plan, charts), releases });
  const head = {
    case: name,
    about,
    layer,
    comparison,
    made: `by npm run corpus, Terraform ${String(plan["terraform_version"])} and the providers ${Object.entries(
      PROVIDER_VERSIONS,
    )
      .filter(([provider]) => JSON.stringify(plan["configuration"]).includes(`"${provider}"`))
      .map(([provider, version]) => `${provider} ${version}`)
      .join(
        ", ",
      )}${packed ? `; ${packed.chart} ${packed.to} is ${packed.from} packed anew under that version` : ""}${google ? "; the state is made up and was not refreshed, nothing was contacted" : ""}`,
    cut: CUT,
    expected,
  };
  return `${JSON.stringify({ ...head, plan, ...(releases.length > 0 ? { releases } : {}) }, undefined, 1)}\n`;
}

runToolCommand(command, main);
