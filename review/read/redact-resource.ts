/** Takes secrets out of a whole resource: those of its type, and those in a release's values. */
import { parseValues } from "../../synthesized/stack";
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
 * A resource's attributes without secrets, the same for plans, synthesized stacks and what is in the cluster.
 * `sensitive` and `unknown` are the provider's masks, as {@link redact} takes them. `unescape` undoes the escapes in a
 * release's values: a plan has none, a synthesized stack has.
 */
export function redactOf(
  type: string,
  body: unknown,
  sensitive?: unknown,
  unknown?: unknown,
  unescape?: (text: string) => string,
): Tree {
  const value = type === "helm_release" ? opened(body, unescape) : body;
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
function opened(body: unknown, unescape: (text: string) => string = (text) => text): unknown {
  if (body === null || typeof body !== "object") return body;
  const rest = Object.entries(body).filter(([key]) => !COMPUTED.includes(key));
  const values = (body as Record<string, unknown>)["values"];
  return {
    ...Object.fromEntries(rest),
    ...(Array.isArray(values) ? { values: values.map((one) => parsed(one, unescape)) } : {}),
  };
}

function parsed(text: unknown, unescape: (text: string) => string): unknown {
  if (typeof text !== "string") return text;
  try {
    return parseValues(unescape(text));
  } catch {
    return text;
  }
}
