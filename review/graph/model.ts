/** What the picture of a site is made of. */
import type { Block } from "../../synthesized/stack";

/** A construct, or a crowd of them. */
export interface GraphNode {
  /** Unique in the site. */
  readonly id: string;
  readonly stack: string;
  readonly layer: string;
  /** Empty where it has none. */
  readonly namespace: string;
  readonly name: string;
  /** Constructs that it stands for: 1, or the number of a crowd. */
  readonly count: number;
  /** Addresses of its resources. */
  readonly addresses: readonly string[];
  /** Whether it has volumes. */
  readonly holdsData: boolean;
}

/** A line of the picture. */
export interface GraphEdge {
  /** Ids of nodes. */
  readonly from: string;
  readonly to: string;
  /**
   * `data`: the way data go where the configuration tells (an input, an output), else from who asks to who answers.
   * `needs`: `from` is applied after `to`.
   */
  readonly kind: "data" | "needs";
}

/** The picture of a site before it is drawn. */
export interface SiteGraph {
  readonly site: string;
  /** Stacks in the order in which they are applied, each with those that it stands on. */
  readonly layers: readonly { readonly stack: string; readonly layer: string; readonly after: readonly string[] }[];
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** A node with its resources. */
export interface Member extends GraphNode {
  readonly blocks: readonly Block[];
}
