/** docs/environments.md and docs/environment.schema.json, from the schema of environments/. */
import { z } from "zod";
import { structure } from "../../environments/schema";
import { EXPECTATIONS } from "../../environments/values/expectation";

type Type = z.core.$ZodType;

interface Definition {
  readonly type: string;
  readonly innerType?: Type;
  readonly element?: Type;
  readonly valueType?: Type;
  readonly shape?: Readonly<Record<string, Type>>;
  readonly options?: readonly Type[];
  readonly values?: readonly unknown[];
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly defaultValue?: unknown;
}

/** A key of a section. */
interface Row {
  readonly key: string;
  readonly allowed: string;
  readonly fallback: string;
  readonly description: string;
}

const definition = (type: Type): Definition => type._zod.def;

/** A schema below its default and what makes it optional. */
function bare(type: Type): Type {
  const { innerType } = definition(type);
  return innerType ? bare(innerType) : type;
}

function described(type: Type): string {
  const own = z.globalRegistry.get(type)?.description;
  const { innerType } = definition(type);
  return own ?? (innerType ? described(innerType) : "");
}

/** What stands when the key is left out. */
function fallback(type: Type): string {
  const result = z.safeParse(z.strictObject({ key: type as z.ZodType }), {});
  if (!result.success) return "required";
  return result.data.key === undefined ? "none" : code(JSON.stringify(result.data.key));
}

const code = (text: string) => `\`${text.replaceAll("|", "\\|")}\``;

/** What the form of a value allows, and what to do about another value. */
function allowedByForm(type: Type): string | undefined {
  const form = EXPECTATIONS.get(type);
  return form && `${form.allowed}, ${form.remedy}`;
}

function allowed(type: Type): string {
  const inner = bare(type);
  const { type: kind, element, valueType, entries, values, options } = definition(inner);
  switch (kind) {
    case "literal":
      return (values ?? []).map((value) => code(String(value))).join(", ");
    case "enum":
      return Object.values(entries ?? {})
        .map((value) => code(String(value)))
        .join(", ");
    case "array":
      return `list: ${element && definition(bare(element)).shape ? "see below" : element ? allowed(element) : ""}`;
    case "record":
      return `map of ${valueType ? allowed(valueType) : "values"}`;
    case "union":
      return isPlainUnion(inner) ? (options ?? []).map(allowed).join(", or ") : "one of several kinds: see below";
    case "string":
      return allowedByForm(inner) ?? "text";
    case "number":
      return allowedByForm(inner) ?? "a whole number";
    case "boolean":
      return "`true`, `false`";
    default:
      return allowedByForm(inner) ?? kind;
  }
}

/** Rows of an object; objects inside it, but for lists and unions, stand in the same table. */
function rows(shape: Readonly<Record<string, Type>>, prefix = ""): Row[] {
  return Object.entries(shape).flatMap(([key, type]) => {
    const inner = definition(bare(type));
    if (inner.type === "object" && inner.shape) {
      const nested = rows(inner.shape, `${prefix}${key}.`);
      const about = described(type);
      return nested.map((row, i) => (i === 0 && about && !row.description ? { ...row, description: about } : row));
    }
    return [{ key: `${prefix}${key}`, allowed: allowed(type), fallback: fallback(type), description: described(type) }];
  });
}

/** A text that Markdown shows as it is, `code` in it left alone. */
const plain = (text: string) =>
  text.replace(/(`[^`]*`)|([<*])/g, (_all, kept?: string, sign?: string) => kept ?? `\\${sign}`);

function table(all: readonly Row[]): string {
  return [
    "| key | allowed | default | what it is |",
    "| --- | --- | --- | --- |",
    ...all.map((row) => `| \`${row.key}\` | ${plain(row.allowed)} | ${row.fallback} | ${plain(row.description)} |`),
  ].join("\n");
}

/** The heading, text and table of an object or of each member of a union, and of lists of objects in it. */
function sections(name: string, type: Type, depth: number): string[] {
  const inner = definition(bare(type));
  const heading = (text: string) => `${"#".repeat(depth)} ${text}`;
  const about = described(type);
  if (inner.type === "union" && inner.options?.every((one) => definition(one).shape))
    return [
      heading(`\`${name}\``),
      ...(about ? [`${about}.`] : []),
      ...inner.options.flatMap((one) => {
        const kind = definition(definition(one).shape?.["kind"] as Type).values?.[0];
        return sections(`${name}: ${String(kind)}`, one, depth + 1);
      }),
    ];
  const shape = inner.shape ?? {};
  const own = rows(shape);
  return [
    heading(`\`${name}\``),
    ...(about ? [`${about}.`] : []),
    table(own),
    ...lists(shape, name.replace(/: .*/, "")).flatMap(([path, element]) => sections(path, element, depth + 1)),
  ];
}

/** Lists of objects and choices between objects in an object, with their paths. */
function lists(shape: Readonly<Record<string, Type>>, path: string): [string, Type][] {
  return Object.entries(shape).flatMap(([key, type]): [string, Type][] => {
    const { type: kind, element, shape: inner } = definition(bare(type));
    if (inner) return lists(inner, `${path}.${key}`);
    if (kind === "union" && !isPlainUnion(type)) return [[`${path}.${key}`, type]];
    return element && definition(bare(element)).shape ? [[`${path}.${key}[]`, element]] : [];
  });
}

/** The text of docs/environments.md. */
export function environmentTables(): string {
  const all = Object.entries(structure.shape) as [string, Type][];
  const isSection = (type: Type) => ["object", "union"].includes(definition(bare(type)).type) && !isPlainUnion(type);
  return (
    [
      "# Environments",
      "<!-- Written by `npm run docs` from environments/systems: change those files. -->",
      "A site is one file of `environments/` that says only how it differs from the defaults. Every key that a file may " +
        "have is listed here; any other key is an error, and so is a value that is not allowed. " +
        "An editor that reads JSON Schema finds the same in [environment.schema.json](environment.schema.json).",
      "## The site",
      table(rows(Object.fromEntries(all.filter(([, type]) => !isSection(type))))),
      ...all.flatMap(([name, type]) => {
        const { element } = definition(bare(type));
        return element && definition(bare(element)).shape ? sections(`${name}[]`, element, 3) : [];
      }),
      ...all.filter(([, type]) => isSection(type)).flatMap(([name, type]) => sections(name, type, 2)),
    ].join("\n\n") + "\n"
  );
}

/** Whether a union is one of single values, not of objects. */
function isPlainUnion(type: Type): boolean {
  const { type: kind, options } = definition(bare(type));
  return kind === "union" && !options?.every((one) => definition(one).shape);
}

/** The text of docs/environment.schema.json: what a site's file may say, as JSON Schema. */
export function environmentJsonSchema(): string {
  const schema = z.toJSONSchema(structure, {
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      const about = allowedByForm(zodSchema);
      if (about) jsonSchema.$comment = `allowed ${about}`;
    },
  });
  return `${JSON.stringify({ ...schema, title: "A site" }, undefined, 2)}\n`;
}
