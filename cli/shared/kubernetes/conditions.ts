/** Reads the conditions in which Kubernetes and operators say how an object is. */
import { inside, type Json } from "../../../synthesized/stack";

/** A condition of an object's status. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
  /** Generation of the object of which it is said. @default - its maker does not say */
  readonly observedGeneration?: number;
}

/** All conditions of an object; none where nobody has looked at it. */
export function conditionsOf(object: Json): readonly Condition[] {
  return (inside(object, "status", "conditions") ?? []) as readonly Condition[];
}

/** A condition of an object, by its type; undefined where it has none. */
export function conditionOf(object: Json, type: string): Condition | undefined {
  return conditionsOf(object).find((one) => one.type === type);
}

/** Why a condition is as it is, in the words of whoever set it. */
export function reasonOf({ reason, message }: Condition): string {
  const words = [reason, message?.trim().replace(/\s+/g, " ")].filter((word) => word !== undefined && word !== "");
  return words.length > 0 ? words.join(": ") : "no reason is given";
}

/** Whether a condition of an object is true; false also where it has none. */
export const isTrue = (object: Json | undefined, type: string): boolean =>
  object !== undefined && conditionOf(object, type)?.status === "True";
