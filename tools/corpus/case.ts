import type { Risk } from "../../review/model";

/** Data of a site or a synthesized stack, as a case changes it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a case says in a line what a type would say in ten
export type Data = any;

/** A change of a site, and what a human reviewer should be told about it. Written before the plan was looked at. */
export interface Case {
  readonly name: string;
  /** What somebody did. */
  readonly about: string;
  readonly layer: "cluster" | "platform" | "efd";
  /** Changes the site's data. */
  readonly site?: (site: Data) => void;
  /** Changes the synthesized stack: what no data can express. */
  readonly stack?: (stack: Data) => void;
  /** Arguments of kubectl, by which somebody changes the running site; then the plan is one of drift. */
  readonly byHand?: readonly string[];
  /** It is planned on nodes in real containers. @default - on the control plane of a rehearsal */
  readonly docker?: {
    /** What somebody does to the container of a node before. */
    readonly byHand?: readonly [what: "stop" | "remove", node: string];
    /** Whether the plan is one of drift. */
    readonly drift?: boolean;
  };
  readonly expected: {
    /** The worst of all. */
    readonly worst: Risk;
    /** Words that one finding of that risk must have, all of them, each in a list. */
    readonly told: readonly (readonly [risk: Risk, ...words: string[]])[];
  };
}
