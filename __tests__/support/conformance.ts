/**
 * Whether what we synthesize is what a provider's version takes: a check of `cdk.tf.json` against the schemas
 * that `terraform providers schema -json` prints, without Terraform.
 */
import { type Block, blocks, type Json, type TerraformJson } from "../../synthesized/stack";

/** A type of Terraform: a name, or a list such as `["list", "string"]`. */
export type TerraformType = string | readonly [string, unknown, ...unknown[]];

/** What a schema says of an attribute. */
export interface AttributeSchema {
  readonly type?: TerraformType;
  readonly nested_type?: {
    readonly attributes?: Readonly<Record<string, AttributeSchema>>;
    readonly nesting_mode: string;
  };
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly deprecated?: boolean;
  readonly write_only?: boolean;
}

/** What a schema says of a block. */
export interface BlockSchema {
  readonly attributes?: Readonly<Record<string, AttributeSchema>>;
  readonly block_types?: Readonly<
    Record<string, { nesting_mode: string; min_items?: number; max_items?: number; block: BlockSchema }>
  >;
  readonly deprecated?: boolean;
}

type Schemas = Readonly<Record<string, { readonly block: BlockSchema }>>;

/** A provider, as its file says. */
export interface ProviderSchema {
  readonly provider?: { readonly block: BlockSchema };
  readonly resource_schemas?: Schemas;
  readonly data_source_schemas?: Schemas;
  readonly ephemeral_resource_schemas?: Schemas;
}

/** What Terraform itself takes in every block of a section. */
const META: Readonly<Record<string, readonly string[]>> = {
  resource: ["count", "for_each", "depends_on", "lifecycle", "provider", "provisioner", "connection"],
  data: ["count", "for_each", "depends_on", "lifecycle", "provider"],
  ephemeral: ["count", "for_each", "depends_on", "lifecycle", "provider"],
  provider: ["alias"],
};

