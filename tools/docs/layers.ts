/** The picture of the layers in docs/architecture.md, made from the synthesized program. */
import { inside, type Json, type StackView } from "../../cli/lib/stack-view";

const BEGIN = "<!-- generated:layers -->";
const END = "<!-- /generated:layers -->";

/** What stands in a layer: a construct and the namespace it lives in. */
interface Part {
  readonly construct: string;
  readonly namespace: string;
}

/** A part with the sites that have it; several of one name count as one, with their number. */
type Counted = Map<string, { part: Part; counts: Map<string, Set<string>> }>;

/** More constructs than this with one first word are drawn as one. */
const SEVERAL = 4;

/** Namespace of a resource; empty where it has none. */
function namespaceOf(type: string, body: Json): string {
  if (type === "kubernetes_namespace_v1") return String(inside(body, "metadata", "name"));
  return String(body["namespace"] ?? inside(body, "metadata", "namespace") ?? "");
}

/** The construct right below the stack that made a resource. */
function constructOf(body: Json): string | undefined {
  return String(inside(body, "//", "metadata", "path")).split("/")[1];
}

const firstWord = (construct: string) => `${construct.split("-")[0]}-`;

/** First words, with their hyphen, that more than {@link SEVERAL} constructs of one stack begin with. */
function crowds(stacks: readonly StackView[]): Set<string> {
  return new Set(
    stacks.flatMap((stack) => {
      const names = [...new Set(stack.resources().map(({ body }) => constructOf(body) ?? ""))];
      return names.map(firstWord).filter((word) => names.filter((one) => one.startsWith(word)).length > SEVERAL);
    }),
  );
}

/** Parts of the layers over all sites. */
function partsOf(stacks: readonly StackView[]): Map<string, Counted> {
  const layers = new Map<string, Counted>();
  const crowded = crowds(stacks);
  for (const stack of stacks) {
    const layer = layers.get(stack.layer) ?? (new Map() as Counted);
    layers.set(stack.layer, layer);
    const parts = stack
      .resources()
      .filter(({ type }) => type !== "kubernetes_namespace_v1")
      .map(({ type, body }) => ({ construct: constructOf(body) ?? "", namespace: namespaceOf(type, body) }));
    const placed = new Set(parts.filter(({ namespace }) => namespace).map(({ construct }) => construct));
    for (const { construct, namespace } of parts) {
      if (!construct || (!namespace && placed.has(construct))) continue;
      const word = firstWord(construct);
      const part = { construct: crowded.has(word) ? `${word}…` : construct, namespace };
      const known = layer.get(JSON.stringify(part)) ?? { part, counts: new Map<string, Set<string>>() };
      known.counts.set(stack.site, (known.counts.get(stack.site) ?? new Set()).add(construct));
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

const id = (...names: string[]) => names.join("__").replace(/[^A-Za-z0-9_]/g, "_");

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
  const whole = `${BEGIN}\n\n${picture}\n\n${END}`;
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin >= 0 && end > begin) return text.slice(0, begin) + whole + text.slice(end + END.length);
  return `${text || "# Architecture\n"}\n${whole}\n`;
}
