/** A site of which parts are wrong, as far as it can be read: rules judge what they find right. */
import { z } from "zod";
import { type Environment, structure } from ".";
import { opened } from "./opened";

/** Ends whatever reads a value that is not of its form. */
export class Unreadable extends Error {}

function unreadable(): never {
  throw new Unreadable();
}

/** An object or a list whose parts are read when somebody asks for them. */
function lazy<T extends object>(whole: T, keys: readonly string[], part: (key: string) => unknown): T {
  for (const key of keys) {
    let get = unreadable as () => unknown;
    try {
      const value = part(key);
      get = () => value;
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
    }
    Object.defineProperty(whole, key, { get, enumerable: true });
  }
  return whole;
}

/** A value as its form reads it; a part that is wrong throws {@link Unreadable} when somebody reads it. */
function readable(form: z.core.$ZodType, value: unknown): unknown {
  const { success, data, error } = z.safeParse(form, value);
  if (success) return data;
  // A list that is too short, or parts that do not fit together: nobody can say which of them is meant.
  if (error.issues.some(({ path, code }) => path.length === 0 && code !== "unrecognized_keys")) return unreadable();
  const { shape, element } = opened(form, value) ?? {};
  if (shape)
    return lazy({}, Object.keys(shape), (key) => readable(shape[key]!, (value as Record<string, unknown>)[key]));
  if (element && Array.isArray(value))
    return lazy(new Array(value.length), Object.keys(value), (key) => readable(element, value[Number(key)]));
  return unreadable();
}

/** A site as far as it can be read; undefined where it is no object at all. */
export function readableSite(input: unknown): Environment | undefined {
  if (typeof input !== "object" || input === null || Array.isArray(input)) return undefined;
  const { shape } = structure;
  return lazy({}, Object.keys(shape), (key) =>
    readable(shape[key as keyof typeof shape], (input as Record<string, unknown>)[key]),
  ) as Environment;
}

/** What somebody reads of a site; undefined where it comes upon a part that is wrong. */
export function ifReadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}
