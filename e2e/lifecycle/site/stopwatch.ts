/** Where the time of a run goes: which programs were started, how often, and for how long. */
import { basename } from "node:path";
import type { Run } from "../../../cli/shared/process/process";

/** Adds up the time of programs. */
export class Stopwatch {
  private readonly phases = new Map<string, { seconds: number; times: number }>();

  /** Runs programs and notes their time, by program and command. */
  timed(run: Run): Run {
    return async (command, args, options) => {
      const start = Date.now();
      try {
        return await run(command, args, options);
      } finally {
        const name = basename(command);
        this.add(name === "terraform" ? `${name} ${args[0]}` : name, start);
      }
    };
  }

  /** Notes what began at a time of `Date.now()` and ends now. */
  add(phase: string, start: number): void {
    const { seconds, times } = this.phases.get(phase) ?? { seconds: 0, times: 0 };
    this.phases.set(phase, { seconds: seconds + (Date.now() - start) / 1000, times: times + 1 });
  }

  /** One line, the longest first. */
  toString(): string {
    return [...this.phases]
      .sort(([, a], [, b]) => b.seconds - a.seconds)
      .map(([name, { seconds, times }]) => `${name} ${Math.round(seconds)} s (${times})`)
      .join(", ");
  }
}
