/** The commands and what each is told. A command's own code is loaded when it is called. */
import { Command, CommanderError } from "commander";
import { SITES } from "../environments";
import { INTERRUPTED_EXIT } from "../ground/errors";
import { namesOf } from "./shared/site/sites";
import { unlistedSites } from "./shared/site/unlisted";
import type { Context } from "./shared/terminal/context";

/** What every command is told. */
export interface GlobalOptions {
  readonly json?: boolean;
}

/** What a command runs with, and who gets its exit code. */
interface Shell {
  readonly contextOf: (options: GlobalOptions) => Context;
  readonly exit: (code: number) => void;
}

/** Names of sites that examples use: one to play with, and the last. */
const NAMES = namesOf(SITES);
const [PLAYGROUND, LAST] = [NAMES[0], NAMES.at(-1)];

const JSON_OPTION = 'print the result as JSON on stdout, or {"errors": […]}; progress goes to stderr';

/** A command's own code: it gets the arguments of its usage, and its options behind them. */
type Act = (context: Context, ...given: never[]) => number | Promise<number>;

/** Adds a command to a parent, with what all commands have. */
type Add = (usage: string, description: string, examples: readonly string[], load: () => Promise<Act>) => Command;

function adder({ contextOf, exit }: Shell, parent: Command): Add {
  return (usage, description, examples, load) =>
    parent
      .command(usage)
      .description(description)
      .option("--json", JSON_OPTION)
      .addHelpText("after", `\nExamples:\n${examples.map((example) => `  ${example}`).join("\n")}`)
      .action(async (...all: unknown[]) => {
        // The last one is the command itself.
        const given = all.slice(0, -1) as never[];
        const act = await load();
        const context = contextOf(given.at(-1) ?? {});
        for (const line of unlistedSites()) context.output.note(`note: ${line}`);
        exit(await act(context, ...given));
      });
}

/** Names the sites where a command got none. */
function withSites(text: string): string {
  return text.replace(/missing required argument 'site'/, `$&. Allowed: ${NAMES.join(", ")}`);
}

/** The whole command line. */
export function commandLine(shell: Shell): Command {
  const main = new Command("efd")
    .description("The EFD of a site, from a bare Docker host or a Google project to a running system")
    .helpCommand(false)
    .showHelpAfterError("(--help says more)")
    .configureOutput({ outputError: (text, write) => write(withSites(text)) })
    .exitOverride(({ exitCode, code, message }) => {
      throw new CommanderError(exitCode, code, withSites(message));
    })
    .addHelpText(
      "after",
      `
Each command is also an npm script: npm run deploy -- ${PLAYGROUND}. For programs: npm run -s <command> -- … --json.
Exit codes: 0 done, 1 failed or blocked, 2 called wrongly, ${INTERRUPTED_EXIT} interrupted.`,
    );
  const add = adder(shell, main);
  addProgramCommands(add);
  addSiteCommands(add);
  addRehearse(add);
  const charts = main
    .command("charts")
    .helpCommand(false)
    .description("mirror charts and images, and check our values against the charts");
  addChartsCommands(adder(shell, charts));
  return main;
}

function addProgramCommands(add: Add): void {
  add(
    "start",
    "show every site at a glance, and what to do next",
    ["npm start"],
    async () => (await import("./start")).start,
  );
  add(
    "synth [sites...]",
    "write the Terraform JSON of every layer of these sites; of all sites by default",
    ["npm run synth", `npm run synth -- ${PLAYGROUND}`],
    async () => (await import("./synth")).synth,
  );
  add(
    "validate [sites...]",
    "check every layer of these sites with Terraform; of all sites by default. Needs no credentials. Exit code 1: a layer is invalid, or none could be checked because providers are missing",
    [`npm run validate -- ${PLAYGROUND}`],
    async () => (await import("./validate")).validate,
  );
}

function addSiteCommands(add: Add): void {
  add(
    "deploy <site> [layer]",
    "apply a site's layers in the order of their dependencies, or one layer",
    [`npm run deploy -- ${PLAYGROUND}`, `npm run deploy -- ${LAST} efd --dry-run`],
    async () => (await import("./deploy")).deploy,
  )
    .option("--dry-run", "plan only")
    .option("--yes", "apply without asking, unless data would be lost that the site's file does not allow to lose")
    .option("--confirm <site>", "the site's name, instead of typing it where data would be lost")
    .option("--reviewed <dir>", "apply exactly the plans that review --out saved, without asking")
    .option("--during-observing <reason>", "apply reviewed plans while the telescope observes, and log the reason")
    .option("--reuse-data", "let the volumes of a new cluster use the data that is already on the host");
  add(
    "review <site> [layer]",
    "show what an apply would do to running data. Plans every layer and changes nothing. Exit codes: 0 nothing to do, 1 a layer could not be planned, 2 changes, 3 data at risk",
    [
      `npm run review -- ${PLAYGROUND}`,
      `npm run review -- ${LAST} --base origin/main`,
      `npm run review -- ${LAST} efd --out reviewed`,
    ],
    async () => (await import("./review")).reviewSite,
  )
    .option("--base <git ref>", "compare with what this revision synthesizes; needs no access to the site")
    .option("--out <dir>", "save the plans for deploy --reviewed")
    .option("--drift", "show what was changed by hand")
    .option("--report <dir>", "write review.json, review.md, review.html, site.svg and site.mmd into this folder")
    .option("--graph", "print a picture of the site in Mermaid instead of a plan; with --report also as SVG");
  add(
    "destroy <site> [layer]",
    "remove a site's layers, the topmost first. Data goes only where allowDestroys of the environment names the layer",
    [`npm run destroy -- ${PLAYGROUND}`, `npm run destroy -- ${LAST} efd --confirm ${LAST}`],
    async () => (await import("./destroy")).destroy,
  )
    .option("--confirm <site>", "the site's name, instead of typing it")
    .option("--yes", "do not ask, where every layer of the site may be destroyed");
  add(
    "access <site>",
    "show the kubeconfig, addresses and accounts of a site, and where its passwords are (never the passwords)",
    [`npm run access -- ${PLAYGROUND}`],
    async () => (await import("./access")).access,
  );
}

function addRehearse(add: Add): void {
  add(
    "rehearse <site>",
    "apply a site's platform and EFD layers to a throw-away control plane on this machine, plan again, search for leaked secrets, and remove everything. Nodes, pods, volumes and operators are simulated; only this machine and the charts' repositories are contacted. Exit code 1: a layer failed, the second plan found changes, a secret leaked, or data was lost",
    [
      `npm run rehearse -- ${PLAYGROUND}`,
      `npm run rehearse -- ${PLAYGROUND} --stub-charts --from HEAD~1`,
      `npm run rehearse -- ${LAST} --charts /path/to/charts`,
    ],
    async () => (await import("./rehearse")).rehearse,
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
    .option("--keep", "keep the control plane and the state for inspection");
}

function addChartsCommands(add: Add): void {
  const repository = ["--repository <url>", "take every chart from this repository instead of its own"] as const;
  add(
    "pull <dir>",
    "fetch every chart of the catalogue and list every image, for a site without internet. Continues where it stopped. Needs helm",
    ["npm run charts -- pull /data/mirror"],
    async () => (await import("./charts")).pull,
  ).option(...repository);
  add(
    "verify [dir]",
    "check the values of every site against the charts in a folder, by default against the charts that each site uses. Without helm it checks less, and says what",
    ["npm run charts -- verify /data/mirror"],
    async () => (await import("./charts")).verify,
  ).option(...repository);
}
