/** What a site consists of, and what talks to what, read from its synthesized stacks. */
import { type Block, isOwnChart, type StackView } from "../../synthesized/stack";
import { dataEdges } from "./data-edges";
import type { GraphEdge, Member, SiteGraph } from "./model";
import { crowds, drawnAs, placedResources } from "./parts";

/** Reads the picture of one site. */
export function siteGraph(stacks: readonly StackView[]): SiteGraph {
  const members = stacks.flatMap(membersOf);
  const data = dataEdges(members);
  const joined = new Set(data.flatMap(({ from, to }) => [pair(from, to), pair(to, from)]));
  // Between two nodes with a line of data no other line is drawn.
  const needs = reduced(members.flatMap((member) => needsOf(member, members))).filter(
    ({ from, to }) => !joined.has(pair(from, to)),
  );
  return {
    site: stacks[0]?.site ?? "",
    layers: stacks.map(({ name, layer, dependencies }) => ({ stack: name, layer, after: dependencies })),
    nodes: members.map(({ blocks: _, ...node }) => node),
    edges: [...data, ...needs],
  };
}

const pair = (from: string, to: string) => JSON.stringify([from, to]);

function membersOf(stack: StackView): Member[] {
  const crowded = crowds([stack]);
  const nodes = new Map<string, { namespace: string; name: string; constructs: Set<string>; blocks: Block[] }>();
  for (const { block, part } of placedResources(stack)) {
    const name = drawnAs(part.construct, crowded);
    const id = `${stack.name}/${part.namespace}/${name}`;
    const node = nodes.get(id) ?? { namespace: part.namespace, name, constructs: new Set(), blocks: [] };
    node.constructs.add(part.construct);
    node.blocks.push(block);
    nodes.set(id, node);
  }
  return [...nodes].map(([id, { namespace, name, constructs, blocks }]) => ({
    id,
    stack: stack.name,
    layer: stack.layer,
    namespace,
    name,
    count: constructs.size,
    addresses: blocks.map(({ address }) => address),
    holdsData: blocks.some(holdsData),
    blocks,
  }));
}

function holdsData({ type, body }: Block): boolean {
  if (type === "kubernetes_persistent_volume_claim_v1" || type === "docker_volume") return true;
  return type === "helm_release" && isOwnChart(body) && JSON.stringify(body["values"]).includes("deleteClaim");
}

const REFERENCE = /\$\{([a-z][a-z0-9_]*\.[A-Za-z0-9_-]+)/g;

function needsOf(member: Member, members: readonly Member[]): GraphEdge[] {
  const named = member.blocks.flatMap(({ body }) => {
    const { depends_on: after, ...rest } = body;
    const references = [...JSON.stringify(rest).matchAll(REFERENCE)].map(([, address]) => address);
    return [...((after ?? []) as string[]), ...references];
  });
  const targets = members.filter(
    ({ id, stack, addresses }) =>
      stack === member.stack && id !== member.id && addresses.some((address) => named.includes(address)),
  );
  return targets.map(({ id }) => ({ from: member.id, to: id, kind: "needs" }));
}

/** The edges without those that others imply: what needs B, where B needs C, needs C. */
function reduced(edges: readonly GraphEdge[]): GraphEdge[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to]);
  const reaches = (from: string, to: string, seen: Set<string>): boolean =>
    (next.get(from) ?? []).some((one) => {
      if (one === to) return true;
      if (seen.has(one)) return false;
      seen.add(one);
      return reaches(one, to, seen);
    });
  return edges.filter(
    ({ from, to }) =>
      !(next.get(from) ?? []).some((one) => one !== to && one !== from && reaches(one, to, new Set([from]))),
  );
}
