/** What was looked at, and what of it was wrong. */
import { isDeepStrictEqual } from "node:util";

/** Counts of a run. */
export class Checks {
  passed = 0;
  readonly failed: string[] = [];

  /** Whether two values are equal; prints what was seen. */
  same(what: string, seen: unknown, wanted: unknown): void {
    if (isDeepStrictEqual(seen, wanted)) {
      this.passed++;
      console.log(`ok      ${what}: ${JSON.stringify(seen)?.slice(0, 120)}`);
      return;
    }
    const line = `${what}: got ${JSON.stringify(seen)}, wanted ${JSON.stringify(wanted)}`;
    this.failed.push(line);
    console.log(`FAILED  ${line}`);
  }

  /** Whether a text has this in it. */
  says(what: string, text: string, pattern: RegExp): void {
    const found = pattern.exec(text)?.[0];
    this.same(what, found !== undefined, true);
    if (found === undefined) console.log(`        ${pattern} is not in: ${text.slice(-600)}`);
  }
}
