/** Every field of the schema, by walking through it: a field that somebody adds is tried like all others. */
import type { z } from "zod";
import { structure } from "../../environments/schema";
import { type Definition, opened } from "../../environments/schema/opened";
import { smallSite } from "./environment";

/** A single value of a site's file. */
export interface Field {
  readonly path: readonly (string | number)[];
  readonly type: "text" | "number" | "choice" | "labels";
  /** What must stand beside it: the kind of each union on the way. */
  readonly kinds: readonly { readonly path: readonly (string | number)[]; readonly kind: string }[];
  readonly form: z.core.$ZodType;
}

type Place = Pick<Field, "path" | "kinds">;

const below = ({ path, kinds }: Place, key: string | number): Place => ({ path: [...path, key], kinds });

function kindOf(option: z.core.$ZodType): string | undefined {
  const [kind] = opened(option, undefined)?.shape?.["kind"]?._zod.values ?? [];
  return typeof kind === "string" ? kind : undefined;
}

function fieldsOf(form: z.core.$ZodType, place: Place): Field[] {
  const definition: Definition | undefined = opened(form, undefined);
  const { type, shape, element, valueType, options } = definition ?? {};
  if (shape) return Object.entries(shape).flatMap(([key, one]) => fieldsOf(one, below(place, key)));
  if (element) return fieldsOf(element, below(place, 0));
  if (valueType) return [{ ...place, type: "labels", form }];
  const kinds = (options ?? []).map(kindOf);
  if (options && kinds.every((kind) => kind !== undefined))
    return options.flatMap((option, i) =>
      fieldsOf(option, { ...place, kinds: [...place.kinds, { path: place.path, kind: kinds[i]! }] }),
    );
  switch (type) {
    case "string":
    case "union":
      return [{ ...place, type: "text", form }];
    case "number":
    case "int":
      return [{ ...place, type: "number", form }];
    default:
      return [{ ...place, type: "choice", form }];
  }
}

/** Every field, those of every kind of cluster, state and so on included. */
export const FIELDS: readonly Field[] = fieldsOf(structure, { path: [], kinds: [] });

/** A field as a site's file would write it. */
export function nameOf({ path, kinds }: Field): string {
  const kind = kinds.map((one) => one.kind).join(" ");
  return `${path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`))
    .join("")
    .slice(1)}${kind && ` (${kind})`}`;
}

type Container = Record<string | number, unknown>;

/** The small site with a value in a field; what stands around it is made, and may lack what it needs. */
export function siteHolding({ path, kinds }: Field, value: unknown): unknown {
  const site = smallSite() as unknown as Container;
  const reach = (keys: readonly (string | number)[]): Container =>
    keys.reduce<Container>((inner, key, i) => {
      const found = inner[key];
      if (typeof found === "object" && found !== null) return found as Container;
      return (inner[key] =
        typeof keys[i + 1] === "number" || (i + 1 === keys.length && typeof path[i + 1] === "number")
          ? []
          : {}) as Container;
    }, site);
  for (const { path: at, kind } of kinds) reach(at)["kind"] = kind;
  reach(path.slice(0, -1))[path.at(-1)!] = value;
  return site;
}
