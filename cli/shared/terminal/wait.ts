/** Waits for what somebody else does, and says how far it is. */
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../../ground/errors";
import { interruption } from "../process/interruption";
import type { Output } from "./output";
import { some as someOf } from "./some";

/** How somebody waits. */
export interface Waiting {
  readonly output: Output;
  /** Milliseconds between two looks. @default 1000 */
  readonly pause?: number;
  /** Seconds after which every wait ends. @default - each has its own */
  readonly most?: number;
}

/**
 * Looks until nothing is awaited any more; what a look returns is what still is, and is shown.
 *
 * @throws {UserError} after so many seconds, with what is still awaited, and the advice.
 * @throws {Interrupted} at once when the user interrupts.
 */
export async function waitFor(
  { output, pause = 1000, most = Infinity }: Waiting,
  { seconds, advice }: { readonly seconds: number; readonly advice: string },
  look: () => Promise<string | undefined>,
): Promise<void> {
  const limit = Math.min(seconds, most);
  const end = Date.now() + limit * 1000;
  let awaited = "the cluster does not answer";
  for (let looks = 0; ; looks++) {
    interruption.throwIfAborted();
    // An API server that takes a request and never answers keeps nobody beyond the end.
    const seen = await Promise.race([look(), late(end - Date.now())]);
    if (seen === undefined) return;
    if (seen !== LATE) awaited = seen;
    if (seen === LATE || Date.now() >= end) throw new UserError(`${awaited}, after ${limit} s: ${advice}`);
    output.step(awaited, looks === 0);
    await sleep(pause, undefined, { signal: interruption }).catch(() => interruption.throwIfAborted());
  }
}

const LATE = Symbol("late");

/** Keeps no process alive. The longest time that Node.js counts is 24 days. */
function late(milliseconds: number): Promise<typeof LATE> {
  return sleep(Math.min(Math.max(0, milliseconds), 2 ** 31 - 1), LATE, { ref: false });
}

/** Names, of many only three: a line of progress is short. */
export const some = (names: readonly string[]): string => someOf(names, 3);
