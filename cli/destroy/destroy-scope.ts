/** What `destroy` removes of a layer, and what it keeps. */
import { isInsideCluster, type Layer } from "../../environments/derived/layers";
import type { Session } from "../shared/session/session";
import { blocks, inside, type TerraformJson } from "../../synthesized/stack";
import type { State } from "../shared/terraform/terraform";

/** `nothing`: the layer is not applied; `all`; `some`; `stays`: the cluster layer, whose hosts hold the data. */
export type DestroyScope =
  | { readonly kind: "nothing" }
  | { readonly kind: "all"; readonly count: number }
  | ({ readonly kind: "some" } & ProtectedSplit)
  | { readonly kind: "stays" };

/** The resources of a state by what becomes of them. */
export interface ProtectedSplit {
  readonly targets: readonly string[];
  readonly kept: readonly string[];
  /** Resources that the protected ones depend on. */
  readonly needed: readonly string[];
}

/** Finds what a destroy of a layer would remove. */
export async function destroyScopeOf(session: Session, layer: Layer): Promise<DestroyScope> {
  const { name, json } = session.stack(layer);
  const addresses = await session.applied(layer);
  if (addresses.length === 0) return { kind: "nothing" };
  if (session.environment.allowDestroys.includes(name)) return { kind: "all", count: addresses.length };
  if (!isInsideCluster(layer)) return { kind: "stays" };
  return { kind: "some", ...splitProtected(json, await session.terraform(layer).statePull()) };
}

/**
 * Splits a state into what is destroyed and what is kept: every resource that the stack protects, and all that it
 * depends on. `prevent_destroy` makes a whole destroy fail, so the rest is targeted one by one.
 */
export function splitProtected(json: TerraformJson, state: State): ProtectedSplit {
  const isProtected = new Set(
    blocks(json.resource)
      .filter(({ body }) => inside(body, "lifecycle", "prevent_destroy") === true)
      .map(({ address }) => address),
  );
  const managed = (state.resources ?? []).filter(({ mode }) => mode === "managed");
  const dependencies = new Map(
    managed.map(({ type, name, instances }) => [
      `${type}.${name}`,
      instances.flatMap((instance) => instance.dependencies ?? []),
    ]),
  );
  const stays = new Set<string>();
  const keep = (address: string): void => {
    if (stays.has(address) || !dependencies.has(address)) return;
    stays.add(address);
    dependencies.get(address)?.forEach(keep);
  };
  isProtected.forEach(keep);
  return {
    targets: [...dependencies.keys()].filter((address) => !stays.has(address)).sort(),
    kept: [...stays].filter((address) => isProtected.has(address)).sort(),
    needed: [...stays].filter((address) => !isProtected.has(address)).sort(),
  };
}
