import { createHash } from "node:crypto";

/**
 * Keeps Terraform from reading `${…}` and `%{…}` of a text that is meant for another program. References to inputs
 * (`${var.…}`) stay Terraform's: no other program that we write for has any.
 */
export function literal(text: string): string {
  return text.replace(/[$%](?=\{)(?!\{var\.[a-z_]+\})/g, (mark) => mark + mark);
}

/** Texts by the names of their files, none of them a template of Terraform's: {@link literal}. */
export function literals(files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([file, text]) => [file, literal(text)]));
}

/** The first eight hexadecimal digits of a text's SHA-256: enough to tell two revisions apart. */
export function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

/** A JSON value with sorted keys at every depth; what is undefined is left out. */
export function sorted(value: unknown): unknown {
  return JSON.parse(stableJson(value));
}

/** JSON with sorted keys at every depth: the same value gives the same text. */
export function stableJson(value: unknown, indent?: number): string {
  return JSON.stringify(
    value,
    (_key, inner: unknown) =>
      inner && typeof inner === "object" && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    indent,
  );
}
