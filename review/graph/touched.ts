/** What a review touches in the picture of a site. */
import { type Review, type Risk, RISKS, worst } from "../model/model";
import { risksOf } from "../model/tally";
import type { GraphNode, SiteGraph } from "./model";

/** What happens to a node. */
export interface Touch {
  /** The worst of it. */
  readonly risk: Risk;
  /** Everything, the worst first, each risk as often as the review says it. */
  readonly risks: readonly Risk[];
}

/** Name of the node for changes of constructs that are no longer in the program. */
const GONE = "no longer in the program";

/** A picture with what a review touches, by the id of the node. */
export interface PaintedGraph extends SiteGraph {
  readonly touched: ReadonlyMap<string, Touch>;
}

/** Lays a review over the picture of its site; a layer with changes of removed constructs gets a node for them. */
export function painted(graph: SiteGraph, review?: Review): PaintedGraph {
  const found = new Map<string, Risk[]>();
  const gone: GraphNode[] = [];
  for (const { stack, layer, changes } of review?.layers ?? []) {
    const nodes = graph.nodes.filter((node) => node.stack === stack);
    const nodeOf = new Map(nodes.flatMap(({ id, addresses }) => addresses.map((one) => [one, id] as const)));
    // A namespace is no node, but a frame.
    const lost = `${stack}//${GONE}`;
    for (const change of changes) {
      const { address, action } = change;
      const id = nodeOf.get(address) ?? (action === "delete" || action === "forget" ? lost : undefined);
      if (id !== undefined) found.set(id, [...(found.get(id) ?? []), ...risksOf(change)]);
    }
    if (found.has(lost))
      gone.push({ id: lost, stack, layer, namespace: "", name: GONE, count: 1, addresses: [], holdsData: false });
  }
  return {
    ...graph,
    nodes: [...graph.nodes, ...gone],
    touched: new Map([...found].map(([id, risks]) => [id, { risk: worst(risks), risks }])),
  };
}

function timesOf(risks: readonly Risk[]): string[] {
  return RISKS.flatMap((risk) => {
    const times = risks.filter((one) => one === risk).length;
    return times > 0 ? [`${times} × ${risk}`] : [];
  });
}

/** The two lines of a node: its name, and how many there are and what is done. */
export function nodeLines({ touched }: PaintedGraph, { id, name, count }: GraphNode): string[] {
  const touch = touched.get(id);
  const below = [
    ...(count > 1 ? [`${count}`] : []),
    ...(touch && count === 1 && touch.risks.length === 1 ? touch.risks : timesOf(touch?.risks ?? [])),
  ];
  return below.length > 0 ? [name, below.join(", ")] : [name];
}

/** Nodes by stack and namespace, in the order of the layers and of the names. */
export function frames({ layers, nodes }: SiteGraph): {
  stack: string;
  layer: string;
  namespaces: { namespace: string; nodes: GraphNode[] }[];
}[] {
  return layers.map(({ stack, layer }) => {
    const own = nodes.filter((node) => node.stack === stack);
    const names = [...new Set(own.map(({ namespace }) => namespace))].sort();
    return {
      stack,
      layer,
      namespaces: names.map((namespace) => ({ namespace, nodes: own.filter((one) => one.namespace === namespace) })),
    };
  });
}
