/** Makes a real plan small and stable: what a review needs of it, and nothing of the machine or of a secret. */
import { redactOf } from "../../review/read/redact-resource";
import { redact } from "../../review/read/redact";
import {
  keyOf,
  type ManifestObject,
  objectsOf,
  type ObservedRelease,
  releaseDrift,
} from "../../review/read/release-drift";
import { Secret } from "../../review/model/tree";
import { NAMESPACE } from "../../ground/namespaces";
import { inside, isObject, type Json } from "../../synthesized/stack";

interface RawChange {
  readonly address: string;
  readonly mode: string;
  readonly type: string;
  readonly change: Json & { readonly actions: readonly string[]; readonly before: unknown; readonly after: unknown };
}

interface RawConfigured {
  readonly address: string;
  readonly type: string;
  readonly expressions: unknown;
}

/** What was cut, for the head of each file. */
export const CUT =
  "resources that stay as they are (but for those by which others are judged: configurations of consumers, programs of LOVE), what stays of a resource and changes nothing in its review, " +
  "of what a provider changes by itself all but one resource of each type and kind of change, " +
  "prior state, planned values, configuration but for versions, what Helm's provider computes; secrets are (cut), " +
  "uids, versions and times of objects are constants, folders of charts are /charts; of Helm releases, " +
  "objects that are as they were made (of those on which nobody worked all but the largest of each kind), values that are the same, owners of fields but kubectl";

/** Attributes that say what a resource is: they stay although they do not change. */
const NAMES = ["name", "namespace", "metadata", "chart", "version", "command", "filename", "spec", "data"];

/** The parts of a plan that a review reads. */
export function cutPlan(text: string, charts: string): Json {
  const plan = JSON.parse(text.replaceAll(`${charts}/`, "/charts/")) as Json & {
    resource_changes?: RawChange[];
    resource_drift?: RawChange[];
    configuration?: { provider_config?: Record<string, Json>; root_module?: { resources?: RawConfigured[] } };
  };
  const providers = Object.entries(plan.configuration?.provider_config ?? {}).map(([key, provider]): [string, Json] => [
    key,
    { name: provider["name"], full_name: provider["full_name"], version_constraint: provider["version_constraint"] },
  ]);
  const all = plan.resource_changes ?? [];
  const context = [isConfiguration, isProgramOfLove].filter((is) => all.some((one) => is(one) && isChanged(one)));
  const changes = all.filter((one) => isChanged(one) || context.some((is) => is(one))).map(cutChange);
  const autoscalers = (plan.configuration?.root_module?.resources ?? []).flatMap(cutAutoscaler);
  return {
    format_version: plan["format_version"],
    terraform_version: plan["terraform_version"],
    errored: plan["errored"],
    configuration: {
      provider_config: Object.fromEntries(providers),
      ...(changes.length === 0 && autoscalers.length > 0 ? { root_module: { resources: autoscalers } } : {}),
    },
    resource_changes: changes,
    ...(changes.length === 0 ? { resource_drift: (plan.resource_drift ?? []).map(cutChange) } : {}),
  };
}

/** Releases that somebody changed, each with the objects that are not as it made them and no others. */
export function cutReleases(releases: readonly ObservedRelease[]): ObservedRelease[] {
  return releases.flatMap((release) => {
    if (!releaseDrift(release)) return [];
    const asRecorded = { ...release, newest: { ...release.made, status: "deployed" } };
    const odd = objectsOf(release.manifest).filter((one) =>
      releaseDrift({ ...asRecorded, manifest: JSON.stringify(one) }),
    );
    return [cutRelease(release, odd)];
  });
}

/** Releases on which nobody worked, each with the largest of its objects of each kind. */
export function untouchedReleases(releases: readonly ObservedRelease[]): ObservedRelease[] {
  return releases.map((release) => {
    const largest = new Map<string, ManifestObject>();
    for (const one of objectsOf(release.manifest)) {
      const known = largest.get(one.kind);
      if (!known || JSON.stringify(one).length > JSON.stringify(known).length) largest.set(one.kind, one);
    }
    return cutRelease(release, [...largest.values()]);
  });
}

function cutRelease(release: ObservedRelease, objects: readonly ManifestObject[]): ObservedRelease {
  const live = objects.flatMap((one) => {
    const there = release.live[keyOf(one)];
    return there ? [[keyOf(one), cutObject(there)] as const] : [];
  });
  const same = JSON.stringify(release.made.values) === JSON.stringify(release.newest.values);
  const values = (of: unknown) => (same ? {} : replaced(of, redact(of)));
  return {
    ...release,
    made: { ...release.made, values: values(release.made.values) },
    newest: { ...release.newest, values: values(release.newest.values) },
    manifest: objects.map((one) => JSON.stringify(replaced(one, redact(one)))).join("\n---\n"),
    live: Object.fromEntries(live),
  };
}

