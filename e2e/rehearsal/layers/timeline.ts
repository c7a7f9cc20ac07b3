/** When each resource of a layer was made: what took long, what waited for what, what ran at the same time. */
import type { OnEvent } from "../../../cli/shared/terraform/terraform";
import type { StackView } from "../../../synthesized/stack";

/** A resource with the seconds that it took. */
export interface Step {
  readonly address: string;
  readonly seconds: number;
}

/** From when to when Terraform worked on a resource, in milliseconds. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What the times of an apply say. */
export interface Times {
  /** Seconds from the first resource's start to the last one's end. */
  readonly apply: number;
  /** The chain of resources that waited for one another and took longest, first one first. */
  readonly chain: readonly Step[];
  /** The release, workload or Job that took longest; undefined where there is none. */
  readonly slowest?: Step;
  /** The release that took longest; undefined where there is none. */
  readonly slowestRelease?: Step;
  readonly releasesAtOnce: number;
  readonly releases: number;
  /** Longest time that a release waited although all it needs was there, with the release; undefined without releases. */
  readonly idle?: Step;
}

const seconds = (milliseconds: number): number => Math.round(milliseconds / 100) / 10;

/** Notes when resources start and end. */
export class Timeline {
  private readonly started = new Map<string, number>();
  readonly spans = new Map<string, Span>();

  readonly onEvent: OnEvent = ({ type, hook }) => {
    const address = hook?.resource.addr;
    if (address === undefined) return;
    if (type === "apply_start") this.started.set(address, Date.now());
    const start = this.started.get(address);
    if (type === "apply_complete" && start !== undefined) this.spans.set(address, { start, end: Date.now() });
  };
}

/** Which resources of a stack each resource refers to or depends on. */
export function dependenciesOf(stack: Pick<StackView, "resources">): Map<string, Set<string>> {
  const resources = stack.resources();
  const known = new Set(resources.map(({ address }) => address));
  return new Map(
    resources.map(({ address, body }) => {
      const words = JSON.stringify(body).match(/[a-z][a-z0-9_]*\.[A-Za-z_][\w-]*/g) ?? [];
      return [address, new Set(words.filter((word) => word !== address && known.has(word)))];
    }),
  );
}

/** The chain of dependencies that took longest. */
function longestChain(spans: ReadonlyMap<string, Span>, needs: ReadonlyMap<string, ReadonlySet<string>>): Step[] {
  const best = new Map<string, { total: number; before?: string }>();
  const visit = (address: string): number => {
    const known = best.get(address);
    if (known) return known.total;
    const span = spans.get(address);
    const own = span ? span.end - span.start : 0;
    best.set(address, { total: own });
    let chosen: { total: number; before?: string } = { total: own };
    for (const need of needs.get(address) ?? []) {
      const total = visit(need) + own;
      if (total > chosen.total) chosen = { total, before: need };
    }
    best.set(address, chosen);
    return chosen.total;
  };
  let last: string | undefined;
  for (const address of spans.keys()) if (last === undefined || visit(address) > visit(last)) last = address;
  const chain: Step[] = [];
  for (let at = last; at !== undefined; at = best.get(at)?.before) {
    const span = spans.get(at);
    if (span) chain.unshift({ address: at, seconds: seconds(span.end - span.start) });
  }
  return chain;
}

/** How long a release waited although everything that it needs was there. */
function idleTimes(spans: ReadonlyMap<string, Span>, needs: ReadonlyMap<string, ReadonlySet<string>>): Step[] {
  const begin = Math.min(...[...spans.values()].map(({ start }) => start));
  return [...spans].map(([address, { start }]) => {
    const ends = [...(needs.get(address) ?? [])].flatMap((need) => spans.get(need)?.end ?? []);
    return { address, seconds: seconds(Math.max(0, start - Math.max(begin, ...ends))) };
  });
}

function atOnce(spans: readonly Span[]): number {
  return Math.max(
    0,
    ...spans.map(({ start }) => spans.filter((other) => other.start <= start && start < other.end).length),
  );
}

/** What has pods that Terraform waits for. */
const HAS_PODS = /^(helm_release|kubernetes_(deployment|stateful_set|daemon_set|job)_v1)\./;
const isRelease = ([address]: readonly [string, unknown]): boolean => address.startsWith("helm_release.");
const longest = (steps: readonly Step[]): Step | undefined =>
  steps.reduce<Step | undefined>(
    (most, one) => (most === undefined || one.seconds > most.seconds ? one : most),
    undefined,
  );

/** What these times say; all zero where nothing was made. */
export function timesOf(stack: Pick<StackView, "resources">, spans: ReadonlyMap<string, Span>): Times {
  if (spans.size === 0) return { apply: 0, chain: [], releasesAtOnce: 0, releases: 0 };
  const needs = dependenciesOf(stack);
  const all = [...spans.values()];
  const releases = [...spans].filter(isRelease);
  const taken = (some: readonly (readonly [string, Span])[]): Step[] =>
    some.map(([address, { start, end }]) => ({ address, seconds: seconds(end - start) }));
  return {
    apply: seconds(Math.max(...all.map(({ end }) => end)) - Math.min(...all.map(({ start }) => start))),
    chain: longestChain(spans, needs),
    slowest: longest(taken([...spans].filter(([address]) => HAS_PODS.test(address)))),
    slowestRelease: longest(taken(releases)),
    releasesAtOnce: atOnce(releases.map(([, span]) => span)),
    releases: releases.length,
    idle: longest(idleTimes(spans, needs).filter(({ address }) => isRelease([address, undefined]))),
  };
}
