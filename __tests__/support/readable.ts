/**
 * A stack as a person can review it: YAML with sorted keys, chart values opened, embedded texts as lines, no
 * construct metadata, no hash in an id.
 */
import { blocks, type Json, releaseValues, type StackView, unescaped } from "../../synthesized/stack";
import { sorted } from "../../synthesized/text";
import { toYaml } from "../../synthesized/yaml";

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

function pretty(text: string): string {
  const plain = unescaped(text);
  if (!/^\s*[[{]/.test(plain)) return plain;
  try {
    return JSON.stringify(JSON.parse(plain), undefined, 2);
  } catch {
    return plain;
  }
}

function readable(value: unknown, name: (address: string) => string): unknown {
  if (typeof value === "string")
    return pretty(value.replace(/[a-z0-9_]+\.[A-Za-z0-9_-]+_[0-9A-F]{8}\b/g, (address) => name(address)));
  if (Array.isArray(value)) return value.map((inner) => readable(inner, name));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "//")
      .map(([key, inner]) => [key, readable(inner, name)]),
  );
}

/** The text of a stack's snapshot. */
export function readableStack(stack: StackView): string {
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
  return toYaml(sorted(readable(Object.fromEntries(sections), name)));
}
