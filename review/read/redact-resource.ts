/** Marks the secrets of a whole resource: those of its type, and those in a release's values. */
import { isObject, parseValues } from "../../synthesized/stack";
import { redact } from "./redact";
import type { Tree } from "../model/tree";

/** Attributes of a type that are secrets though its provider may not say so. */
const SECRET_ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  kubernetes_secret_v1: ["data", "binary_data", "data_wo", "binary_data_wo"],
  kubernetes_secret: ["data", "binary_data"],
  local_sensitive_file: ["content", "content_base64"],
  random_password: ["result", "bcrypt_hash"],
  tls_private_key: ["private_key_pem", "private_key_openssh", "private_key_pem_pkcs8"],
  helm_release: ["set_sensitive", "set_wo", "repository_password"],
};

/**
 * A resource's attributes with their secrets marked, the same for plans, synthesized stacks and what is in the cluster.
 * `sensitive` and `unknown` are the provider's masks, as {@link redact} takes them. `unescape` undoes the escapes in
 * its texts: a plan has none, a synthesized stack has.
 */
export function redactOf(
  type: string,
  body: unknown,
  sensitive?: unknown,
  unknown?: unknown,
  unescape?: (text: string) => string,
): Tree {
  const read = unescape ? mapped(body, unescape) : body;
  const value = type === "helm_release" ? opened(read) : read;
  const secret = SECRET_ATTRIBUTES[type];
  if (!secret) return redact(value, sensitive, unknown);
  const mask = sensitive !== null && typeof sensitive === "object" ? sensitive : {};
  const held = (value ?? {}) as Record<string, unknown>;
  const all = Object.fromEntries(
    secret.filter((key) => held[key] !== undefined && held[key] !== null).map((key) => [key, true]),
  );
  return redact(value, sensitive === true ? true : { ...mask, ...all }, unknown);
}

/** What the provider writes: the values once more, and what came out of them. */
const COMPUTED = ["metadata", "manifest", "resources"];

/** A release with its values as objects in place of YAML; a text that is no YAML stays one. */
function opened(body: unknown): unknown {
  if (body === null || typeof body !== "object") return body;
  const rest = Object.entries(body).filter(([key]) => !COMPUTED.includes(key));
  const values = (body as Record<string, unknown>)["values"];
  return {
    ...Object.fromEntries(rest),
    ...(Array.isArray(values) ? { values: values.map(parsed) } : {}),
  };
}

/** A value with each of its texts changed. */
function mapped(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((one) => mapped(one, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapped(one, change)]));
}

function parsed(text: unknown): unknown {
  if (typeof text !== "string") return text;
  try {
    return parseValues(text);
  } catch {
    return text;
  }
}
