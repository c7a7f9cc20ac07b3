/**
 * Marks secrets before anything shows a value: what the provider marks, and what our own list knows, since a provider
 * marks no text of YAML and no variable of a container. Rules read what is behind a mark, and nobody else does.
 */
import { hiddenPart, isEmpty, Secret, type Tree, UNKNOWN } from "../model/tree";

/** Keys whose text is a secret. What only names one (`existingSecret`, `passwordKey`) does not match. */
const SECRET_KEY =
  /^(?:.*[-_.])?(?:pass(?:word|wd|phrase)?|token|(?:client|app|shared|cookie)_secret|credentials?|api_?key|(?:access|secret|private|client|encryption|signing)_?(?:access_?)?key|htpasswd|dockerconfigjson|private_key_pem(?:_pkcs8)?|private_key_openssh|bcrypt_hash)$/;

/** Variables of an environment are called so. */
const SECRET_VARIABLE = /^[A-Z0-9_]*SECRET$/;

/** Texts that are secrets wherever they stand. */
const SECRET_TEXT =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|\b(?:hvs|hvb)\.[\w-]{16,}|\bgh[pousr]_\w{20,}|\bAKIA[0-9A-Z]{16}\b|\bK10[0-9a-f]{20,}::|:\/\/[^/\s:@]*:[^/\s@$(]+@/;

/** `NAME=value` of a container's environment, `--name=value` of its arguments. */
const ASSIGNMENT = /^(?:--?)?([A-Za-z_][A-Za-z0-9_.-]*)=([\s\S]*)$/;

/** `--name`, whose value is the next argument. */
const FLAG = /^--?([A-Za-z_][A-Za-z0-9_.-]*)$/;

/** A line of a configuration that gives a value to a key; a reference to a variable is no secret. */
const CONFIG_LINE = /^(\s*(?:export\s+|-\s+)?["']?([A-Za-z0-9_.-]+)["']?\s*[:=]\s*)(["']?)(.+?)\3\s*,?\s*$/;

const REFERENCE = /^["']?(?:\$\{?[A-Za-z_(]|<%|\{\{)/;

/** Whether what stands under this key is a secret. */
function isSecretKey(key: string): boolean {
  const plain = key.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
  return plain.endsWith("_wo") || SECRET_VARIABLE.test(key) || SECRET_KEY.test(plain);
}

/** A text; a `Secret` where it is one, or where some of its lines are. */
function redactText(text: string): Tree {
  if (!text.includes("\n")) {
    if (SECRET_TEXT.test(text)) return new Secret(text);
    const [, name, value] = ASSIGNMENT.exec(text) ?? [];
    return name !== undefined && value && isSecretKey(name) && !REFERENCE.test(value) ? new Secret(text) : text;
  }
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return new Secret(text);
  const shown = text
    .split("\n")
    .map((line) => {
      const [, head, key, , value] = CONFIG_LINE.exec(line) ?? [];
      if (head !== undefined && key !== undefined && value && isSecretKey(key) && !REFERENCE.test(value))
        return head + hiddenPart(value);
      return SECRET_TEXT.test(line) ? hiddenPart(line) : line;
    })
    .join("\n");
  return shown === text ? text : new Secret(text, { text: shown });
}

/** A text as it may be shown. */
export function redactedText(text: string): string {
  return SECRET_TEXT.test(text) ? text.replace(new RegExp(SECRET_TEXT, "g"), "(secret)") : text;
}

/** Whether an object gives a value to a name that is a secret's: a container's variable, a chart's `set`. */
function namesSecretValue(value: Readonly<Record<string, unknown>>): boolean {
  return typeof value["name"] === "string" && isSecretKey(value["name"].split(".").at(-1) ?? "");
}

/**
 * A value with its secrets marked.
 *
 * @param value - as the provider or the program wrote it
 * @param sensitive - the provider's mask: `true` where all below is secret
 * @param unknown - the provider's mask of what is not known yet
 */
export function redact(value: unknown, sensitive?: unknown, unknown?: unknown): Tree {
  if (sensitive === true) return unknown === true ? UNKNOWN : hidden(value, unknown);
  if (unknown === true) return UNKNOWN;
  if (typeof value === "string") return redactText(value);
  if (Array.isArray(value)) return redactList(value, sensitive, unknown);
  if (value !== null && typeof value === "object")
    return redactObject(value as Record<string, unknown>, sensitive, unknown);
  if (value !== null && value !== undefined) return value as Tree;
  // What is not there yet has the form of its mask.
  if (Array.isArray(unknown)) return redactList([], undefined, unknown);
  return unknown !== null && typeof unknown === "object" ? redactObject({}, undefined, unknown) : null;
}

/** A secret whose content keeps the marks of what is not known yet. */
function hidden(value: unknown, unknown: unknown): Secret {
  return new Secret(value, { tree: redact(value, undefined, unknown) });
}

const part = (mask: unknown, key: string | number): unknown =>
  mask !== null && typeof mask === "object" ? (mask as Record<string | number, unknown>)[key] : undefined;

function redactList(value: readonly unknown[], sensitive: unknown, unknown: unknown): Tree {
  const length = Math.max(value.length, Array.isArray(unknown) ? unknown.length : 0);
  return Array.from({ length }, (_, i) => {
    const flag = typeof value[i - 1] === "string" ? FLAG.exec(value[i - 1] as string)?.[1] : undefined;
    const follows = flag !== undefined && isSecretKey(flag) && typeof value[i] === "string";
    return redact(value[i], follows || part(sensitive, i), part(unknown, i));
  });
}

/** Where a Secret of the Kubernetes API holds its content. */
const SECRET_BODIES = ["data", "stringData", "binaryData"];

function redactObject(value: Readonly<Record<string, unknown>>, sensitive: unknown, unknown: unknown): Tree {
  const keys = new Set([
    ...Object.keys(value),
    ...(unknown && typeof unknown === "object" ? Object.keys(unknown) : []),
  ]);
  const isSecret = value["kind"] === "Secret";
  const givesSecret = namesSecretValue(value);
  const mapsKeys = "remoteRef" in value;
  return Object.fromEntries(
    [...keys].map((key) => {
      const [inner, masked, later] = [value[key], part(sensitive, key), part(unknown, key)];
      const isHidden =
        (isSecret && SECRET_BODIES.includes(key)) ||
        (givesSecret && ["value", "default"].includes(key)) ||
        (isSecretKey(key) && !mapsKeys && (typeof inner === "string" || Array.isArray(inner)));
      if (isHidden && !isEmpty(inner as Tree) && later !== true && !isReference(inner))
        return [key, hidden(inner, later)];
      return [key, redact(inner, masked, later)];
    }),
  );
}

const isReference = (value: unknown): boolean => typeof value === "string" && REFERENCE.test(value);
