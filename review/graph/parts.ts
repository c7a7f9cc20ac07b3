/** What stands in a stack, as pictures show it: constructs, each in the namespace it lives in. */
import { type Block, inside, type Json, type StackView } from "../../synthesized/stack";

/** A construct and the namespace it lives in; empty where it has none. */
export interface Part {
  readonly construct: string;
  readonly namespace: string;
}

/** More constructs than this with one first word are drawn as one. */
const SEVERAL = 4;

/** A role stands in the namespace that it gives rights in, which is not that of its program. */
const RIGHTS = ["kubernetes_role_v1", "kubernetes_role_binding_v1"];

function namespaceOf({ type, body }: Block): string {
  if (RIGHTS.includes(type)) return "";
  return String(body["namespace"] ?? inside(body, "metadata", "namespace") ?? "");
}

/** The construct right below the stack that made a resource. */
function constructOf(body: Json): string {
  return String(inside(body, "//", "metadata", "path")).split("/")[1] ?? "";
}

const firstWord = (construct: string) => `${construct.split("-")[0]}-`;

/** First words, with their hyphen, that more than {@link SEVERAL} constructs of one stack begin with. */
export function crowds(stacks: readonly StackView[]): Set<string> {
  return new Set(
    stacks.flatMap((stack) => {
      const names = [...new Set(stack.resources().map(({ body }) => constructOf(body)))];
      return names.map(firstWord).filter((word) => names.filter((one) => one.startsWith(word)).length > SEVERAL);
    }),
  );
}

/** Name under which a construct is drawn: its own, or that of its crowd. */
export function drawnAs(construct: string, crowded: ReadonlySet<string>): string {
  return crowded.has(firstWord(construct)) ? `${firstWord(construct)}…` : construct;
}

/**
 * Every resource of a stack but its namespaces, with the part that it belongs to. Rights and resources without a
 * namespace belong to the first namespace of their construct.
 */
export function placedResources(stack: StackView): { block: Block; part: Part }[] {
  const found = stack
    .resources()
    .filter(({ type, body }) => type !== "kubernetes_namespace_v1" && constructOf(body) !== "")
    .map((block) => ({ block, part: { construct: constructOf(block.body), namespace: namespaceOf(block) } }));
  const home = new Map<string, string>();
  for (const { part } of found)
    if (part.namespace && !home.has(part.construct)) home.set(part.construct, part.namespace);
  return found.map(({ block, part }) => ({
    block,
    part: { ...part, namespace: part.namespace || (home.get(part.construct) ?? "") },
  }));
}
