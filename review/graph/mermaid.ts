/** The picture of a site in Mermaid, which GitHub draws. */
import { RISKS } from "../model/model";
import { visible } from "../render/show";
import { frames, nodeLines, type PaintedGraph } from "./touched";

/** Colours that are legible on a light and on a dark page. */
const COLOURS = ["#b3261e", "#a84300", "#7a5d00", "#6b3fb5", "#566073"] as const;

/** A text in a box: characters with a meaning in Mermaid or HTML are written as numbers. */
const boxText = (text: string) =>
  visible(text).replace(/[^\p{L}\p{N} .,/()…×·_-]/gu, (sign) => `#${sign.codePointAt(0)};`);

const label = (text: string) => `"${boxText(text) || " "}"`;

/** A flow chart: frames are layers and namespaces; thick lines are data, dotted ones say what is applied after what. */
export function mermaidPicture(graph: PaintedGraph): string {
  const lines = ["flowchart LR"];
  const ids = new Map(graph.nodes.map(({ id }, i) => [id, `n${i}`]));
  const stacks = new Map(graph.layers.map(({ stack }, i) => [stack, `l${i}`]));
  frames(graph).forEach(({ stack, layer, namespaces }, i) => {
    lines.push(`  subgraph ${stacks.get(stack)}[${label(layer)}]`);
    namespaces.forEach(({ namespace, nodes }, j) => {
      if (namespace) lines.push(`    subgraph l${i}n${j}[${label(namespace)}]`);
      for (const node of nodes) {
        const text = `"${nodeLines(graph, node).map(boxText).join("<br/>")}"`;
        lines.push(`      ${ids.get(node.id)}${node.holdsData ? `[(${text})]` : `[${text}]`}`);
      }
      if (namespace) lines.push("    end");
    });
    lines.push("  end");
  });
  for (const { from, to, kind } of graph.edges)
    lines.push(kind === "data" ? `  ${ids.get(from)} ==> ${ids.get(to)}` : `  ${ids.get(to)} -.-> ${ids.get(from)}`);
  for (const { stack, after } of graph.layers)
    for (const before of after)
      if (stacks.has(before)) lines.push(`  ${stacks.get(before)} -->|then| ${stacks.get(stack)}`);
  RISKS.forEach((risk, i) => {
    const nodes = [...graph.touched].filter(([, touch]) => touch.risk === risk).map(([id]) => ids.get(id));
    if (nodes.length === 0) return;
    lines.push(
      `  classDef r${i} fill:${COLOURS[i]},stroke:${COLOURS[i]},color:#ffffff`,
      `  class ${nodes.join(",")} r${i}`,
    );
  });
  return lines.join("\n");
}
