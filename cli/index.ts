/** The command line: one verb, one file, which is loaded when it is called. */
import { loaded } from "./loading";
import { Command, CommanderError } from "commander";
import { createInterface } from "node:readline/promises";
import { SITES } from "../environments";
import { EnvironmentError } from "../environments/parse";
import type { Context } from "./shared/terminal/context";
import { diskProblem, Interrupted, INTERRUPTED_EXIT, REVIEW_EXIT, UsageError, UserError } from "../ground/errors";
import { catchSignals, interruption } from "./shared/process/interruption";
import { Output } from "./shared/terminal/output";
import { run } from "./shared/process/process";
import type { ChartsOptions } from "./charts";
import type { DeployOptions } from "./deploy";
import type { DestroyOptions } from "./destroy";
import type { RehearseOptions } from "./rehearse";
import type { ReviewOptions } from "./review";

interface Global {
  readonly json?: boolean;
}

const JSON_OPTION = 'the result as JSON on stdout, {"errors": […]} where there is none; progress on stderr';

let exitCode = 0;
/** What a command that was called wrongly exits with; 2 means something else where a review says it. */
const wronglyCalled = process.argv[2] === "review" ? REVIEW_EXIT.failed : 2;

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question, { signal: interruption });
  } catch {
    throw new Interrupted();
  } finally {
    terminal.close();
  }
}

function contextOf({ json = false }: Global): Context {
  const { env, stdout, stderr, stdin } = process;
  const output = new Output({ json, stdout, stderr, env });
  catchSignals((line) => output.note(line));
  return { output, run, env, ...(stdin.isTTY ? { ask } : {}) };
}

function program(): Command {
  const [site, last] = [SITES[0]?.name, SITES.at(-1)?.name];
  const main = new Command("efd")
    .description("The EFD of a site, from a bare Docker host or a Google project to a running system")
    .helpCommand(false)
    .showHelpAfterError("(--help says more)")
    .exitOverride()
    .addHelpText(
      "after",
      `
Each verb is also an npm script: npm run deploy -- ${site}. Programs read npm run -s <verb> -- … --json.
Exit codes: 0 done, 1 failed or blocked, 2 called wrongly, ${INTERRUPTED_EXIT} interrupted.`,
    );
  const verb = (usage: string, description: string, ...examples: string[]) =>
    main
      .command(usage)
      .description(description)
      .option("--json", JSON_OPTION)
      .addHelpText("after", `\nExamples:\n${examples.map((example) => `  ${example}`).join("\n")}`);

  verb("start", "every site at a glance, and what to do next", "npm start").action(async (options: Global) => {
    const { start } = await import("./start");
    exitCode = start(contextOf(options));
  });
  verb(
    "synth [sites...]",
    "write the Terraform JSON of every layer of these sites, or of all",
    "npm run synth",
    `npm run synth -- ${site}`,
  ).action(async (sites: string[], options: Global) => {
    const { synth } = await import("./synth");
    exitCode = synth(contextOf(options), sites);
  });
  verb(
    "validate [sites...]",
    "let Terraform check every layer of these sites, or of all; needs no credentials. A layer whose provider cannot be had is named and fails only where nothing else is valid",
    `npm run validate -- ${site}`,
  ).action(async (sites: string[], options: Global) => {
    const { validate } = await import("./validate");
    exitCode = await validate(contextOf(options), sites);
  });
  verb(
    "deploy <site> [layer]",
    "apply a site's layers in the order in which they depend on one another, or one of them",
    `npm run deploy -- ${site}`,
    `npm run deploy -- ${last} efd --dry-run`,
  )
    .option("--dry-run", "plan only")
    .option("--yes", "apply without a question")
    .option("--reviewed <dir>", "apply exactly the plans that review --out saved, without a question")
    .option("--during-observing <reason>", "apply reviewed plans while the telescope observes, and log why")
    .option("--reuse-data", "let a new cluster's volumes find the data that lies on the host")
    .action(async (site: string, layer: string | undefined, options: Global & DeployOptions) => {
      const { deploy } = await import("./deploy");
      exitCode = await deploy(contextOf(options), site, layer, options);
    });
  verb(
    "review <site> [layer]",
    "say what an apply would do to running data: plans every layer and changes nothing. Exit codes: 0 nothing to do, 1 could not look, 2 changes, 3 data at risk",
    `npm run review -- ${site}`,
    `npm run review -- ${last} --base origin/main`,
    `npm run review -- ${last} efd --out reviewed`,
  )
    .option("--base <git ref>", "compare with what this revision synthesizes, without any access to the site")
    .option("--out <dir>", "save the plans for deploy --reviewed")
    .option("--drift", "what was changed by hand")
    .option("--report <dir>", "write review.json, review.md, review.html, site.svg and site.mmd there")
    .option("--graph", "the picture of the site in Mermaid, without a plan; with --report also as SVG")
    .action(async (site: string, layer: string | undefined, options: Global & ReviewOptions) => {
      const { reviewSite } = await import("./review");
      exitCode = await reviewSite(contextOf(options), site, layer, options);
    });
  verb(
    "destroy <site> [layer]",
    "remove a site's layers, the topmost first; data goes only where the environment's allowDestroys says so",
    `npm run destroy -- ${site}`,
    `npm run destroy -- ${last} efd --confirm ${last}`,
  )
    .option("--confirm <site>", "the site's name, instead of typing it")
    .option("--yes", "ask nothing, where every layer of the site may be destroyed")
    .action(async (site: string, layer: string | undefined, options: Global & DestroyOptions) => {
      const { destroy } = await import("./destroy");
      exitCode = await destroy(contextOf(options), site, layer, options);
    });
  verb(
    "access <site>",
    "kubeconfig, addresses and accounts of a site; where passwords are, never what they are",
    `npm run access -- ${site}`,
  ).action(async (site: string, options: Global) => {
    const { access } = await import("./access");
    exitCode = await access(contextOf(options), site);
  });
  verb(
    "rehearse <site>",
    "apply a site's platform and EFD layers to a throw-away control plane on this machine, plan again, search for secrets, and remove them again. Nodes, pods, volumes and operators are simulated; nothing but this machine and the charts' repositories is reached. Exit code 1: a layer failed, a second plan found something to do, a secret leaked, or data was lost",
    `npm run rehearse -- ${site}`,
    `npm run rehearse -- ${site} --stand-ins --from HEAD~1`,
    `npm run rehearse -- ${last} --charts /path/to/charts`,
  )
    .option("--charts <dir>", "folder with the charts as <chart>-<version>.tgz; left out, the site's source")
    .option(
      "--stand-ins",
      "stand-ins for the charts: their pods and Services by name; taken anyway where none can be had",
    )
    .option("--crds <dir>", "folder with definitions of custom resources for stand-ins; left out, they take everything")
    .option("--from <ref>", "apply this git revision first, by its own code, and report what became of its data")
    .option(
      "--docker",
      "apply the cluster layer too, in containers of this machine's Docker, under other names: only where the site's Docker is this machine's",
    )
    .option("--fail-fast", "stop at the first layer that fails; otherwise the plans above it are judged too")
    .option("--keep", "leave the control plane and the state for a look")
    .action(async (site: string, options: Global & RehearseOptions) => {
      const { rehearse } = await import("./rehearse");
      exitCode = await rehearse(contextOf(options), site, options);
    });
  charts(main);
  return main;
}

