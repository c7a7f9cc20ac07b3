/** What the containers of the site take of the nodes, as their kubelets measure it. */
import { inside, type Json } from "../../../synthesized/stack";
import type { RunningSite } from "./running-site";

/** What something takes. */
export interface Use {
  readonly cores: number;
  /** Working set. */
  readonly bytes: number;
}

/** What all take, by `namespace/pod/container`; a node by its name. */
export type Uses = ReadonlyMap<string, Use>;

/** A reading: nanoseconds of a core since the start, and when that was read. */
interface Reading {
  readonly spent: number;
  readonly at: number;
  readonly bytes: number;
}

/** Readings of a summary of a kubelet. */
export function readingsIn(summary: unknown): Map<string, Reading> {
  const reading = (of: unknown): Reading => ({
    spent: Number(inside(of, "cpu", "usageCoreNanoSeconds") ?? 0),
    at: Date.parse(String(inside(of, "cpu", "time"))),
    bytes: Number(inside(of, "memory", "workingSetBytes") ?? 0),
  });
  const pods = (inside(summary, "pods") ?? []) as Json[];
  const containers = pods.flatMap((pod) =>
    ((pod["containers"] ?? []) as Json[]).map((one): [string, Reading] => {
      const [namespace, name] = [inside(pod, "podRef", "namespace"), inside(pod, "podRef", "name")];
      return [[namespace, name, one["name"]].map(String).join("/"), reading(one)];
    }),
  );
  return new Map([...containers, [String(inside(summary, "node", "nodeName")), reading(inside(summary, "node"))]]);
}

/** What was taken between two readings. A container that was not there at both is left out. */
export function useBetween(first: ReadonlyMap<string, Reading>, second: ReadonlyMap<string, Reading>): Uses {
  return new Map(
    [...second].flatMap(([name, { spent, at, bytes }]): [string, Use][] => {
      const before = first.get(name);
      if (!before || at <= before.at || spent < before.spent) return [];
      return [[name, { cores: (spent - before.spent) / 1e6 / (at - before.at), bytes }]];
    }),
  );
}

async function read(site: RunningSite): Promise<Map<string, Reading>> {
  const nodes = await site.api.list("/api/v1/nodes");
  const paths = nodes.map(({ metadata: { name } }) => `/api/v1/nodes/${name}/proxy/stats/summary`);
  const summaries = await Promise.all(paths.map((path) => site.api.get(path)));
  return new Map(summaries.flatMap((one) => [...readingsIn(one)]));
}

/** What everything takes while something is done. */
export async function useDuring(site: RunningSite, act: () => Promise<void>): Promise<Uses> {
  const first = await read(site);
  await act();
  return useBetween(first, await read(site));
}
