/** What became of objects, without what is another one each time: no times, no uids, no values that are made up. */
import { conditionsOf, isTrue } from "../../cli/shared/kubernetes/conditions";
import type { LiveObject } from "../../cli/shared/kubernetes/client";
import { inside, type Json } from "../../synthesized/stack";

/** Objects by kind and name, each with what is seen of it. */
export type View = Readonly<Record<string, Json>>;

/** Values that cases give begin so: others are made up. */
export const GIVEN = "given-";

/** What else is there when objects of a case are seen. */
export interface Seen {
  /** Kinds of those that the operator made. @default - none */
  readonly made?: readonly string[];
  /** Events of whatever objects. @default - none */
  readonly events?: readonly LiveObject[];
}

/** What is seen of the objects of one case. */
export function viewOf(objects: readonly LiveObject[], namespace: string, { made = [], events = [] }: Seen = {}): View {
  const seen = (object: LiveObject) => (made.includes(object.kind) ? written(object) : custom(object, events));
  const entries = objects.map((object): [string, Json] => [
    `${object.kind} ${object.metadata.name}`,
    object.kind === "Secret" ? secret(object) : seen(object),
  ]);
  const text = JSON.stringify(Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))));
  return JSON.parse(text.replaceAll(namespace, "<case>")) as View;
}

/** Every difference between two views, one line each. */
export function differences(real: View, simulated: View): string[] {
  return [...new Set([...Object.keys(real), ...Object.keys(simulated)])].sort().flatMap((name) => {
    const [wanted, got] = [real[name], simulated[name]];
    if (!wanted || !got) return [`${name} is ${wanted ? "not there" : "there, and should not be"}`];
    return [...new Set([...Object.keys(wanted), ...Object.keys(got)])].flatMap((key) => {
      const [is, should] = [JSON.stringify(got[key]), JSON.stringify(wanted[key])];
      return is === should ? [] : [`${name}: ${key} is ${is}, of the real operator ${should}`];
    });
  });
}

const sortedKeys = (value: unknown): string[] => Object.keys(value ?? {}).sort();

const sorted = (value: unknown): Json =>
  Object.fromEntries(Object.entries((value ?? {}) as Json).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Programs in Go write what they do not know as `null`, `{}` or with a name that is none. */
const isEmpty = (value: unknown): boolean => value === null || ["{}", '{"name":""}'].includes(JSON.stringify(value));

/**
 * Types and reasons of what was told of an object, each once. Whether there was a warning before it became ready is chance:
 * what it needs may have come first.
 */
const toldOf = (object: LiveObject, events: readonly LiveObject[]): string[] => [
  ...new Set(
    events
      .filter((one) => inside(one, "involvedObject", "uid") === object.metadata.uid)
      .filter((one) => one["type"] !== "Warning" || !isTrue(object, "Ready"))
      .map((one) => `${String(one["type"])} ${String(one["reason"])}`)
      .sort(),
  ),
];

function custom(object: LiveObject, events: readonly LiveObject[]): Json {
  const conditions = conditionsOf(object).map(({ type, status, reason = "" }) => `${type}=${status} ${reason}`.trim());
  const { observedGeneration = object.metadata.generation } = (object.status ?? {}) as { observedGeneration?: number };
  return {
    conditions: conditions.sort(),
    status: sortedKeys(object.status)
      .filter((key) => key !== "conditions" && !isEmpty(object.status?.[key]))
      .map((key) =>
        key === "observedGeneration" && observedGeneration !== object.metadata.generation ? `${key} of before` : key,
      ),
    finalizers: inside(object.metadata, "finalizers") ?? [],
    events: toldOf(object, events),
  };
}

/** What an operator writes on what it makes. Controllers of Kubernetes annotate it too, under names of theirs. */
function written({ metadata }: LiveObject): Json {
  return {
    labels: sorted(metadata.labels),
    annotations: sortedKeys(metadata["annotations"]).filter((key) => !key.includes("kubernetes.io/")),
    owners: ownersOf(metadata),
  };
}

const ownersOf = (metadata: LiveObject["metadata"]): string[] =>
  ((inside(metadata, "ownerReferences") ?? []) as Json[]).map(
    ({ kind, name, controller }) => `${String(kind)} ${String(name)}${controller ? "" : ", no controller"}`,
  );

function secret(object: LiveObject): Json {
  const values = Object.entries(object.data ?? {}).map(([key, value]) => {
    const text = Buffer.from(value, "base64").toString();
    return [key, text.startsWith(GIVEN) ? text : "…"];
  });
  return {
    type: object["type"],
    immutable: object["immutable"] === true,
    data: sorted(Object.fromEntries(values)),
    labels: sorted(object.metadata.labels),
    annotations: sortedKeys(object.metadata.annotations),
    owners: ownersOf(object.metadata),
  };
}
