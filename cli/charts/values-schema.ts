/** Checks our values against a chart's values.schema.json, as Helm does. */
import { Ajv, type ErrorObject, type Options } from "ajv";
import { Ajv2020 } from "ajv/dist/2020";
import { isObject, type Json } from "../../synthesized/stack";
import { readYaml } from "../../synthesized/yaml";
import type { Chart } from "./chart";

// Like Helm, ignores unknown keywords and formats.
const OPTIONS: Options = { allErrors: true, strict: false, validateFormats: false };

/** Merges our values into the chart's own; null removes a key. */
export function coalesced(theirs: Json, ours: Json): Json {
  const merged: Json = { ...theirs };
  for (const [key, value] of Object.entries(ours)) {
    const under = theirs[key];
    if (value === null) delete merged[key];
    else merged[key] = isObject(value) && isObject(under) ? coalesced(under, value) : value;
  }
  return merged;
}

function line({ instancePath, keyword, message = "is wrong", params }: ErrorObject): string {
  const at = instancePath === "" ? "the values" : instancePath.slice(1).replaceAll("/", ".");
  const extra = (params as { additionalProperty?: string }).additionalProperty;
  const allowed = keyword === "enum" ? `: ${(params as { allowedValues: unknown[] }).allowedValues.join(", ")}` : "";
  return extra === undefined ? `${at} ${message}${allowed}` : `${at}: the schema knows no key ${extra}`;
}

/** One line for each value that the chart's schema refuses; none where the chart has no schema. */
export function schemaFaults(values: Json, chart: Pick<Chart, "values" | "schema">): string[] {
  const { schema } = chart;
  if (!schema) return [];
  const ajv = String(schema["$schema"]).includes("2020-12") ? new Ajv2020(OPTIONS) : new Ajv(OPTIONS);
  const validate = ajv.compile(schema);
  const theirs = (readYaml(chart.values, { place: "values.yaml" }) ?? {}) as Json;
  return validate(coalesced(theirs, values)) ? [] : [...new Set((validate.errors ?? []).map(line))];
}
