/**
 * `npm run corpus [-- <case>…]`: makes the plans of the corpus anew, by real Terraform and real providers on a
 * throw-away control plane. `CHARTS` names the folder of the charts.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Context } from "../../cli/lib/context";
import { Output } from "../../cli/lib/output";
import { run } from "../../cli/lib/process";
import { CHECKOUT, synthesize } from "../../cli/lib/program";
import { nodesOf } from "../../cli/lib/rehearsal/nodes";
import { Rehearsal } from "../../cli/lib/rehearsal/rehearsal";
import { Terraform } from "../../cli/lib/terraform";
import { SITES } from "../../environments";
import { parseEnvironment } from "../../environments/parse";
import type { Environment, EnvironmentInput } from "../../environments/schema";
import { PROVIDER_VERSIONS } from "../../constructs/helm/catalogue";
import { runTool, tally } from "../tool";
import type { Case } from "./case";
import { baseSite, CASES } from "./cases";
import { CUT, cutPlan } from "./cut";
import { DockerPlans } from "./docker";

const FOLDER = join(CHECKOUT, "__tests__", "review", "corpus");

/** Types of the cluster layer that need no Docker host. */
const WITHOUT_DOCKER = /^(tls_|random_)/;

function siteOf(change: (site: EnvironmentInput) => void = () => undefined): Environment {
  const [first] = SITES;
  if (!first) throw new Error("there is no site");
  const site = structuredClone(first);
  baseSite(site);
  change(site);
  return parseEnvironment(site);
}

async function main(env: NodeJS.ProcessEnv): Promise<number> {
  const wanted = process.argv.slice(2);
  const cases = CASES.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  mkdirSync(FOLDER, { recursive: true });
  const output = new Output({ json: false, stdout: process.stdout, stderr: process.stderr, env });
  const failed = await inDocker({ run, env, output }, cases);
  const others = cases.filter(({ docker }) => !docker);
  if (others.length === 0) return tally(cases.length - failed.length, failed);
  const charts = resolve(env["CHARTS"] ?? join(homedir(), ".cache", "efd-charts"));
  if (!existsSync(charts)) {
    console.error(`corpus: NOT RUN, because there are no charts in ${charts}; set CHARTS`);
    return 3;
  }
  const rehearsal = await Rehearsal.open({ run, env, output }, nodesOf(siteOf()));
  try {
    const layers = rehearsal.synthesize({ environment: siteOf(), charts });
    for (const layer of layers) {
      await layer.plan();
      await layer.apply();
    }
    const cluster = await applyCluster(rehearsal, env);
    for (const one of others) {
      const layer = layers.find(({ stack }) => stack.layer === one.layer);
      const terraform = layer?.terraform ?? cluster.terraform;
      const folder = layer?.stack.folder ?? cluster.folder;
      try {
        const text = await planOf(one, { rehearsal, charts, terraform, folder, targets: layer ? [] : cluster.targets });
        writeFileSync(join(FOLDER, `${one.name}.json`), fileOf(one, text, charts));
        output.note(`made   ${one.name}`);
      } catch (error) {
        failed.push(`${one.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  } finally {
    await rehearsal.close();
  }
  return tally(cases.length - failed.length, failed);
}

/** Makes the plans of nodes in containers; those that cannot be made are named. */
async function inDocker(context: Context, all: readonly Case[]): Promise<string[]> {
  const cases = all.filter(({ docker }) => docker);
  if (cases.length === 0) return [];
  const folder = mkdtempSync(join(tmpdir(), "efd-corpus-"));
  const plans = await DockerPlans.open(context, folder, siteOf);
  if (typeof plans === "string") return cases.map(({ name }) => `${name}: NOT RUN, because ${plans}`);
  const failed: string[] = [];
  try {
    await plans.up();
    for (const one of cases)
      try {
        writeFileSync(join(FOLDER, `${one.name}.json`), fileOf(one, await plans.planOf(one), folder));
        context.output.note(`made   ${one.name}`);
      } catch (error) {
        failed.push(`${one.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
  } finally {
    await plans.down();
    rmSync(folder, { recursive: true, force: true });
  }
  return failed;
}

interface Place {
  readonly rehearsal: Rehearsal;
  readonly charts: string;
  readonly terraform: Terraform;
  readonly folder: string;
  readonly targets: readonly string[];
}

/** Plans a case on what is applied, and puts back what it changed. */
async function planOf(one: Case, { rehearsal, charts, terraform, folder, targets }: Place): Promise<string> {
  const file = join(folder, "cdk.tf.json");
  const applied = readFileSync(file, "utf8");
  try {
    const changed = one.site ? await synthesized(one, rehearsal, charts) : applied;
    const stack: unknown = JSON.parse(changed);
    one.stack?.(stack);
    writeFileSync(file, JSON.stringify(stack));
    if (one.byHand) await byHand(rehearsal, one.byHand);
    const outcome = await terraform.plan({ refreshOnly: one.byHand !== undefined, targets });
    if (!outcome.saved) throw new Error(outcome.errors.join("; "));
    return await terraform.showPlan();
  } finally {
    writeFileSync(file, applied);
    terraform.forgetPlan();
  }
}

function synthesized(one: Case, rehearsal: Rehearsal, charts: string): Promise<string> {
  const out = "case";
  const layers = rehearsal.synthesize({ environment: siteOf(one.site), charts, out });
  const layer = layers.find(({ stack }) => stack.layer === one.layer);
  if (!layer) throw new Error(`there is no layer ${one.layer}`);
  const text = layer.stack.text;
  rmSync(join(rehearsal.work, out), { recursive: true, force: true });
  return Promise.resolve(text);
}

async function byHand(rehearsal: Rehearsal, args: readonly string[]): Promise<void> {
  const { code, stderr } = await rehearsal.kubectl(...args);
  if (code !== 0) throw new Error(stderr);
}

/** Keys and certificates of the cluster layer; what needs a Docker host is left out. */
async function applyCluster(rehearsal: Rehearsal, env: NodeJS.ProcessEnv) {
  const backend = { kind: "folder", path: join(rehearsal.folder, "cluster-state") } as const;
  const stacks = synthesize([siteOf()], join(rehearsal.folder, "cluster"), { backend });
  const stack = stacks.find(({ layer }) => layer === "cluster");
  if (!stack) throw new Error("there is no cluster layer");
  const targets = stack
    .resources()
    .filter(({ type }) => WITHOUT_DOCKER.test(type))
    .map(({ address }) => address);
  const terraform = new Terraform({ folder: stack.folder, run, env });
  await terraform.init();
  for (const outcome of [await terraform.plan({ targets }), await terraform.apply()])
    if (!outcome.ok) throw new Error(outcome.errors.join("; "));
  return { terraform, folder: stack.folder, targets };
}

function fileOf({ name, about, layer, byHand: hand, docker, expected }: Case, text: string, charts: string): string {
  const plan = cutPlan(text, charts);
  const head = {
    case: name,
    about,
    layer,
    comparison: (hand ?? docker?.drift) ? "drift" : "plan",
    made: `by npm run corpus, Terraform ${String(plan["terraform_version"])} and the providers ${Object.entries(
      PROVIDER_VERSIONS,
    )
      .filter(([provider]) => JSON.stringify(plan["configuration"]).includes(`"${provider}"`))
      .map(([provider, version]) => `${provider} ${version}`)
      .join(", ")}`,
    cut: CUT,
    expected,
  };
  return `${JSON.stringify({ ...head, plan }, undefined, 1)}\n`;
}

runTool(main);
