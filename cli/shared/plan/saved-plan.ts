/** A plan of a layer, and how it is read back. */
import type { LayerInput } from "../../../review/build";
import { type Plan, PlanError, readPlan } from "../../../review/read/plan";
import { UserError } from "../../../ground/errors";
import { blocks, type StackView } from "../../../synthesized/stack";
import type { Terraform } from "../terraform/terraform";

/** A layer's plan, and Terraform with the saved plan in its folder. */
export interface PlannedLayer {
  readonly input: LayerInput;
  /** Left out where there is no plan that can be applied. */
  readonly terraform?: Terraform;
}

/** Addresses of everything that a stack declares. */
export function declaredAddresses({ json }: Pick<StackView, "json">): string[] {
  const data = blocks(json.data).map(({ address }) => `data.${address}`);
  const ephemeral = blocks(json.ephemeral).map(({ address }) => `ephemeral.${address}`);
  return [...blocks(json.resource).map(({ address }) => address), ...data, ...ephemeral];
}

/**
 * Reads a saved plan of a layer.
 *
 * @throws {UserError} where it is none, or not of this stack.
 */
export async function readSavedPlan(
  terraform: Terraform,
  stack: StackView,
  version: string | undefined,
): Promise<Plan> {
  try {
    return readPlan(await terraform.showPlan(), {
      ...(version === undefined ? {} : { terraform: version }),
      stack: { name: stack.name, addresses: declaredAddresses(stack) },
    });
  } catch (error) {
    if (error instanceof PlanError) throw new UserError(`${stack.name}: ${error.message}`);
    throw error;
  }
}
