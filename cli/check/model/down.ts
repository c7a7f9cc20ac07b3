/** Tells a program that is down from one of which nobody knows. */
import { UserError } from "../../../ground/errors";
import { NoWay } from "../../shared/clients/tunnel";
import { ApiError, NoAnswer } from "../../shared/kubernetes/client";
import type { Check, Verdict } from "./verdict";

/**
 * Whether an error says that a program does not answer. What the API server does not let us ask, or does not answer itself,
 * says nothing of the program, and neither does the end of the check's time.
 */
export function saysDown(error: unknown, signal: AbortSignal): error is UserError {
  return (
    error instanceof UserError &&
    !(error instanceof NoWay || error instanceof ApiError || error instanceof NoAnswer) &&
    !signal.aborted
  );
}

/** A check of a program, whose verdict is `fail` where the program does not answer. */
export function orDown(
  down: Pick<Verdict, "what" | "healthy" | "page"> & { readonly remedy: string },
  run: Check["run"],
): Check["run"] {
  return async (props) => {
    try {
      return await run(props);
    } catch (error) {
      if (!saysDown(error, props.signal)) throw error;
      return [{ level: "fail", measured: error.message, ...down }];
    }
  };
}