const isReference = (value: unknown): value is string => typeof value === "string" && /(^|[^$])\$\{/.test(value);
const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What an attribute's value is not, or nothing. */
function typeFault(type: TerraformType, value: unknown): string | undefined {
  if (value === null || isReference(value)) return undefined;
  const [kind, inner] = typeof type === "string" ? [type, undefined] : [type[0], type[1]];
  const wanted = (ok: boolean, what: string) => (ok ? undefined : `allowed ${what}`);
  switch (kind) {
    case "string":
      return wanted(["string", "number", "boolean"].includes(typeof value), "text");
    case "number":
      return wanted(typeof value === "number" || /^-?\d+(\.\d+)?$/.test(String(value)), "a number");
    case "bool":
      return wanted(typeof value === "boolean" || value === "true" || value === "false", "true or false");
    case "list":
    case "set":
      if (!Array.isArray(value)) return `allowed a ${kind}`;
      return value.map((each) => typeFault(inner as TerraformType, each)).find(Boolean);
    case "map":
      if (!isObject(value)) return "allowed a map";
      return Object.values(value)
        .map((each) => typeFault(inner as TerraformType, each))
        .find(Boolean);
    case "object": {
      if (!isObject(value)) return "allowed an object";
      const types = inner as Record<string, TerraformType>;
      const unknown = Object.keys(value).find((key) => !(key in types));
      if (unknown) return `${unknown} is unknown`;
      return Object.entries(value)
        .map(([key, each]) => typeFault(types[key] ?? "dynamic", each))
        .find(Boolean);
    }
    default:
      return undefined;
  }
}

type Visit = (where: string, attribute: string, value: unknown, schema: AttributeSchema) => void;

/** Faults of the attributes of a block or of a nested attribute. */
function attributeFaults(
  attributes: Readonly<Record<string, AttributeSchema>>,
  body: Json,
  where: string,
  visit: Visit,
): string[] {
  return Object.entries(attributes).flatMap(([name, schema]) => {
    const at = `${where}.${name}`;
    const value = body[name];
    if (value === undefined || value === null)
      return schema.required ? [`${at}: missing, the provider requires it`] : [];
    visit(where, name, value, schema);
    const faults: string[] = [];
    if (schema.deprecated) faults.push(`${at}: deprecated`);
    if (!schema.required && !schema.optional) faults.push(`${at}: only the provider sets it`);
    if (schema.nested_type) return [...faults, ...nestedFaults(schema.nested_type, value, at, visit)];
    const fault = schema.type && typeFault(schema.type, value);
    return fault ? [...faults, `${at}: got ${JSON.stringify(value)?.slice(0, 60)}, ${fault}`] : faults;
  });
}

function nestedFaults(
  { attributes = {}, nesting_mode: mode }: NonNullable<AttributeSchema["nested_type"]>,
  value: unknown,
  at: string,
  visit: Visit,
): string[] {
  if (isReference(value)) return [];
  const many = mode === "list" || mode === "set";
  if (many !== Array.isArray(value)) return [`${at}: allowed ${many ? "a list of objects" : "an object"}`];
  const each = many ? (value as unknown[]) : mode === "map" ? Object.values(value as Json) : [value];
  return each.flatMap((one, i) => {
    const where = many ? `${at}[${i}]` : at;
    if (!isObject(one)) return isReference(one) ? [] : [`${where}: allowed an object`];
    const unknown = Object.keys(one).filter((key) => !(key in attributes));
    return [...unknown.map((key) => `${where}.${key}: unknown`), ...attributeFaults(attributes, one, where, visit)];
  });
}

/** Blocks of one name: written one by one, or made by Terraform with `dynamic`. */
function writtenBlocks(body: Json, name: string): { bodies: unknown[]; counted: boolean } {
  const value = body[name];
  const dynamic = isObject(body["dynamic"]) ? body["dynamic"][name] : undefined;
  const generated = dynamic === undefined ? [] : [dynamic].flat().map((one) => (one as Json)["content"]);
  const written = value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
  return { bodies: [...(written as unknown[]), ...generated], counted: dynamic === undefined && !isReference(value) };
}

function blockFaults(schema: BlockSchema, body: Json, where: string, meta: readonly string[], visit: Visit): string[] {
  const attributes = schema.attributes ?? {};
  const nested = schema.block_types ?? {};
  const known = (key: string) => key in attributes || key in nested || key === "//" || meta.includes(key);
  const dynamic = isObject(body["dynamic"]) ? Object.keys(body["dynamic"]) : [];
  const faults = [
    ...(schema.deprecated ? [`${where}: deprecated`] : []),
    ...Object.keys(body)
      .filter((key) => key !== "dynamic" && !known(key))
      .map((key) => `${where}.${key}: unknown`),
    ...dynamic.filter((key) => !(key in nested)).map((key) => `${where}.${key}: unknown`),
    ...attributeFaults(attributes, body, where, visit),
  ];
  for (const [name, { block, nesting_mode: mode, min_items: min = 0, max_items: max }] of Object.entries(nested)) {
    const { bodies, counted } = writtenBlocks(body, name);
    const most = mode === "single" || mode === "group" ? 1 : max;
    if (counted && bodies.length < min) faults.push(`${where}.${name}: missing, the provider requires ${min}`);
    if (most && bodies.length > most) faults.push(`${where}.${name}: got ${bodies.length}, allowed ${most}`);
    bodies.forEach((one, i) => {
      const at = bodies.length > 1 ? `${where}.${name}[${i}]` : `${where}.${name}`;
      if (isObject(one)) faults.push(...blockFaults(block, one, at, [], visit));
      else if (!isReference(one)) faults.push(`${at}: allowed a block`);
    });
  }
  return faults;
}

/** A write-only value is written when its revision changes, and at no other time. */
function revisionFaults(where: string, name: string, body: Json, schema: BlockSchema): string[] {
  const revision = [`${name}_revision`, `${name}_version`].find((key) => key in (schema.attributes ?? {}));
  return revision && (body[revision] === undefined || body[revision] === null)
    ? [`${where}.${name}: write-only, set ${revision} too`]
    : [];
}

/** Names of ephemeral variables and resources, as an expression names them. */
function ephemeralNames(stack: TerraformJson): string[] {
  return [
    ...Object.entries(stack.variable ?? {})
      .filter(([, variable]) => variable["ephemeral"] === true)
      .map(([name]) => `var.${name}`),
    ...blocks(stack.ephemeral).map(({ address }) => `ephemeral.${address}`),
  ];
}

const mentions = (value: unknown, names: readonly string[]): string | undefined => {
  const expressions = (JSON.stringify(value) ?? "").match(/\$\{[^}]*\}/g) ?? [];
  return names.find((name) =>
    expressions.some((text) => new RegExp(`\\b${name.replaceAll(".", "\\.")}\\b`).test(text)),
  );
};

