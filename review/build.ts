/** Makes a review out of what was read of each layer. */
import { classify } from "./classify";
import { differencesOf } from "./diff/values";
import {
  ACTIONS,
  type Change,
  type Comparison,
  type Difference,
  type Finding,
  type LayerReview,
  type Review,
  byRisk,
  RISKS,
  worst,
} from "./model/model";
import { nameOf } from "./model/names";
import { isOwnNoise } from "./model/noise";
import type { Plan, ResourceChange } from "./read/plan";
import { type Release, releaseChange } from "./read/release";
import { resourcesOf } from "./read/resources";
import { isBranch, textAt, type Tree } from "./model/tree";

/** What is known of a layer before it is reviewed. */
export interface LayerInput {
  readonly layer: string;
  readonly stack: string;
  /** What is done; left out where there is no plan. */
  readonly plan?: Plan;
  /** What was changed by hand inside its Helm releases; `plan` has the releases themselves at most. */
  readonly releases?: readonly ResourceChange[];
  /** Why there is no plan. */
  readonly blocked?: string;
  /** Errors of Terraform. */
  readonly errors?: readonly string[];
  /** Notes beside the changes. */
  readonly notes?: readonly string[];
}

/** What a review is made of. */
export interface ReviewInput {
  readonly site: string;
  readonly title: string;
  readonly comparison: Comparison;
  readonly revision?: string;
  /** The environment's. */
  readonly allowDestroys: readonly string[];
  /** What people are told of the site's file, whatever changes. @default - nothing */
  readonly notes?: readonly string[];
  /** In the order in which they are applied. */
  readonly layers: readonly LayerInput[];
  /** What the catalogue says about going from one version of a chart to another. */
  readonly notesOf?: (chart: string, from: string | undefined, to: string | undefined) => readonly string[];
}

/** Reviews a site. */
export function review(input: ReviewInput): Review {
  const drift = input.comparison.kind === "drift";
  const reviewed = input.layers.map((layer) => layerReview(layer, input, drift));
  const findings = reviewed.flatMap(({ findings: own }) => own).sort(byRisk);
  const layers = reviewed.map(({ layer }) => layer);
  const changes = layers.flatMap((layer) => layer.changes);
  return {
    format: 1,
    site: input.site,
    title: input.title,
    comparison: input.comparison,
    ...(input.revision === undefined ? {} : { revision: input.revision }),
    layers,
    ...(input.notes?.length ? { notes: input.notes } : {}),
    findings,
    ...(changes.length + findings.length === 0
      ? {}
      : { risk: worst([...findings, ...changes].map(({ risk }) => risk)) }),
  };
}

function layerReview(
  { layer, stack, plan, releases = [], blocked, errors = [], notes = [] }: LayerInput,
  { allowDestroys, notesOf = () => [] }: ReviewInput,
  drift: boolean,
): { layer: LayerReview; findings: readonly Finding[] } {
  const base = { layer, stack, counts: {}, changes: [] };
  if (blocked !== undefined) return { layer: { ...base, status: "blocked", lines: [blocked, ...notes] }, findings: [] };
  if (!plan) return { layer: { ...base, status: "failed", lines: [...errors, ...notes] }, findings: [] };
  const planned = drift ? driftOf(plan, releases) : plan.resources;
  const resources = resourcesOf(stack, planned);
  const findings = classify(stack, resources, allowDestroys);
  const opened = new Map(resources.flatMap(({ address, release }) => (release ? [[address, release] as const] : [])));
  const risks = new Map<string, Change["risk"][]>();
  for (const { address: first, risk, more = [] } of findings)
    for (const address of [first, ...more.map((one) => one.address)])
      risks.set(address, [...(risks.get(address) ?? []), risk]);
  const changes = planned
    .filter(({ action }) => action !== "no-op")
    .map((resource) => {
      const { address } = resource;
      return change(resource, opened.get(address), risks.get(address) ?? [], notesOf);
    })
    .sort((a, b) => byRisk(a, b) || (a.address < b.address ? -1 : 1));
  const failed = plan.errored || errors.length > 0;
  const versions = { terraform: plan.terraform, providers: plan.providers };
  return {
    layer: {
      ...base,
      status: failed ? "failed" : changes.length > 0 ? "planned" : "unchanged",
      lines: [...errors, ...(plan.errored ? [PARTIAL] : []), ...notes],
      counts: Object.fromEntries(
        ACTIONS.map((action) => [action, changes.filter((one) => one.action === action).length] as const).filter(
          ([, count]) => count > 0,
        ),
      ),
      changes,
      versions,
    },
    findings,
  };
}

