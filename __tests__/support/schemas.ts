/** Schemas of providers, as `terraform providers schema -json` prints them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { PROVIDER_VERSIONS } from "../../ground/versions";
import type { ProviderSchema } from "./conformance";
import { CHECKOUT } from "./sites";

const OWN = join(CHECKOUT, "__tests__", "conformance", "schemas");

/** Folders that are looked into, first one first: those of PROVIDER_SCHEMAS, or the one beside the checkout. */
export const SCHEMA_FOLDERS: readonly string[] = [
  ...(process.env["PROVIDER_SCHEMAS"]?.split(delimiter) ?? [
    join(CHECKOUT, "..", "shared", "data", "provider-schemas"),
  ]),
  OWN,
];

/** Schemas of the catalogue's providers at exactly its versions, and the names of those that are nowhere. */
export function catalogueSchemas(folders: readonly string[] = SCHEMA_FOLDERS): {
  schemas: Map<string, ProviderSchema>;
  missing: string[];
} {
  const schemas = new Map<string, ProviderSchema>();
  const missing: string[] = [];
  for (const [name, version] of Object.entries(PROVIDER_VERSIONS)) {
    const path = folders.map((folder) => join(folder, `${name}-${version}.json`)).find((file) => existsSync(file));
    const file =
      path && (JSON.parse(readFileSync(path, "utf8")) as { provider_schemas: Record<string, ProviderSchema> });
    const schema = file ? Object.values(file.provider_schemas)[0] : undefined;
    if (schema) schemas.set(name, schema);
    else missing.push(`${name}-${version}.json`);
  }
  return { schemas, missing };
}

/** Whether a folder of schemas is there at all beside our own excerpt. */
export function hasSchemas(): boolean {
  return SCHEMA_FOLDERS.slice(0, -1).some((folder) => existsSync(folder) && readdirSync(folder).length > 0);
}
