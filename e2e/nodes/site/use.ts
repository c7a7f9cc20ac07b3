/** What containers and nodes of the site take while something is done. */
import { setTimeout as sleep } from "node:timers/promises";
import { inside, type Json } from "../../../synthesized/stack";
import { type Reading, readNodes } from "./node-use";
import type { RunningSite } from "./running-site";

/** Seconds between two readings: a kubelet measures its containers as often. */
const PAUSE = 10;

/** What something takes. */
export interface Use {
  /** On average. */
  readonly cores: number;
  /** Working set, at most. */
  readonly bytes: number;
}

/** What all take, by `namespace/pod/container`; a node by its name. */
export type Uses = ReadonlyMap<string, Use>;

/** Readings of a summary of a kubelet. What it says of its node is left out: in a container it takes the machine for it. */
export function readingsIn(summary: unknown): Map<string, Reading> {
  const pods = (inside(summary, "pods") ?? []) as Json[];
  return new Map(
    pods.flatMap((pod) =>
      ((pod["containers"] ?? []) as Json[]).map((one): [string, Reading] => [
        [inside(pod, "podRef", "namespace"), inside(pod, "podRef", "name"), one["name"]].map(String).join("/"),
        {
          spent: Number(inside(one, "cpu", "usageCoreNanoSeconds") ?? 0),
          at: Date.parse(String(inside(one, "cpu", "time"))),
          bytes: Number(inside(one, "memory", "workingSetBytes") ?? 0),
        },
      ]),
    ),
  );
}

/** What was taken from the first reading to the last. What was not there at both, or started anew between them, is left out. */
export function useOver(readings: readonly ReadonlyMap<string, Reading>[]): Uses {
  return new Map(
    [...(readings.at(-1) ?? [])].flatMap(([name, { spent, at }]): [string, Use][] => {
      const [first, last] = [readings[0]?.get(name), { spent, at }];
      if (!first || last.at <= first.at || last.spent < first.spent) return [];
      const bytes = Math.max(...readings.map((one) => one.get(name)?.bytes ?? 0));
      return [[name, { cores: (last.spent - first.spent) / 1e6 / (last.at - first.at), bytes }]];
    }),
  );
}

async function read(site: RunningSite): Promise<Map<string, Reading>> {
  const nodes = await site.api.list("/api/v1/nodes");
  const paths = nodes.map(({ metadata: { name } }) => `/api/v1/nodes/${name}/proxy/stats/summary`);
  const [own, ...summaries] = await Promise.all([readNodes(site), ...paths.map((path) => site.api.get(path))]);
  return new Map([...own, ...summaries.flatMap((one) => [...readingsIn(one)])]);
}

/** What everything takes while something is done. */
export async function useDuring(site: RunningSite, act: () => Promise<void>): Promise<Uses> {
  const readings = [await read(site)];
  const ended = new AbortController();
  const watched = watch(site, readings, ended.signal);
  try {
    await act();
  } finally {
    ended.abort();
    await watched;
  }
  return useOver([...readings, await read(site)]);
}

/** Reads again and again; a reading that fails is left out. */
async function watch(site: RunningSite, readings: Map<string, Reading>[], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sleep(PAUSE * 1000, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const next = await read(site).catch(() => undefined);
    if (next) readings.push(next);
  }
}
