/** Steps of a workflow that run our own commands and report the outcome as outputs of the step. */
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { OpenPullRequest } from "./pull-request";

/** Runs one of our commands, with its output where ours goes, and gives its exit code. */
export type RunCommand = (command: string, args: readonly string[]) => Promise<number>;

/** What a step works with. */
export interface WorkflowStep {
  readonly command: RunCommand;
  /** File that takes the step's outputs; GITHUB_OUTPUT. */
  readonly outputs: string | undefined;
  readonly print: (line: string) => void;
}

/** What a review is told. */
export interface ReviewStep {
  readonly base?: string;
  readonly drift?: boolean;
  /** Folder of the saved plans. */
  readonly out?: string;
  readonly report?: string;
}

/** Exit codes of `review`. */
const [NOTHING, CHANGES, DATA_AT_RISK] = [0, 2, 3];

function output({ outputs, print }: WorkflowStep, name: string, value: string): void {
  if (outputs) appendFileSync(outputs, `${name}=${value}\n`);
  else print(`${name}=${value}`);
}

/** SHA-256 of the manifest of saved plans, which names the digest of each plan; undefined where nothing was saved. */
function digestOf(plans: string): string | undefined {
  const manifest = join(plans, "manifest.json");
  return existsSync(manifest) ? createHash("sha256").update(readFileSync(manifest)).digest("hex") : undefined;
}

/**
 * Reviews a site. Changes are no failure. Data at risk is one, so that nobody overlooks it, but where plans are saved:
 * an approval comes then, and `deploy` itself refuses what the site's file does not allow. Outputs: `changes`, and
 * `digest` of the saved plans.
 */
export async function reviewStep(
  step: WorkflowStep,
  site: string,
  { base, drift, out, report }: ReviewStep,
): Promise<number> {
  const code = await step.command("review", [
    site,
    ...(base === undefined ? [] : ["--base", base]),
    ...(drift ? ["--drift"] : []),
    ...(out === undefined ? [] : ["--out", out]),
    ...(report === undefined ? [] : ["--report", report]),
  ]);
  if (code !== NOTHING && code !== CHANGES && code !== DATA_AT_RISK) return code;
  output(step, "changes", String(code !== NOTHING));
  const digest = out === undefined ? undefined : digestOf(out);
  if (digest !== undefined) output(step, "digest", digest);
  if (code !== DATA_AT_RISK) return 0;
  step.print(`::warning title=Data at risk::${site}: read the review`);
  return out === undefined && !drift ? code : 0;
}

/** Finds a pull request. Outputs: `head` and `merge`, its commits. */
export async function pullRequestStep(step: WorkflowStep, find: () => Promise<OpenPullRequest>): Promise<number> {
  const { head, merge } = await find();
  output(step, "head", head);
  output(step, "merge", merge);
  return 0;
}

/** Which of these sites differ from a revision. Output: `sites`, a list in JSON. */
export async function changedStep(step: WorkflowStep, sites: readonly string[], base: string): Promise<number> {
  const changed: string[] = [];
  for (const site of sites) {
    const code = await step.command("review", [site, "--base", base]);
    if (code === CHANGES || code === DATA_AT_RISK) changed.push(site);
    else if (code !== NOTHING) return code;
  }
  output(step, "sites", JSON.stringify(changed));
  return 0;
}

/**
 * Applies saved plans.
 *
 * @throws when they are not those that were reviewed: nothing is applied then.
 */
export async function applyStep(
  { command }: WorkflowStep,
  site: string,
  plans: string,
  digest: string,
  duringObserving: string | undefined,
): Promise<number> {
  const found = digestOf(plans);
  if (found === undefined || found !== digest)
    throw new Error(
      `${plans}: has manifest ${found ?? "none"}, reviewed was ${digest || "none"}: plan and approve again`,
    );
  const reason = duringObserving ? ["--during-observing", duringObserving] : [];
  return command("deploy", [site, "--reviewed", plans, ...reason]);
}
