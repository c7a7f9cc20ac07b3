/** The picture of a site as SVG, laid out by Graphviz. */
import { type Attributes, instance } from "@viz-js/viz";
import { short, visible } from "../render/show";
import { escaped, slug } from "../render/html";
import { LEGEND } from "../model/legend";
import { style } from "../render/html/style";
import { frames, nodeLines, type PaintedGraph } from "./touched";

/** A font with broad letters: a name fits into its box in any font of a browser. */
const FONT = "Verdana";
/** Characters of a name in a box. */
const MOST_OF_A_NAME = 60;

/** Graphviz reads a backslash as an escape. */
const text = (name: string) => short(visible(name), MOST_OF_A_NAME).replaceAll("\\", "\\\\") || " ";

/** SVG to stand in a page that has the style `graph`. */
export async function svgPicture(graph: PaintedGraph): Promise<string> {
  const viz = await instance();
  const drawn = viz.renderString(described(graph), { format: "svg", engine: "dot" });
  const svg = drawn
    .slice(drawn.indexOf("<svg"))
    .replace(/<!--[\s\S]*?-->\n?/g, "")
    // A title would show the inner names of nodes and lines.
    .replace(/<title>[\s\S]*?<\/title>\n?/g, "")
    .replace(/ (fill|stroke|font-family)="(?!none)[^"]*"/g, "");
  const touched = graph.touched.size;
  const says = `${graph.site}: ${graph.nodes.length} parts in ${graph.layers.length} layers${touched > 0 ? `, ${touched} of them change` : ""}`;
  return svg.replace("<svg ", `<svg class="site-graph" role="img" aria-label="${escaped(says)}" `);
}

/** An {@link svgPicture} as a file of its own, with its colours for light and dark. */
export function svgFile(picture: string): string {
  return picture.replace(/(<svg [^>]*>)/, (head) => `${head}\n<style>${style("colours", "graph")}</style>`);
}

function described(graph: PaintedGraph) {
  const ids = new Map(graph.nodes.map(({ id }, i) => [id, `n${i}`]));
  // Lines of data decide what stands above what.
  const flowing = new Set(graph.edges.flatMap(({ from, to, kind }) => (kind === "data" ? [from, to] : [])));
  const lines = graph.edges.map(({ from, to, kind }) => {
    const [tail, head] = kind === "data" ? [from, to] : [to, from];
    const attributes: Attributes =
      kind === "needs"
        ? { class: kind, style: "dashed", constraint: !flowing.has(from) || !flowing.has(to) }
        : { class: kind, weight: 4 };
    return { tail: ids.get(tail) ?? "", head: ids.get(head) ?? "", attributes };
  });
  return {
    graphAttributes: {
      ...SPACING,
      rankdir: "TB",
      newrank: true,
      compound: true,
      bgcolor: "transparent",
      // Each line is aligned to the left.
      label: `${LEGEND.join("\\l")}\\l`,
      labeljust: "l",
      fontsize: 9,
      fontname: FONT,
    },
    nodeAttributes: { fontname: FONT, fontsize: 11, shape: "box", style: "rounded", height: 0.36, margin: "0.12,0.06" },
    edgeAttributes: { arrowsize: 0.6 },
    edges: [...lines, ...layerEdges(graph, ids)],
    subgraphs: frames(graph).map((frame, i) => layerFrame(graph, frame, i, ids)),
  };
}

const SPACING = { nodesep: 0.12, ranksep: 0.28 };

function layerFrame(
  graph: PaintedGraph,
  { layer, namespaces }: ReturnType<typeof frames>[number],
  i: number,
  ids: ReadonlyMap<string, string>,
) {
  const look = { fontname: FONT, margin: 10, style: "rounded", labeljust: "l" };
  return {
    name: `cluster_${i}`,
    graphAttributes: { ...look, label: text(layer), class: "layer", fontsize: 13 },
    nodes: [top(i), bottom(i)].map((name) => ({
      name,
      attributes: { style: "invis", shape: "point", width: 0.01, height: 0.01 },
    })),
    subgraphs: namespaces.map(({ namespace, nodes }, j) => ({
      // Graphviz frames a subgraph whose name begins with "cluster".
      name: namespace ? `cluster_${i}_${j}` : `plain_${i}_${j}`,
      graphAttributes: namespace ? { ...look, label: text(namespace), class: "namespace", fontsize: 10 } : {},
      nodes: nodes.map((node) => {
        const risk = graph.touched.get(node.id)?.risk;
        return {
          name: ids.get(node.id) ?? "",
          attributes: {
            label: nodeLines(graph, node).map(text).join("\\n"),
            class: risk === undefined ? "part" : `part touched ${slug(risk)}`,
            ...(node.holdsData ? { shape: "cylinder", style: "solid", height: 0.5 } : {}),
          },
        };
      }),
    })),
  };
}

/** Invisible points above and below the nodes of a layer: they keep the layers in order. */
const top = (i: number) => `top${i}`;
const bottom = (i: number) => `bottom${i}`;

/** An arrow from each layer to the next, and invisible edges that keep the nodes of a layer between its two points. */
function layerEdges({ layers, nodes }: PaintedGraph, ids: ReadonlyMap<string, string>) {
  const unseen = { style: "invis", weight: 0 };
  const inside = layers.flatMap(({ stack }, i) =>
    nodes
      .filter((node) => node.stack === stack)
      .map(({ id }) => ids.get(id) ?? "")
      .flatMap((name) => [
        { tail: top(i), head: name, attributes: unseen },
        { tail: name, head: bottom(i), attributes: unseen },
      ]),
  );
  const between = layers.flatMap(({ after }, to) =>
    layers.flatMap(({ stack }, from) =>
      after.includes(stack)
        ? [
            {
              tail: bottom(from),
              head: top(to),
              attributes: {
                class: "then",
                ltail: `cluster_${from}`,
                lhead: `cluster_${to}`,
                penwidth: 2,
                arrowsize: 1,
              },
            },
          ]
        : [],
    ),
  );
  return [...inside, ...between];
}
