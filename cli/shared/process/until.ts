import { setTimeout as sleep } from "node:timers/promises";
import { interruption } from "./interruption";

/**
 * Looks until there is something to see, and pauses half a second after each look.
 *
 * @returns what was seen; undefined after pauses of so many seconds.
 * @throws {Interrupted} when the user interrupts.
 */
export async function until<T>(seconds: number, look: () => Promise<T | undefined>): Promise<T | undefined> {
  for (let pauses = 0; ; pauses++) {
    interruption.throwIfAborted();
    const seen = await look();
    if (seen !== undefined || pauses >= seconds * 2) return seen;
    await sleep(500);
  }
}
