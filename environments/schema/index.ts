/** The form of an environment: the sections of all systems. A key that no system names is an error. */
import { z } from "zod";
import { SYSTEMS } from "../systems";

type Schema<One> = One extends { readonly schema: infer Shape } ? Shape : never;
type Together<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;
type Shape = Together<Schema<(typeof SYSTEMS)[number]>>;

/** The form of one site, before the rules that look at several fields. Descriptions become `docs/environments.md`. */
export const structure = z.strictObject(
  Object.assign({}, ...SYSTEMS.map((one) => ("schema" in one ? one.schema : {}))) as {
    [Key in keyof Shape]: Shape[Key];
  },
);

/** A site as its file writes it: only what differs from the defaults. */
export type EnvironmentInput = z.input<typeof structure>;
/** A site, complete and checked. */
export type Environment = z.output<typeof structure>;

/** States what a site's file says, with the compiler's help. */
export function defineEnvironment(site: EnvironmentInput): EnvironmentInput {
  return site;
}
