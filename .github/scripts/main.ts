/**
 * `npm run -s github -- <command>`: what the workflows do beyond their steps. `--dry-run` sends and runs nothing: it
 * prints the calls to GitHub as lines of JSON, and the commands.
 */
import { spawn } from "node:child_process";
import { Output } from "../../cli/shared/terminal/output";
import { run } from "../../cli/shared/process/process";
import { CHECKOUT } from "../../cli/shared/site/program";
import { sitesOfRevision } from "../../cli/shared/revision/stacks";
import { parseTool, runTool, toolCommand } from "../../cli/shared/process/tool";
import { dryRun, sender } from "./api";
import { comment, knownSite, siteList, updateDriftIssues } from "./commands";
import { headOf, ownPullRequest } from "./pull-request";
import { repositoryOf } from "./run";
import {
  applyStep,
  changedStep,
  pullRequestStep,
  reviewStep,
  type ReviewStep,
  type RunCommand,
  type WorkflowStep,
} from "./steps";

interface Dry {
  readonly dryRun?: boolean;
}

interface Reviews extends Dry {
  readonly dir: string;
  readonly event?: string;
  readonly planOf?: string;
  readonly head?: string;
}

const print = (line: string) => console.log(line);
const note = (line: string) => console.error(line);

/** A command as its npm script; no shell reads its arguments. */
const runNpm: RunCommand = (command, args) =>
  new Promise((resolve, reject) => {
    const child = spawn("npm", ["run", "-s", command, "--", ...args], { cwd: CHECKOUT, stdio: "inherit" });
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });

const printNpm: RunCommand = (command, args) => {
  print(JSON.stringify(["npm", "run", "-s", command, "--", ...args]));
  return Promise.resolve(0);
};

async function main(env: NodeJS.ProcessEnv): Promise<number> {
  let code = 0;
  const step = (dry = false): WorkflowStep => ({
    command: dry ? printNpm : runNpm,
    outputs: dry ? undefined : env["GITHUB_OUTPUT"],
    print,
  });
  const connected = ({ dir, event, dryRun: dry = false }: Reviews) => {
    const repository = repositoryOf(env, !dry);
    const send = dry ? dryRun(print) : sender(repository.api, repository.token);
    return { send, repository, note, dir, event: event ?? env["GITHUB_EVENT_PATH"] };
  };
  const program = toolCommand("github", "what the workflows do beyond their steps");
  const command = (usage: string, description: string) =>
    program.command(usage).description(description).option("--dry-run", "print what would be sent or run");

  command("sites", "names of the sites as JSON, for a matrix")
    .option("--remote", "only those whose state a runner can reach")
    .option("--base <git ref>", "those of this revision too, which the program may have no more")
    .action(async ({ remote = false, base, dryRun: dry }: { remote?: boolean; base?: string } & Dry) => {
      const context = {
        run,
        env,
        output: new Output({ json: true, stdout: process.stdout, stderr: process.stderr, env }),
      };
      const before = base === undefined || dry ? [] : await sitesOfRevision(context, base);
      print(JSON.stringify([...new Set([...siteList(remote), ...before])]));
    });
  command("site <name>", "the name of a site that a runner can reach, or an error").action((name: string) =>
    print(knownSite(name)),
  );
  command("review <site>", "review a site; outputs changes and digest")
    .option("--base <git ref>")
    .option("--drift")
    .option("--out <dir>")
    .option("--report <dir>")
    .action(async (site: string, options: ReviewStep & Dry) => {
      // Of what the base alone knows the review itself says that it goes.
      const known = options.base === undefined ? knownSite(site, false) : site;
      code = await reviewStep(step(options.dryRun), known, options);
    });
  command("changed <base>", "which sites in reach differ from a revision; output sites").action(
    async (base: string, options: Dry) => {
      code = await changedStep(step(options.dryRun), siteList(true), base);
    },
  );
  command("apply <site> <plans> <digest>", "apply saved plans; DURING_OBSERVING is the reason to do it then").action(
    async (site: string, plans: string, digest: string, options: Dry) => {
      code = await applyStep(step(options.dryRun), knownSite(site), plans, digest, env["DURING_OBSERVING"]);
    },
  );
  command(
    "pull-request <number>",
    "an open pull request of this repository; outputs head and merge, its commits",
  ).action(async (number: string, options: Dry) => {
    const { send, repository } = connected({ dir: "", ...options });
    // A dry run finds nothing.
    if (options.dryRun) await headOf(send, repository.name, number);
    else code = await pullRequestStep(step(), () => ownPullRequest(send, repository.name, number));
  });
  command("comment", "write the reviews of a run below its pull request, one comment a site")
    .requiredOption("--dir <folder>", "downloaded reviews")
    .option("--event <file>", "event of the workflow_run instead of GITHUB_EVENT_PATH")
    .option("--plan-of <number>", "the reviews are plans of this pull request against its sites, made by this run")
    .option("--head <commit>", "its newest commit when it was planned")
    .action(async (options: Reviews) => {
      const { planOf: number, head = "" } = options;
      const planned = number === undefined ? {} : { planned: { number, head, run: env["GITHUB_RUN_ID"] ?? "" } };
      code = await comment({ ...connected(options), ...planned });
    });
  command("drift", "open, update or close the issue of each site")
    .requiredOption("--dir <folder>", "downloaded reviews")
    .action(async (options: Reviews) => {
      code = await updateDriftIssues({ ...connected(options), run: env["GITHUB_RUN_ID"] ?? "" });
    });
  return parseTool(program, () => code);
}

runTool(main);