const PARTIAL = "Terraform gave up while it planned: changes are missing below";

/** What was changed by hand; of a release that was looked into, what that shows. */
function driftOf({ drift, scaled = [] }: Plan, releases: readonly ResourceChange[]): ResourceChange[] {
  const opened = new Set(releases.map(({ address }) => address));
  return [...drift.filter((one) => !opened.has(one.address) && isRealDrift(one, scaled)), ...releases];
}

/** Whether somebody changed it: what a provider fills in after an apply, and replicas under an autoscaler, are no drift. */
function isRealDrift({ address, type, action, before, after }: ResourceChange, scaled: readonly string[]): boolean {
  if (action !== "update") return true;
  const isScaled = scaled.includes(address) || scaled.includes(textAt(before, "metadata", "name") ?? "");
  return differencesOf(before, after).some(
    (one) => !isOwnNoise(type, one, "drift") && !(isScaled && one.path === "spec.replicas"),
  );
}

/** Reasons of Terraform in words. */
const REASONS: Readonly<Record<string, string>> = {
  replace_because_cannot_update: "an attribute changes that cannot be changed in place",
  replace_because_tainted: "its last apply failed half way",
  replace_by_request: "somebody asked for it",
  replace_by_triggers: "what it follows changes",
  delete_because_no_resource_config: "it is no longer in the program",
  delete_because_no_module: "it is no longer in the program",
  read_because_config_unknown: "what it is asked for is not known yet",
  read_because_dependency_pending: "what it depends on changes",
};

function change(
  resource: ResourceChange,
  release: Release | undefined,
  risks: readonly Change["risk"][],
  notesOf: NonNullable<ReviewInput["notesOf"]>,
): Change {
  const { address, type, id, action, before, after, previousAddress, reason } = resource;
  return {
    address,
    type,
    name: nameOf(type, id, before ?? after),
    action: action as Change["action"],
    risk: worst(risks),
    ...(risks.length > 1 ? { risks: RISKS.flatMap((risk) => risks.filter((one) => one === risk)) } : {}),
    ...(previousAddress === undefined ? {} : { previousAddress }),
    ...(reason === undefined ? {} : { reason: REASONS[reason] ?? reason }),
    differences: attributes(resource),
    ...(release ? { release: releaseChange(release, resource, notesOf) } : {}),
  };
}

/** Attributes that differ, without what only a provider writes; of what goes there is none. */
function attributes({ type, action, before, after, replacePaths }: ResourceChange): Difference[] {
  if (after === undefined || action === "delete" || action === "forget") return [];
  const replaces = (path: string) => replacePaths.some((one) => isBelow(path, one));
  return differencesOf(withoutValues(type, before), withoutValues(type, after))
    .map((one) => (action === "replace" && replaces(one.path) ? { ...one, replaces: true as const } : one))
    .filter((one) => one.replaces || !isOwnNoise(type, one, before === undefined ? "create" : "update"));
}

/** Values of a release stand in its own part of a change. */
function withoutValues(type: string, body: Tree | undefined): Tree | undefined {
  if (type !== "helm_release" || !isBranch(body)) return body;
  return Object.fromEntries(Object.entries(body).filter(([key]) => key !== "values"));
}

/** Whether a path of ours lies below one of Terraform's, whose blocks have numbers. */
function isBelow(path: string, replaced: readonly (string | number)[]): boolean {
  const keys = replaced.filter((key) => typeof key === "string");
  const ours = path.replace(/\[[^\]]*\]/g, "").split(".");
  return keys.length > 0 && keys.every((key, i) => ours[i] === key || ours[i] === undefined);
}
