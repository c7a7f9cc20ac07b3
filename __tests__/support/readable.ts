/**
 * A stack as a person can review it: YAML with sorted keys, chart values and TOML opened, embedded texts as lines, no
 * construct metadata, no hash in an id, nearly equal siblings once, and the name of a script of ours for its text.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse as parseToml, stringify as toToml } from "smol-toml";
import { blocks, type Json, releaseValues, type StackView, unescaped } from "../../synthesized/stack";
import { shortHash, sorted } from "../../synthesized/text";
import { toYaml } from "../../synthesized/yaml";
import { folded } from "./siblings";
import { CHECKOUT } from "./sites";

const HASH = /_[0-9A-F]{8}$/;

/** Address and readable address of every block whose id ends in a hash, unless two would become one. */
function renames(stack: StackView): Map<string, string> {
  const { resource, data, ephemeral } = stack.json;
  const all = [...blocks(resource), ...blocks(data), ...blocks(ephemeral)];
  const taken = new Map<string, number>();
  const short = (address: string) => address.replace(HASH, "");
  for (const { address } of all) taken.set(short(address), (taken.get(short(address)) ?? 0) + 1);
  return new Map(
    all
      .filter(({ address }) => HASH.test(address) && taken.get(short(address)) === 1)
      .map(({ address }) => [address, short(address)]),
  );
}

/** What stands for the hash of a file of a config map, by the hash: with the file every hash of it would change. */
function hashes(stack: StackView, name: (address: string) => string): Map<string, string> {
  return new Map(
    stack
      .resources("kubernetes_config_map_v1")
      .flatMap(({ address, body }) =>
        Object.entries((body["data"] ?? {}) as Record<string, string>).map(([key, text]): [string, string] => [
          shortHash(unescaped(text)),
          `(hash of ${name(address)} ${key})`,
        ]),
      ),
  );
}

/** Scripts of ours, by their texts: their own changes show what changes in them. */
const SCRIPTS = new Map(
  readdirSync(join(CHECKOUT, "constructs"), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(sh|py)$/.test(file))
    .map((file) => `constructs/${file}`)
    .map((file) => [readFileSync(join(CHECKOUT, file), "utf8"), `(text of ${file})`]),
);

function pretty(text: string): string {
  const plain = unescaped(text);
  if (!/^\s*[[{]/.test(plain)) return plain;
  try {
    return onLines(JSON.parse(plain));
  } catch {
    return plain;
  }
}

/** JSON in which each part that fits on one line stands on one. */
function onLines(value: unknown, before = ""): string {
  const flat = JSON.stringify(value);
  const isWhole = before === "";
  if (typeof value !== "object" || value === null || (!isWhole && before.length + flat.length <= 100)) return flat;
  const isList = Array.isArray(value);
  const inner = `${before}  `;
  const parts = Object.entries(value).map(
    ([key, one]) => `${inner}${isList ? "" : `${JSON.stringify(key)}: `}${onLines(one, inner)}`,
  );
  return `${isList ? "[" : "{"}\n${parts.join(",\n")}\n${before}${isList ? "]" : "}"}`;
}

/** A file of TOML as an object; undefined where it is none, or not what our own writer makes of that object. */
function opened(text: string): unknown {
  if (!/^\[|^[\w-]+ = /.test(text)) return undefined;
  try {
    const object = parseToml(text);
    return toToml(object).trim() === text.trim() ? object : undefined;
  } catch {
    return undefined;
  }
}

/** What stands in place of an address or of a hash. */
interface Words {
  readonly name: (address: string) => string;
  readonly hashes: ReadonlyMap<string, string>;
}

function readable(value: unknown, words: Words): unknown {
  const { name, hashes } = words;
  if (typeof value === "string")
    return (
      hashes.get(value) ??
      SCRIPTS.get(unescaped(value)) ??
      pretty(value.replace(/[a-z0-9_]+\.[A-Za-z0-9_-]+_[0-9A-F]{8}\b/g, (address) => name(address)))
    );
  if (Array.isArray(value)) return value.map((inner) => readable(inner, words));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "//")
      .map(([key, inner]) => {
        const text = readable(inner, words);
        const object = typeof text === "string" ? opened(text) : undefined;
        return object === undefined ? [key, text] : [`${key} (TOML)`, object];
      }),
  );
}

/** The text of a stack's snapshot. */
export function readableStack(stack: StackView): string {
  return toYaml(folded(readableValue(stack)));
}

/** What a stack's snapshot says, every sibling in full. */
export function readableValue(stack: StackView): unknown {
  const names = renames(stack);
  const name = (address: string) => names.get(address) ?? address;
  const open = (body: Json): Json => ("values" in body ? { ...body, values: releaseValues(body) } : body);
  const sections = Object.entries(stack.json)
    .filter(([section]) => section !== "//")
    .map(([section, content]) => {
      if (section !== "resource" && section !== "data" && section !== "ephemeral") return [section, content] as const;
      const byType: Record<string, Record<string, unknown>> = {};
      for (const { type, address, body } of blocks(content as Record<string, Record<string, Json>>))
        (byType[type] ??= {})[name(address).slice(type.length + 1)] = type === "helm_release" ? open(body) : body;
      return [section, byType] as const;
    });
  return sorted(readable(Object.fromEntries(sections), { name, hashes: hashes(stack, name) }));
}