function cutObject(object: Json): Json {
  const about = object["metadata"] as Json;
  const book = (about["managedFields"] as Json[] | undefined)?.filter(({ manager }) =>
    /^kubectl/.test(String(manager)),
  );
  const kept = {
    ...without(about, ["managedFields"]),
    managedFields: book?.map((one) => ({ ...one, time: "2026-01-01T00:00:00Z" })),
  };
  const cut = { ...without(object, ["status"]), metadata: kept };
  return constant(replaced(cut, redact(cut))) as Json;
}

function isChanged({ change, ...rest }: RawChange): boolean {
  return change.actions.join() !== "no-op" || "previous_address" in rest;
}

/** The configuration of a consumer: who reads what is seen in all of them only. */
function isConfiguration({ type, change }: RawChange): boolean {
  return type === "kubernetes_config_map_v1" && JSON.stringify([change.before, change.after]).includes("telegraf.conf");
}

/** A program of LOVE: who takes over a producer's CSC is seen in all of them only. */
function isProgramOfLove({ type, change }: RawChange): boolean {
  const metadata = [change.before, change.after].map((side) => inside(side, "metadata", "namespace"));
  return type === "kubernetes_deployment_v1" && metadata.includes(NAMESPACE.love);
}

/** What an autoscaler scales, as the program has it: the drift of it is none. */
function cutAutoscaler({ address, type, expressions }: RawConfigured): RawConfigured[] {
  if (type !== "kubernetes_horizontal_pod_autoscaler_v2") return [];
  const target = inside(expressions, "spec", "scale_target_ref");
  return [{ address, type, expressions: { spec: [{ scale_target_ref: target }] } }];
}

function cutChange(raw: RawChange): Json {
  const { type, change } = raw;
  const { before, after, after_unknown: unknown } = change;
  const [was, is] = [before, after].map((side) => (isObject(side) ? side : undefined));
  const keys = new Set([...Object.keys(was ?? {}), ...Object.keys(is ?? {})]);
  const stay = [...keys].filter(
    (key) =>
      was !== undefined &&
      is !== undefined &&
      !NAMES.includes(key) &&
      !(isObject(unknown) && unknown[key]) &&
      JSON.stringify(was[key]) === JSON.stringify(is[key]),
  );
  const computed = type === "helm_release" ? ["metadata", "manifest", "resources"] : [];
  const drop = [...stay, ...computed];
  const side = (value: Json | undefined, mask: unknown) =>
    value === undefined ? null : constant(hidden(type, without(value, drop), mask));
  return {
    ...raw,
    change: {
      ...change,
      before: side(was, change["before_sensitive"]),
      after: side(is, change["after_sensitive"]),
      after_unknown: isObject(unknown) ? without(unknown, computed) : unknown,
    },
  };
}

function without(value: Json, keys: readonly string[]): Json {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}

/** Secrets become `(cut)`: those that the provider marks, and those that the review knows by itself. */
function hidden(type: string, value: Json, mask: unknown): Json {
  // Values of a release are YAML: they hold none, which the test of the corpus checks.
  const { values, ...rest } = value;
  const tree = redactOf(type, rest, mask);
  return { ...(replaced(rest, tree) as Json), ...(values === undefined ? {} : { values }) };
}

function replaced(value: unknown, tree: unknown): unknown {
  if (tree instanceof Secret) return tree.text === undefined ? "(cut)" : value;
  if (Array.isArray(value)) return value.map((one, i) => replaced(one, (tree as unknown[] | undefined)?.[i]));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, replaced(one, (tree as Json | undefined)?.[key])]),
  );
}

/** What differs from one making to the next. */
const MOVING: Readonly<Record<string, unknown>> = {
  uid: "00000000-0000-0000-0000-000000000000",
  resource_version: "1",
  resourceVersion: "1",
  creationTimestamp: "2026-01-01T00:00:00Z",
  generation: 1,
};

function constant(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(constant);
  if (typeof value === "string") return value.replace(/pvc-[0-9a-f]{8}-[0-9a-f-]{27}/g, `pvc-${String(MOVING["uid"])}`);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, key in MOVING && one ? MOVING[key] : constant(one)]),
  );
}
