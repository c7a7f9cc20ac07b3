/** Our values against a chart's values.schema.json, as Helm holds them against it. */
import { Ajv, type ErrorObject, type Options } from "ajv";
import { Ajv2020 } from "ajv/dist/2020";
import type { Json } from "../../synthesized/stack";
import { readYaml } from "../../synthesized/yaml";
import type { Chart } from "./chart";

// As Helm: unknown keywords and formats are passed over.
const OPTIONS: Options = { allErrors: true, strict: false, validateFormats: false };

const isMap = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

/** Our values over the chart's own; null takes a key away. */
export function coalesced(theirs: Json, ours: Json): Json {
  const merged: Json = { ...theirs };
  for (const [key, value] of Object.entries(ours)) {
    const under = theirs[key];
    if (value === null) delete merged[key];
    else merged[key] = isMap(value) && isMap(under) ? coalesced(under, value) : value;
  }
  return merged;
}

function line({ instancePath, keyword, message = "is wrong", params }: ErrorObject): string {
  const at = instancePath === "" ? "the values" : instancePath.slice(1).replaceAll("/", ".");
  const extra = (params as { additionalProperty?: string }).additionalProperty;
  const allowed = keyword === "enum" ? `: ${(params as { allowedValues: unknown[] }).allowedValues.join(", ")}` : "";
  return extra === undefined ? `${at} ${message}${allowed}` : `${at}: the schema knows no key ${extra}`;
}

/** What the chart's schema refuses; one line each. Empty where it has none. */
export function schemaFaults(values: Json, chart: Pick<Chart, "values" | "schema">): string[] {
  const { schema } = chart;
  if (!schema) return [];
  const ajv = String(schema["$schema"]).includes("2020-12") ? new Ajv2020(OPTIONS) : new Ajv(OPTIONS);
  const validate = ajv.compile(schema);
  const theirs = (readYaml(chart.values, { place: "values.yaml" }) ?? {}) as Json;
  return validate(coalesced(theirs, values)) ? [] : [...new Set((validate.errors ?? []).map(line))];
}
