/** What was changed by hand inside a Helm release: its record, and the objects of its manifest. */
import { readDocuments } from "../../synthesized/yaml";
import { comparable, type Fields, liveOf, type Writer } from "./live";
import type { ResourceChange } from "./plan";
import { redact } from "./redact";
import { redactOf } from "./redact-resource";
import { type Branch, isBranch, same, type Tree } from "../model/tree";

/** A release at one of its revisions. */
export interface ReleaseRevision {
  readonly revision: number;
  readonly chart: string;
  readonly version: string;
  /** Values that were given, without the chart's own. */
  readonly values: unknown;
}

/** A Helm release: what Terraform made, what Helm has, what is in the cluster. It holds secrets. */
export interface ObservedRelease {
  /** Of the resource. */
  readonly address: string;
  readonly namespace: string;
  readonly name: string;
  /** What Terraform's state has. */
  readonly made: ReleaseRevision;
  /** Helm's newest record. */
  readonly newest: ReleaseRevision & {
    /** As Helm writes it: `deployed`, `failed`, `pending-upgrade`, … */
    readonly status: string;
  };
  /** Manifest of the revision that Terraform made; of the newest one where Helm no longer keeps that. */
  readonly manifest: string;
  /** Whether Helm still keeps the revision that Terraform made. */
  readonly kept: boolean;
  /** Objects of the manifest as they are in the cluster, by {@link keyOf}; one that is not there is left out. */
  readonly live: Readonly<Record<string, Fields>>;
  /** Objects whose replicas an autoscaler sets, by {@link keyOf}. */
  readonly scaled: readonly string[];
}

/** An object of a manifest. */
export interface ManifestObject extends Fields {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Fields & { readonly name: string; readonly namespace?: string };
}

/** Name of an object among those of a release. */
export function keyOf({ kind, metadata: { namespace = "", name } }: ManifestObject): string {
  return `${kind}/${namespace}/${name}`;
}

/** Objects of a manifest, those inside lists as well. Helm keeps what its hooks make elsewhere. */
export function objectsOf(manifest: string): ManifestObject[] {
  const documents = readDocuments(manifest, { repeatedKeys: true }) as (
    (ManifestObject & { items?: ManifestObject[] }) | null
  )[];
  return documents.flatMap((object) => {
    if (!object?.kind) return [];
    return object.kind.endsWith("List") && object.items ? object.items : [object];
  });
}

/** A change by hand inside a release; undefined where there is none. */
export function releaseDrift(observed: ObservedRelease): ResourceChange | undefined {
  const { address, made, newest } = observed;
  const pairs = objectsOf(observed.manifest).map((object) => compared(object, observed));
  const objects = pairs.filter(({ before, after }) => !same(before, after));
  const [before, after] = [sideOf(observed, made, "deployed"), sideOf(observed, newest, newest.status)];
  const other = ["chart", "version", "values"].some((key) => !same(before[key], after[key]));
  if (!other && newest.status === "deployed" && objects.length === 0) return undefined;
  // A newer revision with the same content is no drift.
  const numbered = (side: Branch, { revision }: ReleaseRevision) => (other ? { ...side, revision } : side);
  const undo = undoOf(observed);
  const worked = other || newest.status !== "deployed";
  return {
    address,
    type: "helm_release",
    id: address.split(".").at(-1) ?? address,
    action: "update",
    before: numbered(before, made),
    after: numbered(after, newest),
    replacePaths: [],
    ...reasonOf(objects.flatMap(({ writers }) => writers)),
    opened: {
      before: objects.map((one) => one.before),
      after: objects.flatMap((one) => (one.after ? [one.after] : [])),
      undo,
      notes: [...(worked ? [undo.release] : []), ...(objects.length > 0 ? [undo.objects] : [])],
    },
  };
}

/** Commands that put back what Terraform made; no apply does while the release's own values stay as they are. */
function undoOf(observed: ObservedRelease): { readonly release: string; readonly objects: string } {
  const { namespace, name, made, kept } = observed;
  const [place, revision] = [foreign(observed) ? "" : ` -n ${namespace}`, kept ? ` --revision ${made.revision}` : ""];
  return {
    release: kept
      ? `an apply repairs the version of a chart and no values: helm rollback ${name} ${made.revision} -n ${namespace}`
      : "an apply repairs the version of a chart and no values, and Helm no longer keeps what Terraform made: change a value in the program, so that the next deploy upgrades the release",
    objects: `no apply repairs it while the release stays as it is: helm get manifest ${name} -n ${namespace}${revision} | kubectl apply${place} --server-side --force-conflicts -f -; what was added is taken out by hand`,
  };
}

/** Whether a release has objects in other namespaces: kubectl then accepts no `-n`. */
function foreign({ manifest, namespace }: ObservedRelease): boolean {
  return objectsOf(manifest).some(({ metadata }) => (metadata.namespace ?? namespace) !== namespace);
}

function reasonOf(writers: readonly Writer[]): { reason?: string } {
  const newest = new Map(writers.map(({ manager, time }) => [manager, time]));
  const named = [...newest].map(([manager, time]) =>
    time === "" ? manager : `${manager}, ${time.slice(0, 16).replace("T", " ")} UTC`,
  );
  return named.length > 0 ? { reason: `by ${named.join("; ")}` } : {};
}

function sideOf(
  { namespace, name }: ObservedRelease,
  { chart, version, values }: ReleaseRevision,
  status: string,
): Branch {
  const body = { name, namespace, chart, version, values: [JSON.stringify(values ?? {})], status };
  return redactOf("helm_release", body) as Branch;
}

function compared(
  object: ManifestObject,
  observed: ObservedRelease,
): { before: Branch; after?: Branch; writers: readonly Writer[] } {
  const [live, scaled] = [observed.live[keyOf(object)], observed.scaled.includes(keyOf(object))];
  const placed = { ...object, metadata: { ...placeOf(object, live, observed.namespace), ...object.metadata } };
  const manifest = comparable(placed, scaled);
  if (!live || (live["metadata"] as Fields)["deletionTimestamp"] !== undefined)
    return { before: unkept(redact(manifest)), writers: [] };
  const found = liveOf(placed, live, scaled);
  return { before: redact(manifest) as Branch, after: redact(found.object) as Branch, writers: found.writers };
}

/** Kinds that live in no namespace, among those that charts make. */
const WITHOUT_NAMESPACE =
  /^(Cluster.*|CustomResourceDefinition|Namespace|PersistentVolume|.*Class|.*WebhookConfiguration|APIService)$/;

/** The namespace that Helm gave an object whose manifest names none. */
function placeOf({ kind }: ManifestObject, live: Fields | undefined, namespace: string): { namespace?: string } {
  const there = live?.["metadata"] as { namespace?: string } | undefined;
  if (there) return there.namespace === undefined ? {} : { namespace: there.namespace };
  return WITHOUT_NAMESPACE.test(kind) ? {} : { namespace };
}

/** A deleted object was not kept, whatever its annotation says. */
function unkept(object: Tree): Branch {
  const metadata = isBranch(object) ? object["metadata"] : undefined;
  if (!isBranch(object) || !isBranch(metadata)) return {};
  const annotations = isBranch(metadata["annotations"]) ? metadata["annotations"] : {};
  const rest = Object.entries(annotations).filter(([key]) => key !== "helm.sh/resource-policy");
  return { ...object, metadata: { ...metadata, annotations: Object.fromEntries(rest) } };
}
