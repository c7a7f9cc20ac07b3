/**
 * Values of a plan, with marks where a value is unknown or secret. What stands in a tree is safe to show: behind the
 * mark of a secret only rules look, which judge what they show nothing of.
 */
import { createHmac, randomBytes } from "node:crypto";
import { inside, isObject } from "../../synthesized/stack";
import type { JsonValue, Shown } from "./model";

class Unknown {
  readonly #unknown = true;

  toJSON(): string {
    return this.#unknown ? "(unknown)" : "";
  }
}

/** A value that is known after the apply only. */
export const UNKNOWN = new Unknown();

/**
 * A secret, or a text with secrets in it. It can be compared with another one, and read by rules ({@link revealed});
 * nothing prints or serializes it.
 */
export class Secret {
  readonly #json: string;
  readonly #content: Tree;
  readonly #text: string | undefined;

  /**
   * @param content - as the provider or the program wrote it
   * @param options - `text`: what is shown of a text that is secret in parts; `tree`: the content with its own marks
   */
  constructor(content: unknown, { text, tree = content as Tree }: { text?: string; tree?: Tree } = {}) {
    this.#json = JSON.stringify(content) ?? "";
    this.#content = tree;
    this.#text = text;
  }

  /** What may be shown of a text that is secret in parts; undefined where nothing may. */
  get text(): string | undefined {
    return this.#text;
  }

  /** Whether both hold the same. */
  equals(other: unknown): boolean {
    return other instanceof Secret && other.#json === this.#json;
  }

  /** Whether it holds a value at all: `null` and `""` are marked as secrets too. */
  get isEmpty(): boolean {
    return ["", "null", '""', "{}", "[]"].includes(this.#json);
  }

  /** What is behind the mark. For rules only: what they read there they do not show. */
  reveal(): Tree {
    return this.#content;
  }

  toJSON(): string {
    return this.#text === undefined ? "(secret)" : withoutMarks(this.#text);
  }

  toString(): string {
    return this.toJSON();
  }
}

const SALT = randomBytes(32);

/**
 * A secret inside a longer text: `(secret)`, followed by a mark that two different secrets do not share. The mark is
 * made with a key that no process keeps, and is taken out of all that is shown.
 */
export function hiddenPart(content: string): string {
  return `(secret)\uE000${createHmac("sha256", SALT).update(content).digest("hex").slice(0, 12)}\uE001`;
}

/** A text without the marks of {@link hiddenPart}. */
export function withoutMarks(text: string): string {
  return text.replace(/\uE000[0-9a-f]{12}\uE001/g, "");
}

/** A value with marks. */
export type Tree = null | boolean | number | string | Unknown | Secret | readonly Tree[] | Branch;
/** An object with marks. */
export interface Branch {
  readonly [key: string]: Tree;
}

/** Whether a value is a list. */
export function isList(value: Tree | undefined): value is readonly Tree[] {
  return Array.isArray(value);
}

/** Whether a value is an object with keys, and no mark. */
export function isBranch(value: unknown): value is Branch {
  return isObject(value);
}

/** Whether a value is absent: providers write that in many ways. */
export function isEmpty(value: Tree | undefined): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (value instanceof Secret) return value.isEmpty;
  if (Array.isArray(value)) return value.every((one) => isEmpty(one as Tree));
  return isBranch(value) && Object.keys(value).length === 0;
}

/** {@link inside} of a tree: behind a mark there is nothing. */
export function at(value: Tree | undefined, ...keys: string[]): Tree | undefined {
  return inside(value, ...keys) as Tree | undefined;
}

/** A text at these keys; undefined where there is none. */
export function textAt(value: Tree | undefined, ...keys: string[]): string | undefined {
  const found = at(value, ...keys);
  return typeof found === "string" ? found : typeof found === "number" ? String(found) : undefined;
}

/** The list at these keys; empty where there is none. */
export function listAt(value: Tree | undefined, ...keys: string[]): readonly Tree[] {
  const found = at(value, ...keys);
  return Array.isArray(found) ? (found as readonly Tree[]) : [];
}

/** Whether two trees say the same. An unknown value is equal to none. */
export function same(one: Tree | undefined, other: Tree | undefined): boolean {
  if (one === UNKNOWN || other === UNKNOWN) return false;
  if (one instanceof Secret) return one.equals(other);
  if (one === other || (isEmpty(one) && isEmpty(other))) return true;
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((each, i) => same(each as Tree, other[i] as Tree));
  if (!isBranch(one) || !isBranch(other)) return false;
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((key) => same(one[key], other[key]));
}

/** One side of a difference. */
export function shown(value: Tree): Shown {
  if (value instanceof Unknown) return { kind: "unknown" };
  if (value instanceof Secret && value.text === undefined) return { kind: "secret" };
  return { kind: "value", value: plain(value) };
}

/** A tree as JSON; marks inside it become words. */
function plain(value: Tree): JsonValue {
  if (value instanceof Unknown) return "(unknown)";
  if (value instanceof Secret) return value.toJSON();
  if (isList(value)) return value.map(plain);
  if (isBranch(value)) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
  return typeof value === "string" ? withoutMarks(value) : value;
}
