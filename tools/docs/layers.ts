/** The picture of the layers in docs/architecture.md, made from the synthesized program. */
import type { StackView } from "../../synthesized/stack";
import { insert, marked } from "./marks";
import { crowds, drawnAs, type Part, placedResources } from "../../review/graph/parts";

/** Name of a box; Mermaid knows letters, digits and underlines. */
const id = (...names: string[]): string => names.join("__").replace(/[^A-Za-z0-9_]/g, "_");

/** A part with the sites that have it; several of one name count as one, with their number. */
type Counted = Map<string, { part: Part; counts: Map<string, Set<string>> }>;

/** Parts of the layers over all sites. */
function partsOf(stacks: readonly StackView[]): Map<string, Counted> {
  const layers = new Map<string, Counted>();
  const crowded = crowds(stacks);
  for (const stack of stacks) {
    const layer = layers.get(stack.layer) ?? (new Map() as Counted);
    layers.set(stack.layer, layer);
    for (const { part: own } of placedResources(stack)) {
      const part = { ...own, construct: drawnAs(own.construct, crowded) };
      const known = layer.get(JSON.stringify(part)) ?? { part, counts: new Map<string, Set<string>>() };
      known.counts.set(stack.site, (known.counts.get(stack.site) ?? new Set()).add(own.construct));
      layer.set(JSON.stringify(part), known);
    }
  }
  return layers;
}

/** What is said below a part: how many of it each site has, or which sites have it where not all do. */
function remark(counts: ReadonlyMap<string, ReadonlySet<string>>, sites: number): string {
  const each = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  if (each.some(([, names]) => names.size > 1)) return each.map(([site, names]) => `${site} ${names.size}`).join(", ");
  return each.length < sites ? each.map(([site]) => site).join(", ") : "";
}

/** Mermaid: one box a layer, in it one a namespace, in it the constructs; arrows go the way it is applied. */
export function layersPicture(stacks: readonly StackView[]): string {
  const lines = ["flowchart LR"];
  for (const [layer, parts] of partsOf(stacks)) {
    const here = new Set(stacks.filter((stack) => stack.layer === layer).map(({ site }) => site));
    lines.push(`  subgraph ${id(layer)}["${layer}"]`);
    const namespaces = [...new Set([...parts.values()].map(({ part }) => part.namespace))].sort();
    for (const namespace of namespaces) {
      const indent = namespace ? "      " : "    ";
      if (namespace) lines.push(`    subgraph ${id(layer, namespace)}["${namespace}"]`);
      const own = [...parts.values()].filter(({ part }) => part.namespace === namespace);
      for (const { part, counts } of own.sort((a, b) => (a.part.construct < b.part.construct ? -1 : 1))) {
        const below = remark(counts, here.size);
        const label = `${part.construct}${below && `<br/><i>${below}</i>`}`;
        lines.push(`${indent}${id(layer, namespace, part.construct)}["${label}"]`);
      }
      if (namespace) lines.push("    end");
    }
    lines.push("  end");
  }
  for (const arrow of arrows(stacks)) lines.push(`  ${arrow}`);
  return `\`\`\`mermaid\n${lines.join("\n")}\n\`\`\``;
}

/** Which layer needs which, as the manifest says. */
function arrows(stacks: readonly StackView[]): string[] {
  const layerOf = new Map(stacks.map((stack) => [stack.name, stack.layer]));
  return [
    ...new Set(
      stacks.flatMap((stack) =>
        stack.dependencies.map((name) => `${id(layerOf.get(name) ?? name)} -->|then| ${id(stack.layer)}`),
      ),
    ),
  ].sort();
}

/** Puts the picture between the markers of a text; a text without them gets both at its end. */
export function insertLayers(text: string, picture: string): string {
  return insert(text, "layers", picture) ?? `${text || "# Architecture\n"}\n${marked("layers", picture)}\n`;
}
