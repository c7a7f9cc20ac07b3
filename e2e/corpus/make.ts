/** Makes the plan of one case on a site that is applied, and puts the site back. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Cluster } from "../../cli/shared/kubernetes/client";
import { observeReleases } from "../../cli/review/observed-releases";
import type { Run } from "../../cli/shared/process/process";
import type { Rehearsal } from "../rehearsal/rehearsal";
import type { Terraform } from "../../cli/shared/terraform/terraform";
import type { Stack } from "../../cli/shared/site/program";
import { synthesize } from "../../cli/shared/site/synthesis";
import { isInsideCluster } from "../../environments/derived/layers";
import type { Environment } from "../../environments/schema";
import type { ObservedRelease } from "../../review/read/release-drift";
import type { Case, Command, Edit, ChangedSite } from "./case";

/** Where a case is made. */
export interface AppliedSite {
  readonly rehearsal: Rehearsal;
  /** Folder of the charts. */
  readonly charts: string;
  readonly run: Run;
  readonly terraform: Terraform;
  /** Of the stack. */
  readonly folder: string;
  /** Addresses that are planned; all when empty. */
  readonly targets: readonly string[];
  readonly siteOf: ChangedSite;
}

/** What Terraform and the cluster said. */
export interface Made {
  /** `terraform show -json`. */
  readonly plan: string;
  /** Of a case of drift: the Helm releases. */
  readonly releases: readonly ObservedRelease[];
}

/** Plans a case on what is applied, and puts back what it changed. */
export async function makeCase(one: Case, place: AppliedSite): Promise<Made> {
  const { terraform, folder, targets, rehearsal, run } = place;
  const file = join(folder, "cdk.tf.json");
  const applied = readFileSync(file, "utf8");
  const taint = (verb: "taint" | "untaint") =>
    one.tainted ? must(run, "terraform", [verb, one.tainted], { cwd: folder, env: rehearsal.env }) : undefined;
  try {
    if (one.packed) await pack(one.packed, place);
    if (one.first) {
      writeFileSync(file, edited(one, one.first, applied, place));
      await apply(terraform);
    }
    await taint("taint");
    writeFileSync(file, edited(one, one, applied, place));
    await commands(one.byHand, place);
    const api = new Cluster({ file: rehearsal.kubeconfig });
    const releases = one.byHand ? await observeReleases(api, await terraform.statePull()) : [];
    const outcome = await terraform.plan({ refreshOnly: one.byHand !== undefined, targets });
    if (!outcome.saved) throw new Error(outcome.errors.join("; "));
    return { plan: await terraform.showPlan(), releases };
  } finally {
    writeFileSync(file, applied);
    terraform.forgetPlan();
    await taint("untaint");
    await commands(one.putBack, place);
    if (one.first) await apply(terraform);
  }
}

/** The stack of a case's layer with a change. */
function edited({ layer }: Case, { site, stack }: Edit, applied: string, place: AppliedSite): string {
  const json: unknown = JSON.parse(site ? synthesized(layer, site, place) : applied);
  stack?.(json);
  return JSON.stringify(json);
}

function synthesized(name: Case["layer"], site: Edit["site"], { rehearsal, charts, siteOf }: AppliedSite): string {
  const out = "case";
  const layer = rehearsal
    .synthesize({ environment: siteOf(site), charts, out })
    .find(({ stack }) => stack.layer === name);
  rmSync(join(rehearsal.work, out), { recursive: true, force: true });
  if (!layer) throw new Error(`there is no layer ${name}`);
  return layer.stack.text;
}

/** Plans and applies a stack, or these addresses of it. */
export async function apply(terraform: Terraform, targets: readonly string[] = []): Promise<void> {
  for (const outcome of [await terraform.plan({ targets }), await terraform.apply()])
    if (!outcome.ok) throw new Error(outcome.errors.join("; "));
  terraform.forgetPlan();
}

/** The cluster layer of a site in a folder, with its state in another. */
export function clusterStack(environment: Environment, out: string, state: string): Stack {
  const stacks = synthesize([environment], out, { backend: { kind: "folder", path: state } });
  const stack = stacks.find(({ layer }) => !isInsideCluster(layer));
  if (!stack) throw new Error("there is no cluster layer");
  return stack;
}

/**
 * Runs a program.
 *
 * @throws {Error} with what it wrote on stderr, where it fails.
 */
export async function must(
  run: Run,
  program: string,
  args: readonly string[],
  options: Parameters<Run>[2],
): Promise<void> {
  const { code, stderr } = await run(program, [...args], options);
  if (code !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr.trim()}`);
}

async function commands(all: readonly Command[] = [], { rehearsal, run }: AppliedSite): Promise<void> {
  for (const command of all) {
    const [program, ...args] = command.split(" ") as [string, ...string[]];
    if (program === "kubectl") {
      const { code, stderr } = await rehearsal.kubectl(...args);
      if (code !== 0) throw new Error(stderr);
    } else await must(run, program, [`--kubeconfig=${rehearsal.kubeconfig}`, ...args], { env: rehearsal.env });
  }
}

/** Packs a chart anew beside the others, with another version in its `Chart.yaml`. */
async function pack(
  { chart, from, to }: NonNullable<Case["packed"]>,
  { charts, rehearsal, run }: AppliedSite,
): Promise<void> {
  const folder = mkdtempSync(join(rehearsal.folder, "chart-"));
  await must(run, "tar", ["-xzf", join(charts, `${chart}-${from}.tgz`), "-C", folder], {});
  const about = join(folder, chart, "Chart.yaml");
  writeFileSync(about, readFileSync(about, "utf8").replace(/^version: .*$/m, `version: ${to}`));
  await must(run, "tar", ["-czf", join(charts, `${chart}-${to}.tgz`), "-C", folder, ...readdirSync(folder)], {});
  rmSync(folder, { recursive: true });
}
