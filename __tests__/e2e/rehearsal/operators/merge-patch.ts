/** What an API server makes of a merge patch (RFC 7386). */

/** An object. */
export type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** An object with a change in it: `null` removes a key. */
export function mergePatch(old: Json, change: Json): Json {
  const merged = { ...old };
  for (const [key, value] of Object.entries(change)) {
    const before = merged[key];
    if (value === null) delete merged[key];
    else if (isObject(value)) merged[key] = mergePatch(isObject(before) ? before : {}, value);
    else if (value !== undefined) merged[key] = value;
  }
  return merged;
}
