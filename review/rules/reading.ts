/**
 * How rules read a resource: secrets included, since a rule judges and shows nothing of what it reads. What cannot be
 * read is never taken for what is not there.
 */
import { bytes } from "../../ground/units";
import { isBranch, isList, Secret, type Tree, UNKNOWN } from "../model/tree";

/** A rule cannot read what it judges by. The message says what and why, and quotes nothing: it may be a secret. */
export class Unreadable extends Error {
  constructor(message: string) {
    super(message);
    this.name = "Unreadable";
  }
}

/** What stands behind a mark. */
function revealed(value: Tree | undefined): Tree | undefined {
  let found = value;
  while (found instanceof Secret) found = found.reveal();
  return found;
}

function opened(value: Tree | undefined, keys: readonly string[]): Tree | undefined {
  const found = revealed(value);
  if (found === UNKNOWN) throw new Unreadable(`${keys.join(".") || "it"} is known after the apply only`);
  return found;
}

/**
 * The value at these keys, blocks of Terraform seen through; undefined where nothing stands there.
 *
 * @throws {Unreadable} where it is not known yet.
 */
export function at(value: Tree | undefined, ...keys: string[]): Tree | undefined {
  return keys.reduce<Tree | undefined>(
    (outer, key, i) => {
      const one = Array.isArray(outer) ? opened(outer[0] as Tree | undefined, keys.slice(0, i)) : outer;
      return opened(isBranch(one) && Object.hasOwn(one, key) ? one[key] : undefined, keys.slice(0, i + 1));
    },
    opened(value, []),
  );
}

/**
 * The text or number at these keys; undefined where there is none.
 *
 * @throws {Unreadable} where something else stands there, or what is not known yet.
 */
export function textAt(value: Tree | undefined, ...keys: string[]): string | undefined {
  const found = at(value, ...keys);
  if (found === undefined || found === null) return undefined;
  if (typeof found === "object") throw new Unreadable(`${keys.join(".")} is no text`);
  return String(found);
}

/**
 * The number at these keys; `fallback` where there is none.
 *
 * @throws {Unreadable} where something else stands there, or what is not known yet.
 */
export function numberAt(fallback: number, value: Tree | undefined, ...keys: string[]): number {
  const text = textAt(value, ...keys);
  const found = text === undefined || text === "" ? fallback : Number(text);
  if (Number.isNaN(found) && !Number.isNaN(fallback)) throw new Unreadable(`${keys.join(".")} is no number`);
  return found;
}

/**
 * The list at these keys; empty where there is none. A single block of Terraform is a list of one.
 *
 * @throws {Unreadable} where something else stands there, or what is not known yet.
 */
export function listAt(value: Tree | undefined, ...keys: string[]): readonly Tree[] {
  const found = at(value, ...keys);
  if (found === undefined || found === null || found === "") return [];
  if (isList(found)) return found.map((one) => revealed(one) ?? null);
  if (isBranch(found)) return [found];
  throw new Unreadable(`${keys.join(".")} is no list`);
}

/**
 * Bytes of a quantity of Kubernetes.
 *
 * @throws {Unreadable} where it is none.
 */
export function bytesOf(quantity: string): number {
  const found = bytes(quantity);
  if (Number.isNaN(found)) throw new Unreadable("a size is no quantity of Kubernetes");
  return found;
}

/** What is found; nothing where it cannot be read. For what only makes a finding milder: such as who takes something over. */
export function ifReadable<T>(find: () => readonly T[]): readonly T[] {
  try {
    return find();
  } catch (error) {
    if (error instanceof Unreadable) return [];
    throw error;
  }
}
