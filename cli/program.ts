/** The commands and what each is told. A command's own code is loaded when it is called. */
import { Command, CommanderError, Option } from "commander";
import { SITES } from "../environments";
import { INTERRUPTED_EXIT } from "../ground/errors";
import { SUBJECT_TITLES, SUBJECTS } from "./check/model/verdict";
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
  addUseCommands(add);
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
    "power <site> [action] [component]",
    "stop (down), start (up) or restart the programs of a site in the order in which they need one another; without an action show which run. Data stay. Down takes with it what needs the component, up what the component needs. Interrupted or killed, the same command goes on where it stopped",
    [
      `npm run power -- ${PLAYGROUND}`,
      `npm run power -- ${LAST} down --dry-run`,
      `npm run power -- ${LAST} down --confirm ${LAST}`,
      `npm run power -- ${LAST} up`,
      `npm run power -- ${LAST} restart registry --yes`,
    ],
    async () => (await import("./power")).power,
  )
    .option("--dry-run", "show what would stop, start or restart, and change nothing")
    .option("--yes", "do not ask; down of a site with a layer that may not be destroyed takes --confirm instead")
    .option("--confirm <site>", "the site's name, instead of typing it before programs stop")
    .option("--during-observing <reason>", "stop or restart while the telescope observes, and log the reason");
  add(
    "access <site>",
    "show the kubeconfig, addresses and accounts of a site, and where its passwords are (never the passwords)",
    [`npm run access -- ${PLAYGROUND}`],
    async () => (await import("./access")).access,
  );
}

/** Commands for who works with a site that runs. */
function addUseCommands(add: Add): void {
  const subjects = SUBJECTS.map((subject) => `  ${subject.padEnd(14)}${SUBJECT_TITLES[subject]}`);
  add(
    "check <site> [subjects...]",
    "say whether a running site works, and what to do where it does not; by default all subjects, side by side. Changes nothing. Exit codes, as monitoring plugins have them: 0 all is well, 1 a warning, 2 something fails, 3 something could not be measured, or called wrongly",
    [
      `npm run check -- ${PLAYGROUND}`,
      `npm run check -- ${LAST} kafka influxdb --timeout 10`,
      `npm run check -- ${LAST} --watch 60`,
      `npm run -s check -- ${LAST} --json`,
    ],
    async () => (await import("./check")).check,
  )
    .option("--watch [seconds]", "look again and again, every 30 seconds by default; with --json one line each time")
    .option("--timeout <seconds>", "give no check more time than this; by default each has its own")
    .addHelpText("after", `\nSubjects:\n${subjects.join("\n")}`);
  add(
    "subsystem <site> <action> [csc]",
    "the CSCs of a running site. list: every CSC with its topics, consumers and freshness. show <CSC>: its topics, subjects, consumers, what is unread. init <CSC>: make the topics and subjects that it lacks, as the site's file has partitions and copies, and start the consumers again that must see them; what is there is never changed. Exit code 1: a topic is there with other partitions or copies, or nobody agreed",
    [
      `npm run subsystem -- ${PLAYGROUND} list`,
      `npm run subsystem -- ${LAST} show MTM1M3`,
      `npm run subsystem -- ${PLAYGROUND} init Test --avro schemas/Test --dry-run`,
      `npm run subsystem -- ${PLAYGROUND} init Test --topics logevent_heartbeat,scalars --yes`,
    ],
    async () => (await import("./subsystem")).subsystem,
  )
    .option(
      "--avro <dir>",
      "init: folder with the schemas of its topics, called <topic>.avsc or with that record's name",
    )
    .option("--topics <names>", "init: names of its topics, with commas between them")
    .option("--dry-run", "init: say what would be done, and do nothing")
    .option("--yes", "init: do not ask");
  add(
    "data <site> [topic]",
    "print what InfluxDB has of a topic, as it comes; without a topic list all topics with the age of their newest points. Reads through the cluster, or by the site's route with the account that EFD_INFLUXDB_USER and EFD_INFLUXDB_PASSWORD name. Exit code 1: no access, or no such topic or field",
    [
      `npm run data -- ${PLAYGROUND}`,
      `npm run data -- ${LAST} lsst.sal.MTMount.azimuth --fields actualPosition --since -5m`,
      `npm run -s data -- ${LAST} lsst.sal.MTMount.azimuth --since 2026-11-30T01:00:00Z --until 2026-11-30T02:00:37TAI --format csv > azimuth.csv`,
      `npm run data -- ${LAST} lsst.sal.MTMount.azimuth --since -12h --plot azimuth.svg`,
    ],
    async () => (await import("./data")).data,
  )
    .option("--fields <names>", "these fields only, with commas between them; by default all")
    .option(
      "--since <time>",
      "the first time, such as 2026-11-30T01:00:00Z, the same with TAI in place of Z, or -2h for two hours ago; by default 15 minutes before the end",
    )
    .option("--until <time>", "the end, which does not belong to it; by default now")
    .option("--every <duration>", "the mean of each number over such a time, such as 1s or 10m; by default every point")
    .addOption(
      new Option("--format <format>", "csv as RFC 4180 has it; json is a line for each row; by default table").choices([
        "table",
        "csv",
        "json",
      ]),
    )
    .option("--plot <file.svg>", "draw the numbers into this file instead of printing rows")
    .option("--database <name>", "where the topic is in several databases of the site");
}

function addRehearse(add: Add): void {
  add(
    "rehearse <site>",
    "apply a site's platform, EFD and LOVE layers to a throw-away control plane on this machine, plan again, search for leaked secrets, and remove everything. Nodes, pods, volumes and operators are simulated; only this machine and the charts' repositories are contacted. Exit code 1: a layer failed, the second plan found changes, a secret leaked, or data was lost",
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
