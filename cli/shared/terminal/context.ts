import type { Output } from "./output";
import type { Run } from "../process/process";

/** What every command works with; tests put fakes in its place. */
export interface Context {
  readonly output: Output;
  readonly run: Run;
  readonly env: NodeJS.ProcessEnv;
  /** Asks a question; undefined when there is no terminal to ask on. */
  readonly ask?: (question: string) => Promise<string>;
}
