/** Who may connect to what, in docs/security.md, made from the synthesized program. */
import { ingressPoliciesIn, type IngressPolicy, type PodSet } from "../../synthesized/network-policy";
import { inside, type StackView } from "../../synthesized/stack";
import { insert } from "./marks";
import { table } from "./table";

/** What people call pods with these labels. */
function named(labels: PodSet["pods"]): string {
  const { "app.kubernetes.io/instance": instance, "app.kubernetes.io/name": name, ...others } = labels;
  const own = instance ?? name;
  const rest = Object.entries(others).map(([key, value]) => `\`${key}=${value}\``);
  return [...(own === undefined ? [] : [`\`${own}\``]), ...rest].join(", ");
}

function peer({ namespaces, pods }: PodSet, own: string): string {
  const which = named(pods);
  if (namespaces === undefined) return which || `all of \`${own}\``;
  const where = namespaces["kubernetes.io/metadata.name"];
  const place = where === undefined ? "any namespace" : `\`${where}\``;
  return which ? `${which} of ${place}` : `all of ${place}`;
}

/** Rows of a policy: namespace, pods, ports, who may connect. */
function rowsOf({ namespace, pods, openings }: IngressPolicy): string[][] {
  const head = [`\`${namespace}\``, named(pods) || "all"];
  if (openings.length === 0) return [[...head, "every", "nobody"]];
  return openings.map(({ from, ports }) => [
    ...head,
    ports?.join(", ") ?? "every",
    from?.map((one) => peer(one, namespace)).join("; ") ?? "everybody",
  ]);
}

/** Namespaces of any site whose pods no policy closes. */
function openNamespaces(stacks: readonly StackView[]): string[] {
  const closed = new Set(stacks.flatMap(ingressPoliciesIn).map(({ namespace }) => namespace));
  const all = stacks.flatMap((stack) => stack.resources("kubernetes_namespace_v1"));
  const names = all.map(({ body }) => String(inside(body["metadata"], "name")));
  return [...new Set(names)].filter((name) => !closed.has(name)).sort();
}

/** One row for what a site lets in, and the sites that have it; then the namespaces that let everybody in. */
export function reachTable(stacks: readonly StackView[]): string {
  const rows = new Map<string, { readonly row: readonly string[]; readonly sites: Set<string> }>();
  for (const stack of stacks)
    for (const row of ingressPoliciesIn(stack).flatMap(rowsOf)) {
      const known = rows.get(row.join("|")) ?? { row, sites: new Set() };
      known.sites.add(stack.site);
      rows.set(row.join("|"), known);
    }
  const all = new Set(stacks.map(({ site }) => site)).size;
  const lines = [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  const open = openNamespaces(stacks).map((name) => `\`${name}\``);
  const written = table(
    ["namespace", "pods", "port", "who may connect", "sites"],
    lines.map(({ row, sites }) => [...row, sites.size === all ? "all" : [...sites].join(", ")]),
  );
  return `${written}\n\nNo policy, and so open to every pod of the cluster: ${open.join(", ")}.`;
}

/** The document with the table between its marks. */
export function insertReach(text: string, stacks: readonly StackView[]): string {
  const written = insert(text, "reach", reachTable(stacks));
  if (written === undefined) throw new Error("docs/security.md has no marks of the generated list of who may connect");
  return written;
}
