/**
 * `npm run bench:nodes [-- --only <names> --skip <names> --ci --keep --on <folder> --list]`: the site `local` is deployed by the
 * project's own command on nodes on which pods really run, lives, and is destroyed. `CHARTS` names the folder of the charts,
 * `EFD_IMAGES` that of images which no registry of packages gives. The last lines say what was real.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseEnvironment } from "../../environments/parse";
import { UserError } from "../../ground/errors";
import { interruption } from "../../cli/shared/process/interruption";
import { run } from "../../cli/shared/process/process";
import { runToolCommand, toolCommand } from "../../cli/shared/process/tool";
import { CHECKOUT } from "../../cli/shared/site/program";
import { synthesize } from "../../cli/shared/site/synthesis";
import { accessOf } from "../../cli/shared/site/addresses";
import { secondsSince } from "../../cli/shared/terminal/output";
import { inTemporaryFolder } from "../../cli/shared/process/temporary-folder";
import { NO_TERRAFORM, terraformVersion } from "../../cli/shared/terraform/terraform";
import { chartPackages } from "../rehearsal/control-plane/cache";
import { SCENARIOS } from "./scenarios";
import { chosen } from "./scenarios/choice";
import type { Scenario } from "./site/scenario";
import { type BenchPlace, NodeBench } from "./site/bench";
import { makeCheckout, writeChanges } from "./site/checkout";
import { imageLines, imagesOf } from "./site/images";
import { shipped } from "./site/local-site";
import { patched, type SitePatch } from "./site/patch";
import { benchFolder, checkoutFolder, keepRun, keptRun } from "./site/run-folder";

const command = toolCommand(
  "bench:nodes",
  "deploys `local` on nodes on which pods really run, lets it live, and destroys it. CHARTS names the folder of the charts, EFD_IMAGES that of images which no registry of packages gives",
)
  .option("--only <names>", "scenarios to run, with commas between them; all by default")
  .option("--skip <names>", "scenarios to leave out")
  .option("--ci", "only those that .ci/run runs")
  .option("--keep", "leaves the site running at the end, and says how to reach it and how to take it away")
  .option("--on <folder>", "runs scenarios on the site that --keep left in this folder")
  .option("--check", "only sees whether nodes can run here, and says in one line why not")
  .option("--list", "names the scenarios and ends");

interface Options {
  readonly only?: string;
  readonly skip?: string;
  readonly ci?: boolean;
  readonly keep?: boolean;
  readonly on?: string;
  readonly check?: boolean;
  readonly list?: boolean;
}

const start = Date.now();
const tell = (line: string): void => console.error(`${Math.round(secondsSince(start))} s: ${line}`);

function scenariosOf({ only, skip, ci = false, keep = false, on }: Options): Scenario[] {
  const all = SCENARIOS.filter(({ inCi = false }) => inCi || !ci);
  return chosen(all, { only: only?.split(","), skip: skip?.split(","), keep, attached: on !== undefined });
}

/** Folder of the charts. @throws {UserError} where there is none. */
function chartFolder(env: NodeJS.ProcessEnv): string {
  const folder = chartPackages(env);
  if (!existsSync(folder)) throw new UserError(`there are no charts in ${folder}: set CHARTS`);
  return folder;
}

/** What the site's file has to say so that it can be deployed without any network. */
const changesFor = (bench: Pick<BenchPlace, "registry">, charts: string): SitePatch => ({
  chartSource: charts,
  cluster: { registryMirror: bench.registry, allowCgroupV1: true },
});

/** The site as its file says with these changes. */
function siteWith(changes: SitePatch) {
  return parseEnvironment(patched(shipped(), changes));
}

/** Host names of the site, which lead to this machine. */
function namesOf(environment: ReturnType<typeof siteWith>): Promise<string[]> {
  return inTemporaryFolder("names", (folder) => {
    const { addresses } = accessOf(environment, synthesize([environment], folder), "", {});
    return Promise.resolve([...new Set(addresses.map(({ address }) => hostOf(address)))]);
  });
}

