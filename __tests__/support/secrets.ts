/** Secrets that stand in a stack as plain text. */
import type { StackView } from "../../synthesized/stack";

const SECRET_KEY =
  /^(?!.*(secret_?name|_key_ref|path|file|wo_revision)$).*(password|passwd|token|client_?secret|private_?key(_pem)?|api_?key)$/i;
const ASSIGNMENT = /\b[\w.-]*(?:password|passwd|token|secret_key|api_key)[^\S\n]*[=:][^\S\n]*\\?"?([^\s"',;]+)/gi;
/** Names a secret, a file or a variable instead of being one. */
const POINTS_ELSEWHERE = /^(\$|\/|true$|false$|null$|@|\{|\[|<)|\$\{|\{\{/;

/** A part of a variable in a shell script: `${PASSWORD:i:1}`. */
const PART_OF_VARIABLE = /\$\{\w+:\w+:\w+\}/g;

/** How Strimzi's resources name a key of a Secret: `password` is the key. */
const KEY_OF_SECRET = /passwordSecret:\s+password: password\s+secretName: [a-z-]+/g;

/** Lines `path: text` of values under a key that names a secret, and of assignments inside texts. */
export function literalSecrets(stack: StackView): string[] {
  const found: string[] = [];
  const visit = (value: unknown, path: string[]): void => {
    if (Array.isArray(value)) value.forEach((inner, i) => visit(inner, [...path, String(i)]));
    else if (value && typeof value === "object")
      for (const [key, inner] of Object.entries(value))
        if (key !== "//") visit(inner, [...path, key]);
        else continue;
    else if (typeof value === "string") {
      if (
        path.at(-2) !== "passwordSecret" &&
        SECRET_KEY.test(path.at(-1) ?? "") &&
        value !== "" &&
        !POINTS_ELSEWHERE.test(value)
      )
        found.push(`${path.join(".")}: ${value}`);
      for (const [line, secret] of value.replace(KEY_OF_SECRET, "").replace(PART_OF_VARIABLE, "").matchAll(ASSIGNMENT))
        if (secret && !POINTS_ELSEWHERE.test(secret)) found.push(`${path.join(".")}: ${line}`);
    }
  };
  visit(
    { ...stack.json, resource: Object.fromEntries(stack.resources().map(({ address, body }) => [address, body])) },
    [],
  );
  for (const { name, values } of stack.releases()) visit(values, [`release ${name}`]);
  return found;
}
