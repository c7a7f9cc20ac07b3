/** Kubernetes objects of a site, made by Terraform, our own chart, or a chart of the catalogue. */
import { UserError } from "../../ground/errors";
import { type Block, isObject, type Json, type ObjectJson, unescaped } from "../../synthesized/stack";
import { readDocuments } from "../../synthesized/yaml";

/** An object, and who makes it. */
export interface OwnedObject {
  /** A release or a resource of Terraform, as messages name it. */
  readonly owner: string;
  readonly object: ObjectJson;
}

/** Every text in a value. */
export function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}

// Keys below these are chosen names, not fields in Terraform's spelling.
const OF_OTHERS =
  /^(data|binary_data|data_wo|string_data|labels|match_labels|annotations|node_selector|limits|requests)$/;
const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

function respelled(value: unknown): unknown {
  if (typeof value === "string") return unescaped(value);
  if (Array.isArray(value)) return value.map(respelled);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [camel(key), OF_OTHERS.test(key) ? inner : respelled(inner)]),
  );
}

/** The object that a resource of the Kubernetes provider makes; blocks keep Terraform's names (`container`, `port`). */
export function objectOf({ type, address, body }: Block): OwnedObject | undefined {
  const kind = /^kubernetes_(\w+?)(_v\d+)?$/.exec(type)?.[1];
  if (kind === undefined) return undefined;
  const name = camel(`_${kind}`);
  return { owner: address, object: { apiVersion: "", kind: name, ...(respelled(body) as Json) } as ObjectJson };
}

const parsed = new Map<string, readonly ObjectJson[]>();

function documents(text: string): readonly ObjectJson[] {
  const known = parsed.get(text);
  if (known) return known;
  const objects = (readDocuments(text) as (ObjectJson | null)[]).flatMap((value) => {
    if (!value?.kind) return [];
    const { metadata } = value as Partial<ObjectJson>;
    if (!metadata?.name && !metadata?.["generateName"])
      throw new UserError(`a ${value.kind} without a name, which no API server takes`);
    return [value];
  });
  parsed.set(text, objects);
  return objects;
}

/**
 * Objects of what a chart renders. Documents are read once: charts have CRDs of half a MiB.
 *
 * @throws {UserError} where a document is no YAML or no object.
 */
export function manifests(text: string): ObjectJson[] {
  return text.split(/^---.*$/m).flatMap((document) => documents(document));
}
