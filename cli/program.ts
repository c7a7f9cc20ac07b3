/** The commands and what each is told. A command's own code is loaded when it is called. */
import { Command } from "commander";
import { SITES } from "../environments";
import { INTERRUPTED_EXIT } from "../ground/errors";
import type { ChartsOptions } from "./charts";
import type { DeployOptions } from "./deploy";
import type { DestroyOptions } from "./destroy";
import type { RehearseOptions } from "./rehearse";
import type { ReviewOptions } from "./review";
import type { Context } from "./shared/terminal/context";

/** What every command is told. */
export interface GlobalOptions {
  readonly json?: boolean;
}

/** What a command runs with, and who gets its exit code. */
export interface Shell {
  readonly contextOf: (options: GlobalOptions) => Context;
  readonly exit: (code: number) => void;
}

/** Names of sites that examples use: one to play with, and the last. */
const [PLAYGROUND, LAST] = [SITES[0]?.name, SITES.at(-1)?.name];

const JSON_OPTION = 'print the result as JSON on stdout, or {"errors": […]}; progress goes to stderr';

/** Adds a command with what all have. */
function add(parent: Command, usage: string, description: string, ...examples: string[]): Command {
  return parent
    .command(usage)
    .description(description)
    .option("--json", JSON_OPTION)
    .addHelpText("after", `\nExamples:\n${examples.map((example) => `  ${example}`).join("\n")}`);
}

/** The whole command line. */
export function commandLine(shell: Shell): Command {
  const main = new Command("efd")
    .description("The EFD of a site, from a bare Docker host or a Google project to a running system")
    .helpCommand(false)
    .showHelpAfterError("(--help says more)")
    .exitOverride()
    .addHelpText(
      "after",
      `
Each command is also an npm script: npm run deploy -- ${PLAYGROUND}. For programs: npm run -s <command> -- … --json.
Exit codes: 0 done, 1 failed or blocked, 2 called wrongly, ${INTERRUPTED_EXIT} interrupted.`,
    );
  for (const part of [programCommands, deployCommand, reviewCommand, destroyCommand, accessCommand, rehearseCommand])
    part(main, shell);
  chartsCommands(main, shell);
  return main;
}

function programCommands(main: Command, { contextOf, exit }: Shell): void {
  add(main, "start", "show every site at a glance, and what to do next", "npm start").action(
    async (options: GlobalOptions) => {
      const { start } = await import("./start");
      exit(start(contextOf(options)));
    },
  );
  add(
    main,
    "synth [sites...]",
    "write the Terraform JSON of every layer of these sites; of all sites by default",
    "npm run synth",
    `npm run synth -- ${PLAYGROUND}`,
  ).action(async (sites: string[], options: GlobalOptions) => {
    const { synth } = await import("./synth");
    exit(synth(contextOf(options), sites));
  });
  add(
    main,
    "validate [sites...]",
    "check every layer of these sites with Terraform; of all sites by default. Needs no credentials. Exit code 1: a layer is invalid, or none could be checked because providers are missing",
    `npm run validate -- ${PLAYGROUND}`,
  ).action(async (sites: string[], options: GlobalOptions) => {
    const { validate } = await import("./validate");
    exit(await validate(contextOf(options), sites));
  });
}

function deployCommand(main: Command, { contextOf, exit }: Shell): void {
  add(
    main,
    "deploy <site> [layer]",
    "apply a site's layers in the order of their dependencies, or one layer",
    `npm run deploy -- ${PLAYGROUND}`,
    `npm run deploy -- ${LAST} efd --dry-run`,
  )
    .option("--dry-run", "plan only")
    .option("--yes", "apply without asking")
    .option("--reviewed <dir>", "apply exactly the plans that review --out saved, without asking")
    .option("--during-observing <reason>", "apply reviewed plans while the telescope observes, and log the reason")
    .option("--reuse-data", "let the volumes of a new cluster use the data that is already on the host")
    .action(async (site: string, layer: string | undefined, options: GlobalOptions & DeployOptions) => {
      const { deploy } = await import("./deploy");
      exit(await deploy(contextOf(options), site, layer, options));
    });
}

