/** Looks into the form of a site. */
import type { z } from "zod";

/** What a form consists of. */
export interface Definition {
  readonly type?: string;
  readonly innerType?: z.core.$ZodType;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly element?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
  readonly options?: readonly z.core.$ZodType[];
}

/** The form of a value below its defaults and, of a union, the member that takes the value's kind. */
export function opened(form: z.core.$ZodType | undefined, value: unknown): Definition | undefined {
  const definition = form?._zod.def as Definition | undefined;
  if (definition?.innerType) return opened(definition.innerType, value);
  const kind = typeof value === "object" && value !== null && "kind" in value ? value.kind : undefined;
  const member =
    typeof kind === "string"
      ? definition?.options?.find((one) => opened(one, value)?.shape?.["kind"]?._zod.values?.has(kind))
      : undefined;
  return member ? opened(member, value) : definition;
}