/** The one verb with verbs of its own. */
function charts(main: Command): void {
  const verb = main
    .command("charts")
    .helpCommand(false)
    .description("charts and images: a mirror of them, and a check of what we give them");
  const add = (usage: string, description: string, ...examples: string[]) =>
    verb
      .command(usage)
      .description(description)
      .option("--repository <url>", "one chart repository that has them all, in place of each chart's own")
      .option("--json", JSON_OPTION)
      .addHelpText("after", `\nExamples:\n${examples.map((example) => `  ${example}`).join("\n")}`);
  add(
    "pull <dir>",
    "fetch every chart of the catalogue and list every image, for a site without internet; goes on where it stopped. Needs helm",
    "npm run charts -- pull /data/mirror",
  ).action(async (dir: string, options: Global & ChartsOptions) => {
    const { pull } = await import("./charts");
    exitCode = await pull(contextOf(options), dir, options);
  });
  add(
    "verify [dir]",
    "hold the values of every site against the charts of a folder; left out, against those that each site takes. Without helm it checks less, and says so",
    "npm run charts -- verify /data/mirror",
  ).action(async (dir: string | undefined, options: Global & ChartsOptions) => {
    const { verify } = await import("./charts");
    exitCode = await verify(contextOf(options), dir, options);
  });
}

/** With `--json` a command that has no result says why on stdout too: `{"errors": [<line>, …]}`. */
function tell(message: string, shown = `${message}\n`): void {
  process.stderr.write(shown);
  if (process.argv.includes("--json"))
    process.stdout.write(`${JSON.stringify({ errors: message.split("\n") }, undefined, 2)}\n`);
}

/** Says what went wrong in words where the user can put it right; only our own mistakes come with a stack trace. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    tell(error.message, "");
    return wronglyCalled;
  }
  if (interruption.aborted) {
    tell("interrupted");
    return INTERRUPTED_EXIT;
  }
  if (error instanceof UserError || error instanceof EnvironmentError) {
    tell(error.message);
    if (process.env["DEBUG"]) process.stderr.write(`${error.stack}\n`);
    return error instanceof UsageError ? wronglyCalled : error instanceof UserError ? error.exitCode : 1;
  }
  const disk = diskProblem(error);
  if (disk !== undefined) {
    tell(disk);
    return 1;
  }
  tell("this is a mistake of the program, not yours: please report it with these lines");
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return 1;
}

loaded();
// A reader that has seen enough (`| head`) ends no apply.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
// States, plans and logs are their owner's: the cluster layer's state holds keys.
process.umask(0o077);
program()
  .parseAsync()
  .catch((error: unknown) => (exitCode = explain(error)))
  .finally(() => (process.exitCode = exitCode !== 0 && interruption.aborted ? INTERRUPTED_EXIT : exitCode));
