/** What may not stand in a workflow: a check of files, one by one. */
import { load } from "js-yaml";

interface Job {
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: unknown;
  readonly env?: Readonly<Record<string, unknown>>;
  readonly "runs-on"?: unknown;
  readonly "timeout-minutes"?: number;
  readonly steps?: readonly Step[];
}

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, unknown>>;
}

interface Workflow {
  readonly on?: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: unknown;
  readonly defaults?: { readonly run?: { readonly shell?: string } };
  readonly jobs?: Readonly<Record<string, Job>>;
}

/** Lines of a step's script; what is longer is a program and belongs into .github/scripts. */
const MOST_LINES = 2;

/** The full ref of the branch that is protected: a tag can have the name of a branch, and a pull request its own workflow. */
const PROTECTED = /\bgithub\.ref == 'refs\/heads\/main'/;

/** Other ways to ask for the branch, which a tag or another branch can answer as well. */
const SHORT_REF =
  /github\.(ref_name|head_ref|base_ref)|github\.event\.ref\b|GITHUB_REF_NAME|(startsWith|endsWith|contains)\(\s*github\.ref\b/i;

/** Events whose workflow file cannot come from a pull request. */
const OF_OUR_BRANCH = ["workflow_dispatch", "schedule"];

/** However a job asks for secrets: one by its name, one of a matrix, all at once, or for a workflow that it calls. */
const SECRETS = /\bsecrets\s*(\.|\[|\))|"secrets":/;

/** What is wrong with a workflow, one line each. */
export function workflowFaults(name: string, text: string): string[] {
  const workflow = load(text) as Workflow;
  const faults: string[] = [];
  const events = Object.keys(workflow.on ?? {});
  const whole = (condition: boolean, fault: string) => void (condition || faults.push(`${name}: ${fault}`));
  whole(!events.includes("pull_request_target"), "runs on pull_request_target, whose token a fork could get at");
  whole(JSON.stringify(workflow.permissions) === "{}", "gives permissions to all jobs, each job asks for its own");
  whole(workflow.concurrency !== undefined, "says nothing of concurrency");
  whole(
    workflow.defaults?.run?.shell === "bash",
    "runs scripts without defaults.run.shell bash, a pipe's failure is lost",
  );
  whole(
    !SHORT_REF.test(text),
    "compares the name of a ref, which a tag can have too: compare github.ref with refs/heads/main",
  );
  faults.push(...planFaults(name, workflow));
  for (const line of text.split("\n").filter((one) => /^\s*(- )?uses:/.test(one)))
    whole(
      /uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line),
      `${line.trim()}: an action is pinned by its commit, with its version behind it`,
    );
  for (const [id, job] of Object.entries(workflow.jobs ?? {})) faults.push(...jobFaults(`${name}: ${id}`, job, events));
  return faults;
}

/** Plans that are saved on a runner: in a folder of this attempt, and removed whatever becomes of the run. */
function planFaults(name: string, { jobs = {} }: Workflow): string[] {
  const saved = /\.efd-plans/;
  const scriptsOf = ({ steps = [] }: Job) => steps.flatMap(({ run }) => (run && saved.test(run) ? [run] : []));
  const using = Object.entries(jobs).filter(([, job]) => scriptsOf(job).length > 0);
  if (using.length === 0) return [];
  const removing = using.filter(([, job]) => scriptsOf(job).every((run) => run.startsWith("rm -rf ")));
  const others = using.filter((one) => !removing.includes(one));
  const ends = removing.some(
    ([, job]) =>
      (job.if ?? "").startsWith("always()") &&
      others.every(
        ([id, other]) =>
          [job.needs].flat().includes(id) && JSON.stringify(other["runs-on"]) === JSON.stringify(job["runs-on"]),
      ),
  );
  const own = others.every(([, job]) =>
    scriptsOf(job).every((run) => run.includes("/.efd-plans/$GITHUB_RUN_ID-$GITHUB_RUN_ATTEMPT")),
  );
  return [
    ...(ends ? [] : [`${name}: leaves plans on the runner, a last job that always runs there removes them`]),
    ...(own ? [] : [`${name}: saves plans where another attempt of the run finds them, name run and attempt`]),
  ];
}

