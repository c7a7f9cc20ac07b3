/** Stops, starts and restarts components in order, and believes only pods. */
import { UserError } from "../../ground/errors";
import type { SiteClients } from "../shared/clients/clients";
import type { PowerApi, PowerMemory } from "../shared/power/memory";
import { counted, secondsSince } from "../shared/terminal/output";
import type { Component } from "./components";
import type { Group } from "./groups";
import { resumeJobs, suspendJobs } from "./cron-jobs";
import type { Part } from "./part";
import { conditionOf } from "./state";
import { some, type Waiting, waitFor } from "../shared/terminal/wait";

/** Seconds until pods have ended: brokers have 180 s to write what they hold, and the runbook gives them as long. */
const STOP = 600;
/** Seconds until Strimzi says that it leaves a resource alone: it looks at all of them every two minutes. */
const PAUSED = 300;

/** What a sequence works with. */
export interface Bench extends Waiting {
  readonly site: string;
  readonly api: PowerApi;
  readonly memory: PowerMemory;
  /** Ways to the site's programs. */
  readonly clients: Pick<SiteClients, "influxdb">;
  /** All components of the site. */
  readonly all: readonly Component[];
}

/** What was done to a component. */
export interface Done {
  readonly component: string;
  readonly did: "stopped" | "started" | "left stopped" | "restarted";
  readonly seconds: number;
}

const partsOf = (groups: readonly Group[]): Part[] => groups.flatMap(({ parts }) => parts);
const again = "look at them, then run the same command again, which goes on from here";

/** Stops a component, its groups from the last to the first; resolves when all of its pods have ended. */
export async function stop(bench: Bench, component: Component): Promise<Done> {
  const { api, memory } = bench;
  const begin = Date.now();
  await nobodyNeeds(bench, component);
  const groups = await component.look(api);
  const all = partsOf(groups).filter(({ isOff }) => !isOff);
  await memory.remember(Object.fromEntries(all.map(({ key, before }) => [key, before])));
  // Before anything stops: an operator that still looks at its resource starts the next program again.
  await pause(bench, component, all);
  for (let at = groups.length - 1; at >= 0; at--) {
    // Looked at anew: of what was stopped before, the next may know.
    const parts = (await component.look(api))[at]?.parts ?? [];
    const running = parts.filter(({ isOff }) => !isOff);
    await memory.remember(Object.fromEntries(running.map(({ key, before }) => [key, before])));
    await each(running, (part) => part.stop());
    await waitFor(bench, { seconds: STOP, advice: adviceFor(component) }, async () => {
      const left = (await component.look(api))[at]?.parts ?? [];
      const pods = left.flatMap((part) => part.pods);
      if (pods.length > 0)
        return `${component.name}: ${counted(pods.length, "pod")} still running or ending: ${some(pods)}`;
      const on = left.filter(({ isOff }) => !isOff);
      return on.length > 0
        ? `${component.name}: somebody started ${some(on.map(({ name }) => name))} again`
        : undefined;
    });
  }
  return { component: component.name, did: "stopped", seconds: secondsSince(begin) };
}

/** What must not run while a component is stopped. */
async function nobodyNeeds({ api, all, site }: Bench, component: Component): Promise<void> {
  for (const user of all.filter(({ needs }) => needs.includes(component.name))) {
    const pods = partsOf(await user.look(api)).flatMap((part) => part.pods);
    if (pods.length > 0)
      throw new UserError(
        `${component.name} stays: ${user.name} needs it, and ${some(pods)} ran when its turn came. Run the same command again, or stop it: npm run power -- ${site} down ${user.name}`,
      );
  }
}

/** Tells Strimzi to leave parts alone, and waits until it says so: a reconciliation under way makes pods anew. */
async function pause(bench: Bench, component: Component, running: readonly Part[]): Promise<void> {
  const operated = running.filter((part) => part.pause !== undefined);
  if (operated.length === 0) return;
  await each(operated, (part) => part.pause?.() ?? Promise.resolve());
  const advice = `is Strimzi's operator there? kubectl -n strimzi get pods. ${again}`;
  await waitFor(bench, { seconds: PAUSED, advice }, async () => {
    const parts = partsOf(await component.look(bench.api)).filter(({ isOff }) => !isOff);
    const waits = parts.filter((part) => part.pause !== undefined && part.isPaused !== true);
    return waits.length > 0 ? `${component.name}: Strimzi does not say yet that it leaves it alone` : undefined;
  });
}