interface Section {
  readonly name: string;
  readonly schemas: (provider: ProviderSchema) => Schemas | undefined;
  readonly blocks: (stack: TerraformJson) => Block[];
}

const SECTIONS: readonly Section[] = [
  { name: "resource", schemas: (one) => one.resource_schemas, blocks: (stack) => blocks(stack.resource) },
  { name: "data", schemas: (one) => one.data_source_schemas, blocks: (stack) => blocks(stack.data) },
  { name: "ephemeral", schemas: (one) => one.ephemeral_resource_schemas, blocks: (stack) => blocks(stack.ephemeral) },
];

function ephemeralFaults(
  where: string,
  body: Json,
  writeOnly: ReadonlySet<string>,
  names: readonly string[],
): string[] {
  return Object.entries(body).flatMap(([key, value]) => {
    const name = writeOnly.has(key) ? undefined : mentions(value, names);
    return name ? [`${where}.${key}: reads ${name}, which is ephemeral, allowed in write-only attributes only`] : [];
  });
}

/** Faults of a stack, one line each; `schemas` by the local names of the providers. */
export function conformanceFaults(stack: TerraformJson, schemas: ReadonlyMap<string, ProviderSchema>): string[] {
  const names = ephemeralNames(stack);
  const faults: string[] = [];
  for (const [name, configured] of Object.entries(stack.provider ?? {})) {
    const schema = schemas.get(name)?.provider?.block;
    if (!schema) faults.push(`provider ${name}: no schema`);
    else
      for (const body of [configured].flat())
        faults.push(...blockFaults(schema, body, `provider ${name}`, META["provider"] ?? [], () => undefined));
  }
  for (const section of SECTIONS)
    for (const { address, type, body } of section.blocks(stack)) {
      const provider = schemas.get(type.split("_")[0] ?? "");
      const schema = provider && section.schemas(provider)?.[type]?.block;
      const where = section.name === "resource" ? address : `${section.name}.${address}`;
      if (!schema) {
        faults.push(
          `${where}: ${provider ? `the provider has no ${section.name} ${type}` : "no schema of its provider"}`,
        );
        continue;
      }
      const writeOnly = new Set<string>();
      const note: Visit = (at, attribute, _value, { write_only: isWriteOnly }) => {
        if (isWriteOnly && at === where) writeOnly.add(attribute);
      };
      faults.push(...blockFaults(schema, body, where, META[section.name] ?? [], note));
      for (const attribute of writeOnly) faults.push(...revisionFaults(where, attribute, body, schema));
      if (section.name !== "ephemeral") faults.push(...ephemeralFaults(where, body, writeOnly, names));
    }
  for (const [name, output] of Object.entries(stack.output ?? {})) {
    const found = output["ephemeral"] === true ? undefined : mentions(output["value"], names);
    if (found) faults.push(`output.${name}: reads ${found}, which is ephemeral`);
  }
  for (const [name, value] of Object.entries(stack.locals ?? {})) {
    const found = mentions(value, names);
    if (found) faults.push(`local.${name}: reads ${found}, which is ephemeral, read it where it is written`);
  }
  return faults;
}
