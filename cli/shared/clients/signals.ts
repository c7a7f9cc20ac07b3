import { UserError } from "../../../ground/errors";

/** Why a signal ended, as what a request throws then. */
export function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new UserError("ended");
}