/** Starts a component, its groups from the first to the last; resolves when all of it is ready. */
export async function start(bench: Bench, component: Component): Promise<Done> {
  const { api, memory } = bench;
  const begin = Date.now();
  await allIsThere(bench, component);
  const groups = await component.look(api);
  const lost = lostParts(memory, partsOf(groups));
  if (lost.length > 0) {
    bench.output.note(
      `${component.name} stays stopped: not this command stopped ${some(lost)}, so nobody knows how many pods it had. kubectl scale says it, or the site's file: npm run deploy -- ${bench.site}`,
    );
    return { component: component.name, did: "left stopped", seconds: secondsSince(begin) };
  }
  for (let at = 0; at < groups.length; at++) {
    const parts = (await component.look(api))[at]?.parts ?? [];
    await each(parts, (part) => part.start(memory.get(part.key)));
    await waitUntilUp(bench, component, at, component.startSeconds);
    await memory.forget(parts.map(({ key }) => key));
  }
  return { component: component.name, did: "started", seconds: secondsSince(begin) };
}

/** Names of the parts of a component of which all were stopped by other means: nobody knows with how many pods they start. */
function lostParts(memory: PowerMemory, parts: readonly Part[]): string[] {
  const isLost = parts.every(({ isOff, key, pause }) => isOff && !pause && memory.get(key) === undefined);
  return isLost ? parts.map(({ name }) => name) : [];
}

/** What must run before a component starts. */
async function allIsThere({ api, all, memory, site }: Bench, component: Component): Promise<void> {
  for (const needed of all.filter(({ name }) => component.needs.includes(name))) {
    const condition = conditionOf(await needed.look(api), memory);
    if (condition !== "running")
      throw new UserError(
        `${component.name} is not started: it needs ${needed.name}, which is ${condition}. Start that first: npm run power -- ${site} up ${needed.name}`,
      );
  }
}

/** Restarts a component, its groups in the order in which they start; each pod as its own strategy says. */
export async function restart(bench: Bench, component: Component): Promise<Done> {
  const begin = Date.now();
  const groups = await component.look(bench.api);
  const time = new Date().toISOString();
  for (const [at, { parts, portions = 1 }] of groups.entries()) {
    const running = parts.filter(({ isOff }) => !isOff);
    const size = Math.max(1, Math.ceil(running.length / portions));
    for (let from = 0; from < running.length; from += size) {
      await each(running.slice(from, from + size), (part) => part.restart(time));
      await waitUntilUp(bench, component, at, component.startSeconds);
    }
  }
  return { component: component.name, did: "restarted", seconds: secondsSince(begin) };
}

async function waitUntilUp(bench: Bench, component: Component, at: number, seconds: number): Promise<void> {
  await waitFor(bench, { seconds, advice: adviceFor(component) }, async () => {
    const parts = (await component.look(bench.api))[at]?.parts ?? [];
    const open = parts.filter(({ isUp }) => !isUp);
    if (open.length === 0) return undefined;
    const ready = parts.reduce((sum, one) => sum + one.ready, 0);
    const wanted = parts.reduce((sum, one) => sum + one.wanted, 0);
    return `${component.name}: ${ready} of ${counted(wanted, "pod")} ready; awaited: ${some(open.map(({ name }) => name))}`;
  });
}

const adviceFor = ({ jobsIn }: Component): string => `kubectl -n ${jobsIn} get pods shows why; ${again}`;

/** Requests that are under way at a time: LOVE has more than a hundred programs. */
const AT_ONCE = 8;

async function each(parts: readonly Part[], act: (part: Part) => Promise<void>): Promise<void> {
  for (let from = 0; from < parts.length; from += AT_ONCE)
    await Promise.all(parts.slice(from, from + AT_ONCE).map((part) => act(part)));
}

/** Suspends what a clock starts in the namespaces of these components. */
export async function suspendAround(bench: Bench, components: readonly Component[]): Promise<void> {
  for (const namespace of new Set(components.map(({ jobsIn }) => jobsIn)))
    await suspendJobs(bench.api, bench.memory, namespace, bench);
}

/**
 * Puts right what belongs to no step: where nothing of a namespace is stopped any more, its clock goes on; and what runs is
 * forgotten, with whatever was removed while it was stopped once nothing is.
 */
export async function settle({ all, api, memory }: Bench): Promise<void> {
  const looks = await Promise.all(all.map(async (one) => ({ one, groups: await one.look(api) })));
  const stands = looks.map(({ one, groups }) => {
    const condition = conditionOf(groups, memory);
    const parts = partsOf(groups);
    const is = condition === "running" || condition === "absent";
    // What nobody stopped may be broken for reasons of its own, for as long as it likes.
    const isOn = is || (condition === "not ready" && parts.every(({ key }) => memory.get(key) === undefined));
    return { jobsIn: one.jobsIn, parts, is, isOn };
  });
  for (const namespace of new Set(all.map(({ jobsIn }) => jobsIn)))
    if (stands.every(({ jobsIn, isOn }) => isOn || jobsIn !== namespace)) await resumeJobs(api, memory, namespace);
  const running = stands.filter(({ is }) => is).flatMap(({ parts }) => parts.map(({ key }) => key));
  await memory.forget(running.length > 0 && stands.every(({ is }) => is) ? memory.keys : running);
}
