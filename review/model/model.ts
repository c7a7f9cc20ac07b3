/**
 * What a review says: one site, its layers, what changes in each, and what that means for running data. Everything
 * that shows a review (terminal, JSON, Markdown, HTML) shows this and reads nothing else. It is JSON: it can be
 * written to a file and read back. No secret ever enters it.
 */

/** What can happen to what runs, worst first. */
export const RISKS = ["loses data", "interrupts", "restarts", "changes access", "harmless"] as const;
/** One kind of risk. */
export type Risk = (typeof RISKS)[number];

/** What each kind of risk means, for people. */
export const RISK_MEANS: Readonly<Record<Risk, string>> = {
  "loses data": "data or an identity that nothing brings back is removed, or removed later on its own",
  interrupts: "somebody is cut off, or something stands still, for longer than a restart",
  restarts: "a program starts again; what it missed is fetched afterwards",
  "changes access": "who reaches what changes, or with which password, name or certificate",
  harmless: "nothing that runs notices",
};

/** Any value of JSON. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** One side of a difference. */
export type Shown =
  | { readonly kind: "value"; readonly value: JsonValue }
  /** Known after the apply only. */
  | { readonly kind: "unknown" }
  /** A secret: that it is one is all that is known of it. */
  | { readonly kind: "secret" };

/** One value that differs. A side that is left out was not there, or will not be. */
export interface Difference {
  /** Keys joined by dots; an element of a list by its identity (`listeners[external].port`) or its number (`args[2]`). */
  readonly path: string;
  readonly before?: Shown;
  readonly after?: Shown;
  /** It is why the resource is replaced. */
  readonly replaces?: true;
}

/** What is done to a resource, in the words of Terraform. */
export const ACTIONS = ["delete", "replace", "forget", "update", "create", "import", "move", "read"] as const;
/** One of them. `move`: the address changes and nothing else. `forget`: it stays, Terraform no longer knows it. */
export type Action = (typeof ACTIONS)[number];

/** A Kubernetes object of a release of our own chart, whose values are objects. */
export interface ObjectChange {
  readonly action: "create" | "update" | "delete";
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** It stays in the cluster when it leaves the release (`helm.sh/resource-policy: keep`). */
  readonly keep: boolean;
  readonly differences: readonly Difference[];
}

/** What changes inside a Helm release. */
export interface ReleaseChange {
  readonly namespace: string;
  readonly name: string;
  /** Name of the chart; its versions, `from` left out where it is new, `to` where it goes, equal where it stays. */
  readonly chart: { readonly name: string; readonly from?: string; readonly to?: string };
  /** What to know of it: what the catalogue says about going to this version of the chart, what undoes a change by hand. */
  readonly notes: readonly string[];
  /** Values, key by key; none where the values are objects. */
  readonly values: readonly Difference[];
  /** Objects, where the chart is our own. */
  readonly objects: readonly ObjectChange[];
}

/** What changes of one resource. */
export interface Change {
  readonly address: string;
  readonly type: string;
  /** What it is, in words: `PVC influxdb/influxdb`. */
  readonly name: string;
  readonly action: Action;
  /** Worst of its findings; `harmless` where no rule says anything. */
  readonly risk: Risk;
  /** The risk of each of its findings, the worst first; left out where there is one at most. */
  readonly risks?: readonly Risk[];
  /** Address it had before, where it moves. */
  readonly previousAddress?: string;
  /** Why Terraform does it, where it says so. */
  readonly reason?: string;
  /** Attributes that differ; without the values of a release, which stand in `release`. */
  readonly differences: readonly Difference[];
  readonly release?: ReleaseChange;
}

/** What a reviewer must know. */
export interface Finding {
  readonly rule: string;
  readonly risk: Risk;
  readonly stack: string;
  readonly address: string;
  /** What happens, one sentence that names the resource. */
  readonly what: string;
  /** What follows from that for those who use it. */
  readonly why: string;
  /** What to do instead, or before and after. */
  readonly remedy: string;
  /** Entry of the environment's `allowDestroys` that allows it: `summit-efd/kafka`. Only with `loses data`. */
  readonly allow?: string;
  /** Whether the environment allows it already. Only with `loses data`. */
  readonly allowed?: boolean;
  /** A database or a topic leaves the program: whoever applies it is asked first. Left out where nothing is asked. */
  readonly asks?: true;
  /** Kubernetes refuses it: the apply fails there, and what stands behind it is not applied. Left out where it does not. */
  readonly fails?: true;
  /** Other resources of which the same holds, for the same cause; left out where there are none. */
  readonly more?: readonly { readonly address: string; readonly allow?: string }[];
}

/** One layer of the site. */
export interface LayerReview {
  readonly layer: string;
  readonly stack: string;
  /**
   * `planned`: it has changes. `unchanged`: it has none. `blocked`: it stands on a layer that is not applied.
   * `failed`: Terraform made no plan, or only a part of one.
   */
  readonly status: "planned" | "unchanged" | "blocked" | "failed";
  /** Why it is blocked or failed; notes of a plan. */
  readonly lines: readonly string[];
  /** Changes by action; actions that nothing does are left out. */
  readonly counts: Readonly<Partial<Record<Action, number>>>;
  /** Worst first, then by address. */
  readonly changes: readonly Change[];
  /** Terraform and providers that made the plan; left out without a plan. */
  readonly versions?: { readonly terraform: string; readonly providers: Readonly<Record<string, string>> };
}

/** What is compared. */
export type Comparison =
  /** What runs, with what the checkout says. */
  | { readonly kind: "plan" }
  /** What two revisions synthesize; what only a provider knows is unknown. */
  | { readonly kind: "base"; readonly base: string }
  /** What Terraform made, with what is there. */
  | { readonly kind: "drift" };

/** The review of one site. */
export interface Review {
  readonly format: 1;
  readonly site: string;
  /** What the site is, for people. */
  readonly title: string;
  readonly comparison: Comparison;
  /** Commit of the checkout, `-dirty` behind it where files differ; left out where that is not known. */
  readonly revision?: string;
  /** In the order in which they are applied. */
  readonly layers: readonly LayerReview[];
  /** What is accepted in the site's file and may not be meant, and what no rule can judge; left out where that is nothing. */
  readonly notes?: readonly string[];
  /** Worst first, then in the order of the layers. */
  readonly findings: readonly Finding[];
  /** Worst risk of all changes; left out where nothing changes. */
  readonly risk?: Risk;
}

/** Orders what has a risk, the worst first. */
export function byRisk(one: { readonly risk: Risk }, other: { readonly risk: Risk }): number {
  return RISKS.indexOf(one.risk) - RISKS.indexOf(other.risk);
}

/** The worst of these; `harmless` of none. */
export function worst(risks: readonly Risk[]): Risk {
  return RISKS.find((risk) => risks.includes(risk)) ?? "harmless";
}
