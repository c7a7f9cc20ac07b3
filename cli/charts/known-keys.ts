/**
 * Keys that a chart knows, by what it says of itself: the keys of its values.yaml, those that stand there in a
 * comment (`# existingClaim:`), and those of its schema. A chart passes over any other in silence, unless its
 * templates take every key at that place: see `FREE_FORM`.
 */
import type { ChartEntry } from "../../ground/versions";
import { isObject, type Json } from "../../synthesized/stack";
import { readYaml } from "../../synthesized/yaml";
import type { Chart } from "./chart";

/**
 * Maps of which a chart takes any key although its values.yaml gives them some. Nothing but the templates tells:
 * `verify` against packages puts a made-up key in and looks for it in what is rendered.
 */
export const FREE_FORM: Readonly<Record<string, readonly string[]>> = {
  chronograf: ["env"],
  influxdb: ["config.http"],
  traefik: ["service.spec"],
};

/** A key of ours that a chart does not name. */
export interface UnknownKey {
  /** From the top of the values. */
  readonly path: readonly string[];
  /** What the chart names at that place. */
  readonly allowed: readonly string[];
}

type Schema = Readonly<Record<string, unknown>>;

const COMMENT = /^( *)# ?( *)([A-Za-z][\w.-]*):(?:\s|$)/;
const KEY = /^( *)(?:([\w.-]+)|"([^"]+)"):(?:\s|$)/;

/** Paths of the keys that stand in comments, dots between the keys. A comment belongs to the keys above it. */
export function commentedKeys(text: string): Set<string> {
  const found = new Set<string>();
  const above: { indent: number; name: string }[] = [];
  const enter = (indent: number, name: string): string => {
    while ((above.at(-1)?.indent ?? -1) >= indent) above.pop();
    above.push({ indent, name });
    return above.map((one) => one.name).join(".");
  };
  for (const line of text.split("\n")) {
    const comment = COMMENT.exec(line);
    const key = KEY.exec(line);
    if (comment?.[3] !== undefined) found.add(enter((comment[1] ?? "").length + (comment[2] ?? "").length, comment[3]));
    else if (key) enter((key[1] ?? "").length, key[2] ?? key[3] ?? "");
  }
  return found;
}

/** A schema and all that it refers to or is made of. */
function parts(schema: unknown, root: Schema, depth = 0): Schema[] {
  if (!isObject(schema) || depth > 20) return [];
  const reference = schema["$ref"];
  const target =
    typeof reference === "string" && reference.startsWith("#/")
      ? reference
          .slice(2)
          .split("/")
          .reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), root)
      : undefined;
  const more = ["allOf", "anyOf", "oneOf"].flatMap((key) => (schema[key] ?? []) as unknown[]);
  return [schema, ...[target, ...more].flatMap((inner) => parts(inner, root, depth + 1))];
}

/** What a schema says of a key below it; undefined where it does not know the key. */
function below(schemas: readonly Schema[], key: string, root: Schema): Schema[] | undefined {
  const found = schemas.flatMap(({ properties, patternProperties, additionalProperties }) => {
    if (isObject(properties) && key in properties) return [properties[key]];
    if (isObject(patternProperties)) {
      const pattern = Object.keys(patternProperties).find((one) => new RegExp(one, "u").test(key));
      if (pattern !== undefined) return [patternProperties[pattern]];
    }
    return isObject(additionalProperties) ? [additionalProperties] : [];
  });
  return found.length > 0 ? found.flatMap((one) => (one === true ? [{}] : parts(one, root))) : undefined;
}

/** Whether a schema takes every key here: it describes a map and names no key of it. */
function takesAny(schemas: readonly Schema[]): boolean {
  const closed = ({ properties, patternProperties, additionalProperties }: Schema): boolean =>
    (isObject(properties) && Object.keys(properties).length > 0) ||
    isObject(patternProperties) ||
    additionalProperties === false;
  return schemas.length > 0 && !schemas.some(closed);
}

/** Keys of our values that a chart does not name, each at its topmost place; without those that its schema refuses. */
export function unknownKeys(values: Json, chart: Pick<Chart, "entry" | "values" | "schema">): UnknownKey[] {
  const defaults: unknown = readYaml(chart.values, { place: "values.yaml" }) ?? {};
  const commented = commentedKeys(chart.values);
  const root: Schema = chart.schema ?? {};
  const found: UnknownKey[] = [];
  const look = (ours: Json, theirs: unknown, schemas: readonly Schema[], path: readonly string[]): void => {
    // Such a schema refuses the key by itself.
    const closed = schemas.some(({ additionalProperties }) => additionalProperties === false);
    for (const [key, value] of Object.entries(ours)) {
      const here = [...path, key];
      const known = isObject(theirs) && key in theirs;
      const described = below(schemas, key, root);
      if (!known && !described && !commented.has(here.join("."))) {
        if (!closed) found.push({ path: here, allowed: allowedBelow(theirs, commented, path, schemas) });
        continue;
      }
      const next = known ? theirs[key] : undefined;
      if (!isObject(value) || takesAnyKey(next, described)) continue;
      look(value, next, described ?? [], here);
    }
  };
  look(values, defaults, chart.schema ? parts(root, root) : [], []);
  return found;
}

/** An empty map, or nothing, is there for the user to fill, unless the schema says with what. */
function takesAnyKey(theirs: unknown, described: readonly Schema[] | undefined): boolean {
  const open = !isObject(theirs) || Object.keys(theirs).length === 0;
  return open && (described === undefined || takesAny(described));
}

function allowedBelow(
  theirs: unknown,
  commented: ReadonlySet<string>,
  path: readonly string[],
  schemas: readonly Schema[],
): string[] {
  const start = path.length > 0 ? `${path.join(".")}.` : "";
  const inComments = [...commented].flatMap((one) =>
    one.startsWith(start) && !one.slice(start.length).includes(".") ? [one.slice(start.length)] : [],
  );
  const inSchema = schemas.flatMap(({ properties }) => (isObject(properties) ? Object.keys(properties) : []));
  return [...new Set([...(isObject(theirs) ? Object.keys(theirs) : []), ...inComments, ...inSchema])].sort();
}

/** Whether `FREE_FORM` says that a chart takes any key where this one stands. */
export function isFreeForm({ chart }: Pick<ChartEntry, "chart">, path: readonly string[]): boolean {
  return (FREE_FORM[chart] ?? []).includes(path.slice(0, -1).join("."));
}
