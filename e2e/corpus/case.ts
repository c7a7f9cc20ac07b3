import type { Environment, EnvironmentInput } from "../../environments/schema";
import { type Risk, worst } from "../../review/model/model";

/** Data of a site or a synthesized stack, as a case changes it. */
export type EditableJson = any;

/** What is changed. */
export interface Edit {
  /** Changes the site's data. */
  readonly site?: (site: EditableJson) => void;
  /** Changes the synthesized stack: what no data can express. */
  readonly stack?: (stack: EditableJson) => void;
}

/** A program with its arguments, none of which has a space; it is told of the cluster. */
export type Command = `${"kubectl" | "helm"} ${string}`;

/** A change of a site, and what a human reviewer should be told about it. Written before the plan was looked at. */
export interface Case extends Edit {
  readonly name: string;
  /** What somebody did. */
  readonly about: string;
  readonly layer: "cluster" | "platform" | "efd" | "love";
  /** What is applied in place of the site that every case begins with; the site is put back afterwards. */
  readonly first?: Edit;
  /** A chart packed again under another version, beside the real one: nothing else of it differs. */
  readonly packed?: { readonly chart: string; readonly from: string; readonly to: string };
  /** Address of a resource whose last apply counts as failed half way (`terraform taint`). */
  readonly tainted?: string;
  /** Commands by which somebody changes the running site; the plan is then one of drift. */
  readonly byHand?: readonly Command[];
  /** Commands that undo it. */
  readonly putBack?: readonly Command[];
  /** It is planned on nodes in real containers. @default - on the control plane of a rehearsal */
  readonly docker?: {
    /** What somebody does to the container of a node before. */
    readonly byHand?: readonly [what: "stop" | "remove", node: string];
    /** Whether the plan is one of drift. */
    readonly drift?: boolean;
  };
  /** It is planned on a state of GKE that is made up, which no case of drift can be. @default false */
  readonly google?: true;
  readonly expected: {
    /** The worst of all. */
    readonly worst: Risk;
    /** Words that one finding of that risk must have, all of them, each in a list. */
    readonly told: readonly (readonly [risk: Risk, ...words: string[]])[];
  };
}

/** A case as its file says it: without what it shares with its neighbours. */
interface Told extends Partial<Omit<Case, "name" | "expected">> {
  readonly about: string;
  readonly told: Case["expected"]["told"];
  /** @default - the worst risk in `told` */
  readonly worst?: Risk;
}

/** Cases by their names; `shared` is their layer, and what else they share. */
export function casesOf(
  shared: Case["layer"] | (Pick<Case, "layer"> & Partial<Case>),
  cases: Readonly<Record<string, Told>>,
): Case[] {
  return Object.entries(cases).map(([name, { told, worst: most = worst(told.map(([risk]) => risk)), ...one }]) => ({
    ...(typeof shared === "string" ? { layer: shared } : shared),
    ...one,
    name,
    expected: { worst: most, told },
  }));
}

/** The site of the corpus with a change, parsed. */
export type ChangedSite = (change?: (site: EnvironmentInput) => void) => Environment;

/** Where plans are made that need no rehearsal. */
export interface Plans {
  /** Its own, of which plans name no path. */
  readonly folder: string;
  /** Makes what every case begins with. @default - nothing */
  up?(): Promise<void>;
  /** The plan of a case, `terraform show -json`; what it changed is put back. */
  planOf(one: Case): Promise<string>;
  /** Removes all of it, also after an interruption. @default - nothing */
  down?(): Promise<void>;
}