const hostOf = (address: string): string => address.replace(/^https:\/\//, "").replace(/[:/].*$/, "");

/** Starts a bench. @throws {UserError} with what this machine lacks. */
async function needs(folder: string, env: NodeJS.ProcessEnv): Promise<BenchPlace> {
  if (!(await terraformVersion(run))) throw new UserError(NO_TERRAFORM);
  chartFolder(env);
  tell("the bench is built and started");
  return new NodeBench(benchFolder(folder), env, tell).up();
}

/** Brings the images of the site to a bench, and makes a checkout that it is deployed from. */
async function begin(
  folder: string,
  place: BenchPlace,
  scenarios: readonly Scenario[],
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const charts = chartFolder(env);
  const bench = new NodeBench(benchFolder(folder), env, tell);
  const environment = siteWith(changesFor(place, charts));
  tell("images are brought into its registry");
  const k3s = scenarios.some(({ inCi = false }) => !inCi)
    ? [...k3sImages(environment)]
    : k3sImages(environment).slice(0, 1);
  const images = await bench.images([...k3s.map((name) => ({ name })), ...imagesOf(environment)]);
  await makeCheckout(checkoutFolder(folder), env);
  writeChanges(checkoutFolder(folder), changesFor(place, charts));
  keepRun(folder, { bench: place, images });
}

/** The site's image of k3s, and the one of the release after it. */
function k3sImages({ cluster }: ReturnType<typeof siteWith>): string[] {
  if (cluster.kind !== "k3s") return [];
  const next = cluster.version.replace(/\.(\d+)-/, (_all, patch: string) => `.${Number(patch) + 1}-`);
  return [cluster.version, next].map((version) => `${cluster.image}:${version}`);
}

/** Runs scenarios where the site is reached. */
async function live(folder: string, scenarios: readonly Scenario[], env: NodeJS.ProcessEnv): Promise<number> {
  const { bench: place, images } = keptRun(folder);
  const bench = new NodeBench(place.dir, env, tell);
  const names = await namesOf(siteWith({}));
  const inside = [process.execPath, "--import", "tsx", join(CHECKOUT, "e2e", "nodes", "inside.ts"), folder];
  const [program, args] = bench.entering(names, [...inside, ...scenarios.map(({ name }) => name)]);
  const { code } = await run(program, args, {
    cwd: CHECKOUT,
    env,
    onLine: (line) => console.log(line),
    onErrorLine: (line) => tell(line),
  });
  for (const line of imageLines(images)) console.log(line);
  return code;
}

/** Says how a site that stays is reached, and how it goes. */
function sayKept(folder: string, env: NodeJS.ProcessEnv): void {
  const { dir } = keptRun(folder).bench;
  const bench = new NodeBench(dir, env, tell);
  const [program, args] = bench.entering([], ["bash"]);
  console.log(`the site stays in ${folder}`);
  console.log(`more scenarios: npm run bench:nodes -- --on ${folder} --only <names>`);
  console.log(
    `a shell where it is reached: ${[program, ...args].join(" ")}; its checkout is ${checkoutFolder(folder)}`,
  );
  console.log(`take it away: ${bench.downCommand.join(" ")} && rm -r ${folder}`);
}

/** Milliseconds after Ctrl-C in which a command may end by itself: what it waits for goes with the nodes. */
const GRACE = 20_000;

/** Works in a new folder with a bench in it; both go afterwards, unless they are to stay. */
async function withBench(env: NodeJS.ProcessEnv, work: (folder: string) => Promise<{ code: number; stays: boolean }>) {
  const folder = mkdtempSync(join(tmpdir(), "efd-nodes-"));
  const bench = new NodeBench(benchFolder(folder), env, tell);
  let stays = false;
  let timer: NodeJS.Timeout | undefined;
  const cut = () => (timer = setTimeout(() => void bench.down(), GRACE));
  interruption.addEventListener("abort", cut, { once: true });
  try {
    const done = await work(folder);
    stays = done.stays && !interruption.aborted;
    if (stays) sayKept(folder, env);
    return done.code;
  } finally {
    clearTimeout(timer);
    interruption.removeEventListener("abort", cut);
    if (!stays) {
      await bench.down();
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

runToolCommand(command, (env) => {
  const options = command.opts<Options>();
  if (options.list) {
    for (const { name, title, inCi = false } of SCENARIOS)
      console.log(`${name.padEnd(20)} ${title}${inCi ? "" : " (not in .ci/run)"}`);
    return Promise.resolve(0);
  }
  const scenarios = scenariosOf(options);
  if (options.on !== undefined) return live(resolve(options.on), scenarios, env);
  return withBench(env, async (folder) => {
    const place = await needs(folder, env);
    if (options.check) return { code: 0, stays: false };
    await begin(folder, place, scenarios, env);
    return { code: await live(folder, scenarios, env), stays: options.keep === true };
  });
});
