/**
 * `npm run bench:love`: a real nginx of this machine with the configuration of each site's LOVE, before stand-ins for
 * managers, cameras and the REST proxy. `NGINX` names the program, nginx on PATH otherwise. One that is too old to ask for
 * names while it runs gets their addresses written into its configuration, and the checks that need it do not run.
 */
import { join } from "node:path";
import { messageOf } from "../../ground/errors";
import { inTemporaryFolder } from "../../cli/shared/process/temporary-folder";
import { printTally, runToolCommand, toolCommand } from "../../cli/shared/process/tool";
import { selectSites } from "../../cli/shared/site/sites";
import { SITES } from "../../environments";
import { type Profile, PROFILES } from "../../environments/systems/love/profiles";
import type { LoveSpec } from "../../environments/systems/love/schema";
import type { Environment } from "../../environments/schema";
import { Checks } from "../data-path/check";
import { stopAll } from "../data-path/program";
import { balance, cameras, death, emptySet, end, health, locations, many, routes, secrecy } from "./checks";
import { nginxOf, type NginxProgram } from "./nginx";
import { LoveSite } from "./site";
import type { StandIn } from "./stand-in";
import { World } from "./world";

/** More frontends than fit into one answer by UDP: as many as the Summit has at most. */
const MANY = 50;
/** What needs an nginx that asks for names while it runs. */
const NEED_NAMES = [
  "a frontend that is added, and one that ends",
  "more frontends than fit into one answer of a name server",
  "a camera whose name nobody knows",
];

/** A site with LOVE. */
interface Case {
  readonly title: string;
  readonly site: Environment;
  readonly love: LoveSpec;
}

/** Each site that has LOVE, switched on, the largest first, and a made-up one for each profile that no site has. */
function cases(): Case[] {
  const real = selectSites(SITES)
    .flatMap((site) => (site.love ? [{ title: site.name, site, love: site.love }] : []))
    .sort((a, b) => b.love.producers.length - a.love.producers.length);
  const [first] = real;
  const others = PROFILES.filter((profile) => !real.some(({ love }) => love.profile === profile));
  const madeUp = (profile: Profile) =>
    first ? [{ ...first, title: `${first.title} with profile ${profile}`, love: { ...first.love, profile } }] : [];
  return [...real, ...others.flatMap(madeUp)].map((one) => {
    const love = { ...one.love, enabled: true };
    return { ...one, love, site: { ...one.site, love } };
  });
}

/** Starts as many nginx as the site has. */
async function startNginx(world: World, checks: Checks): Promise<void> {
  const { code, text } = await world.addNginx().judged();
  const complaints = text.split("\n").filter((line) => line && !/ (is ok|is successful)$/.test(line));
  checks.same("nginx -t", { code, complaints }, { code: 0, complaints: [] });
  while (world.nginx.length < world.pod.replicas) world.addNginx();
  for (const nginx of world.nginx) await nginx.start();
}

async function check(site: Environment, folder: string, program: NginxProgram, checks: Checks, whole: boolean) {
  const love = new LoveSite(site, join(folder, "out"));
  const world = await World.prepare(love, folder, program);
  const sets = love.sets();
  const frontends = love.frontends(2);
  const proxy = love.restProxy();

  // An nginx that does not ask must know all addresses before it starts.
  if (!program.asks) for (const { behind } of love.cameras()) await world.start(behind);
  const [restProxy] = proxy ? await world.start(proxy, JSON.stringify({ brokers: [0] })) : [];
  const producers: Record<string, StandIn[]> = {};
  for (const [route, set] of Object.entries(sets)) producers[route] = await world.start(set);
  const pods = await world.start(frontends);
  await startNginx(world, checks);

  await health(world, checks, join(folder, "assets", "love-frontend", "love", "index.html"));
  await routes(world, checks, sets);
  await cameras(world, checks);
  await locations(world, checks, restProxy);
  await emptySet(world, checks, producers);
  // What follows is alike at all sites, and takes its time.
  if (whole) {
    await balance(world, checks, frontends, pods);
    await death(world, checks, pods);
    const now = program.asks ? await many(world, checks, { ...frontends, pods: MANY }) : pods;
    await end(world, checks, now);
  }
  await secrecy(world, checks);
}

runToolCommand(
  toolCommand("bench:love", "a real nginx of this machine serves LOVE of the sites, with stand-ins for all behind it"),
  async (env) => {
    const name = env["NGINX"] ?? "nginx";
    const program = await nginxOf(name);
    if (!program) {
      console.error(`nginx: NOT RUN, because ${name} is no nginx that runs here: set NGINX`);
      return 3;
    }
    console.log(`nginx ${program.version}, with the configuration of the sites`);
    if (!program.asks) {
      console.log("Its upstreams get addresses: it knows no `resolve`, which nginx has from 1.27.3 on.");
      for (const what of NEED_NAMES)
        console.log(`${what}: NOT RUN, because nginx ${program.version} asks for no names`);
    }
    const checks = new Checks();
    for (const [number, { title, site }] of cases().entries()) {
      console.log(`--- ${title}`);
      await inTemporaryFolder("love", async (folder) => {
        try {
          await check(site, folder, program, checks, number === 0);
        } catch (error) {
          checks.failed.push(`${title}: ${messageOf(error)}`);
        } finally {
          await stopAll();
        }
      });
    }
    return printTally(checks.passed, checks.failed);
  },
);
