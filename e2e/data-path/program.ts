/** Programs that run until they are told to end. */
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { signal } from "../../cli/shared/process/process";
import { until } from "../../cli/shared/process/until";

const started: { stop(): Promise<void> }[] = [];

/** Ends this with everything else. */
export function endLater(one: { stop(): Promise<void> }): void {
  started.push(one);
}

/** Ends all that was started and still runs, the last one first. */
export async function stopAll(): Promise<void> {
  for (const program of started.reverse()) await program.stop();
}

/** A program that runs in a session of its own and writes into a file. */
export class Program {
  private readonly child: ChildProcess;
  private readonly ended: Promise<number>;
  private code: number | undefined;

  constructor(
    readonly name: string,
    /** The file that it writes into. */
    readonly file: string,
    command: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv,
  ) {
    const log = openSync(this.file, "a");
    this.child = spawn(command, args, { env, stdio: ["ignore", log, log], detached: true });
    closeSync(log);
    endLater(this);
    this.ended = new Promise((resolve) => {
      const end = (code: number | null) => resolve((this.code = code ?? 1));
      this.child.once("exit", end);
      this.child.once("error", () => end(127));
    });
  }

  /** Whether it runs. */
  get runs(): boolean {
    return this.code === undefined;
  }

  /** What it wrote, of all its starts that had this log. */
  get said(): string {
    return readFileSync(this.file, "utf8");
  }

  /**
   * Waits until something holds.
   *
   * @throws where it does not within so many seconds, or the program ended first.
   */
  async until(what: string, seconds: number, holds: () => Promise<boolean> | boolean): Promise<void> {
    const seen = await until(seconds, async () => ((await holds()) || !this.runs ? true : undefined));
    if (!seen || !this.runs)
      throw new Error(`${this.name}: not ${what}: ${this.said.trim().split("\n").slice(-5).join("\n")}`);
  }

  /** Waits for its end; undefined where it still runs after so many seconds. */
  async end(seconds: number): Promise<number | undefined> {
    await until(seconds, () => Promise.resolve(this.runs ? undefined : true));
    return this.code;
  }

  /** Tells it to end and waits, a minute at most; then it is killed, with all that it started. */
  async stop(name: NodeJS.Signals = "SIGTERM"): Promise<void> {
    if (!this.runs || this.child.pid === undefined) return;
    signal(this.child.pid, name);
    const kill = setTimeout(() => signal(-(this.child.pid as number), "SIGKILL"), 60_000);
    await this.ended;
    clearTimeout(kill);
  }
}
