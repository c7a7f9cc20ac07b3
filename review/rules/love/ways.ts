/** Ways between LOVE's programs that network policies open. */
import { isBranch, isList, type Tree } from "../../model/tree";
import { type Resource, sides } from "../../read/resources";
import { at, listAt, textAt } from "../reading";
import { onUpdate, type ResourceFinding, type Rule } from "../rule";
import { isLove } from "./parts";

/** Somebody who may connect, and where. */
interface Way {
  /** In words; undefined where it is everybody. */
  readonly from: string | undefined;
  readonly port: string;
}

/** Labels that say what a pod is, the one that says most first. */
const TELLING = ["app.kubernetes.io/instance", "app.kubernetes.io/name"];

function labelIn(selector: Tree | undefined): string | undefined {
  const labels = at(selector, "match_labels");
  if (!isBranch(labels)) return undefined;
  const key = [...TELLING, ...Object.keys(labels)].find((one) => Object.hasOwn(labels, one));
  return key === undefined ? undefined : textAt(labels, key);
}

function peerInWords(peer: Tree): string {
  const [namespace, pods] = ["namespace_selector", "pod_selector"].map((key) => at(peer, key));
  const block = textAt(peer, "ip_block", "cidr");
  const of = labelIn(pods) ?? "every pod";
  const inside = labelIn(namespace);
  // The provider writes an empty list for a selector that is not there.
  const isOwn = namespace === undefined || namespace === null || (isList(namespace) && namespace.length === 0);
  return block ?? (isOwn ? of : `${of} of ${inside ?? "every namespace"}`);
}

function waysOf(side: Tree | undefined): Way[] {
  return listAt(side, "spec", "ingress").flatMap((rule) => {
    const peers = listAt(rule, "from");
    const ports = listAt(rule, "ports").map((one) => textAt(one, "port") ?? "any");
    const from = peers.length === 0 ? [undefined] : peers.map(peerInWords);
    return from.flatMap((one) => (ports.length === 0 ? ["any"] : ports).map((port) => ({ from: one, port })));
  });
}

const opens = (way: Way, lost: Way): boolean =>
  (way.from === undefined || way.from === lost.from) && (way.port === "any" || way.port === lost.port);

function policySays(resource: Resource): ResourceFinding | undefined {
  if (!isLove(resource)) return undefined;
  const [was, is] = sides(resource, waysOf);
  const lost = was.filter((way) => !is.some((one) => opens(one, way)));
  if (lost.length === 0) return undefined;
  const words = [...new Set(lost.map(({ from, port }) => `${from ?? "everybody"} at port ${port}`))];
  return {
    what: `${resource.label} no longer lets in ${words.join(", ")}`,
    why: "what is on its way is dropped without an answer: a manager that waits for the commander answers nobody meanwhile, and a producer or a manager without Redis brings nothing",
    remedy: "let in whoever love connects: an address that refuses is better than one that is silent",
  };
}

/** All of them. */
export const WAY_RULES: readonly Rule[] = [
  {
    id: "love-way",
    explanation:
      "A network policy of LOVE no longer lets in a program that it let in: what it sends is dropped without an answer.",
    risk: "interrupts",
    find: onUpdate(["kubernetes_network_policy_v1"], policySays),
  },
];
