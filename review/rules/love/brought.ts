/** What producers bring to the managers, as their pods say it. */
import type { Tree } from "../../model/tree";
import { ifReadable, Unreadable } from "../reading";
import type { LayerResources } from "../rule";
import { fateOf, variable, workloadsOf } from "./parts";

/** What one producer brings to the managers. */
export interface Brought {
  /** `MTM1M3:0`. */
  readonly csc: string;
  /** The only topics that it takes; undefined where it takes all. */
  readonly topics: readonly string[] | undefined;
  /** Last word of its path in nginx. */
  readonly route: string;
}

/** Options of a producer that are lists of topics. */
const LISTS = ["--asynchronous-data", "--periodic-data"];
/** Variables that are such lists. */
const LIST_VARIABLES = ["ASYNC_TOPICS", "PERIODIC_TOPICS"];

/**
 * What a producer brings.
 *
 * @throws {Unreadable} where it does not say so in the form that is known.
 */
export function broughtBy(side: Tree | undefined): Brought {
  const [csc = "", ...options] = (variable(side, "LOVE_CSC_PRODUCER") ?? "").split(/\s+/);
  const route = /^[^/]+\/love\/manager\/([\w-]+)\/ws\/subscription$/.exec(variable(side, "WEBSOCKET_HOST") ?? "")?.[1];
  if (!/^\w+:\d+$/.test(csc)) throw new Unreadable("LOVE_CSC_PRODUCER names no CSC and index");
  if (route === undefined) throw new Unreadable("WEBSOCKET_HOST names no route");
  const listed = options.flatMap((one, i) => {
    if (one.startsWith("--")) return [];
    const option = options.slice(0, i).findLast((other) => other.startsWith("--"));
    return LISTS.includes(option ?? "") ? [one] : [];
  });
  const more = LIST_VARIABLES.flatMap((name) => (variable(side, name) ?? "").split(/\s+/).filter(Boolean));
  const selects = options.some((one) => LISTS.includes(one)) || more.length > 0;
  return { csc, topics: selects ? [...listed, ...more] : undefined, route };
}

/** What producers bring afterwards. Whoever cannot be read takes nothing over. */
export function broughtAfter(layer: LayerResources): Brought[] {
  return workloadsOf("producer", layer).flatMap((one) =>
    ifReadable(() =>
      one.after !== undefined && (one.action === "replace" || fateOf(one) !== "gone") ? [broughtBy(one.after)] : [],
    ),
  );
}
