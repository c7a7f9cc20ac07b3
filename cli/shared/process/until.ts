import { setTimeout as sleep } from "node:timers/promises";
import { interruption } from "./interruption";

/**
 * Looks until there is something to see, and pauses half a second after each look. The last look begins after the time:
 * one that takes long, as on a busy machine, is not the only one.
 *
 * @returns what was seen; undefined after so many seconds.
 * @throws {Interrupted} when the user interrupts.
 */
export async function until<T>(seconds: number, look: () => Promise<T | undefined>): Promise<T | undefined> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    interruption.throwIfAborted();
    const isLast = performance.now() >= end;
    const seen = await look();
    if (seen !== undefined || isLast) return seen;
    await sleep(500);
  }
}