function reviewCommand(main: Command, { contextOf, exit }: Shell): void {
  add(
    main,
    "review <site> [layer]",
    "show what an apply would do to running data. Plans every layer and changes nothing. Exit codes: 0 nothing to do, 1 a layer could not be planned, 2 changes, 3 data at risk",
    `npm run review -- ${PLAYGROUND}`,
    `npm run review -- ${LAST} --base origin/main`,
    `npm run review -- ${LAST} efd --out reviewed`,
  )
    .option("--base <git ref>", "compare with what this revision synthesizes; needs no access to the site")
    .option("--out <dir>", "save the plans for deploy --reviewed")
    .option("--drift", "show what was changed by hand")
    .option("--report <dir>", "write review.json, review.md, review.html, site.svg and site.mmd into this folder")
    .option("--graph", "print a picture of the site in Mermaid instead of a plan; with --report also as SVG")
    .action(async (site: string, layer: string | undefined, options: GlobalOptions & ReviewOptions) => {
      const { reviewSite } = await import("./review");
      exit(await reviewSite(contextOf(options), site, layer, options));
    });
}

function destroyCommand(main: Command, { contextOf, exit }: Shell): void {
  add(
    main,
    "destroy <site> [layer]",
    "remove a site's layers, the topmost first. Data goes only where allowDestroys of the environment names the layer",
    `npm run destroy -- ${PLAYGROUND}`,
    `npm run destroy -- ${LAST} efd --confirm ${LAST}`,
  )
    .option("--confirm <site>", "the site's name, instead of typing it")
    .option("--yes", "do not ask, where every layer of the site may be destroyed")
    .action(async (site: string, layer: string | undefined, options: GlobalOptions & DestroyOptions) => {
      const { destroy } = await import("./destroy");
      exit(await destroy(contextOf(options), site, layer, options));
    });
}

function accessCommand(main: Command, { contextOf, exit }: Shell): void {
  add(
    main,
    "access <site>",
    "show the kubeconfig, addresses and accounts of a site, and where its passwords are (never the passwords)",
    `npm run access -- ${PLAYGROUND}`,
  ).action(async (site: string, options: GlobalOptions) => {
    const { access } = await import("./access");
    exit(await access(contextOf(options), site));
  });
}

function rehearseCommand(main: Command, { contextOf, exit }: Shell): void {
  add(
    main,
    "rehearse <site>",
    "apply a site's platform and EFD layers to a throw-away control plane on this machine, plan again, search for leaked secrets, and remove everything. Nodes, pods, volumes and operators are simulated; only this machine and the charts' repositories are contacted. Exit code 1: a layer failed, the second plan found changes, a secret leaked, or data was lost",
    `npm run rehearse -- ${PLAYGROUND}`,
    `npm run rehearse -- ${PLAYGROUND} --stub-charts --from HEAD~1`,
    `npm run rehearse -- ${LAST} --charts /path/to/charts`,
  )
    .option("--charts <dir>", "folder with the charts as <chart>-<version>.tgz; by default where the site gets them")
    .option(
      "--stub-charts",
      "use stubs for the charts, with their pods and Services by name; also used where no chart can be fetched",
    )
    .option("--crds <dir>", "folder with the CRDs for stubs; by default CRDs that accept everything")
    .option("--from <ref>", "apply this git revision first, with its own code, and report what became of its data")
    .option(
      "--docker",
      "apply the cluster layer too, in containers of this machine's Docker, under other names: only where the site's Docker is this machine's",
    )
    .option("--fail-fast", "stop at the first layer that fails; by default the layers above it are planned too")
    .option("--keep", "keep the control plane and the state for inspection")
    .action(async (site: string, options: GlobalOptions & RehearseOptions) => {
      const { rehearse } = await import("./rehearse");
      exit(await rehearse(contextOf(options), site, options));
    });
}

/** The one command with commands of its own. */
function chartsCommands(main: Command, { contextOf, exit }: Shell): void {
  const charts = main
    .command("charts")
    .helpCommand(false)
    .description("mirror charts and images, and check our values against the charts");
  const addCharts = (usage: string, description: string, ...examples: string[]) =>
    add(charts, usage, description, ...examples).option(
      "--repository <url>",
      "take every chart from this repository instead of its own",
    );
  addCharts(
    "pull <dir>",
    "fetch every chart of the catalogue and list every image, for a site without internet. Continues where it stopped. Needs helm",
    "npm run charts -- pull /data/mirror",
  ).action(async (dir: string, options: GlobalOptions & ChartsOptions) => {
    const { pull } = await import("./charts");
    exit(await pull(contextOf(options), dir, options));
  });
  addCharts(
    "verify [dir]",
    "check the values of every site against the charts in a folder, by default against the charts that each site uses. Without helm it checks less, and says what",
    "npm run charts -- verify /data/mirror",
  ).action(async (dir: string | undefined, options: GlobalOptions & ChartsOptions) => {
    const { verify } = await import("./charts");
    exit(await verify(contextOf(options), dir, options));
  });
}