function jobFaults(place: string, job: Job, events: readonly string[]): string[] {
  const faults: string[] = [];
  const must = (condition: boolean, fault: string) => void (condition || faults.push(`${place}: ${fault}`));
  must(job.permissions !== undefined, "asks for no permissions by name");
  must(job["timeout-minutes"] !== undefined, "has no timeout-minutes");
  const writes = Object.values(job.permissions ?? {}).includes("write");
  must(!writes || !events.includes("pull_request"), "may write in a workflow that runs a pull request's program");
  const text = JSON.stringify(job);
  must(!SECRETS.test(text) || job.environment !== undefined, "has secrets without an environment that guards them");
  const checkouts = (job.steps ?? []).filter(({ uses }) => uses?.startsWith("actions/checkout@"));
  const foreign = checkouts.some(
    ({ with: inputs }) => inputs?.["ref"] !== undefined || inputs?.["repository"] !== undefined,
  );
  must(!foreign || !writes, "checks out what a pull request says, with rights");
  must(
    !foreign || (job.steps ?? []).every(({ with: inputs }) => inputs?.["cache"] === undefined),
    "lets a pull request fill the default branch's cache",
  );
  faults.push(...siteFaults(place, job, events, writes));
  for (const step of job.steps ?? []) faults.push(...stepFaults(place, step, events));
  return faults;
}

/** Runners that GitHub has; all others stand inside a site. */
const HOSTED = /^"(ubuntu|windows|macos)-[\w.-]+"$/;

/** What a job inside a site needs besides: a pull request must reach neither the runner nor the credentials there. */
function siteFaults(place: string, job: Job, events: readonly string[], writes: boolean): string[] {
  const runsOn = job["runs-on"];
  if (runsOn === undefined || HOSTED.test(JSON.stringify(runsOn))) return [];
  const faults: string[] = [];
  const must = (condition: boolean, fault: string) => void (condition || faults.push(`${place}: ${fault}`));
  const group = typeof runsOn === "object" && runsOn !== null && "group" in runsOn ? runsOn.group : undefined;
  must(job.environment !== undefined, "runs inside a site without an environment that guards it");
  must(!writes, "runs inside a site with a token that may write");
  must(
    typeof group === "string" && group.toLowerCase() !== "default",
    "runs inside a site without a runner group, which names the workflows that may run there",
  );
  must(
    events.every((event) => OF_OUR_BRANCH.includes(event)),
    "runs inside a site for an event whose workflow a pull request can bring",
  );
  must(
    PROTECTED.test(job.if ?? "") && !/\|\||!\s*\(/.test(job.if ?? ""),
    "runs inside a site for any ref, compare github.ref with refs/heads/main",
  );
  return faults;
}

function stepFaults(place: string, { uses, run, with: inputs = {} }: Step, events: readonly string[]): string[] {
  const faults: string[] = [];
  const must = (condition: boolean, fault: string) => void (condition || faults.push(`${place}: ${fault}`));
  // A title or the name of a branch that is pasted into a script is run.
  must(!run?.includes("${{"), `"${run?.trim()}" pastes an expression into a script, pass it as env`);
  must(
    (run?.trim().split("\n").length ?? 0) <= MOST_LINES,
    "has a script of several lines, write it in .github/scripts",
  );
  if (uses?.startsWith("actions/checkout@")) {
    must(inputs["persist-credentials"] === false, "leaves its token in the checkout");
    must(
      !events.includes("workflow_run") || inputs["ref"] === undefined,
      "checks out what a pull request says, with rights",
    );
  }
  must(
    !uses?.startsWith("actions/download-artifact@") ||
      inputs["name"] !== undefined ||
      inputs["merge-multiple"] === true,
    "downloads artifacts without merge-multiple: one alone gets no folder of its own, several do",
  );
  must(
    !uses?.startsWith("actions/upload-artifact@") || !/tfplan|efd-plans|\.state/.test(String(inputs["path"])),
    "uploads plans or states",
  );
  return faults;
}
