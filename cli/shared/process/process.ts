import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { interruption } from "./interruption";

/** How a child process is run. */
export interface RunOptions {
  /** @default - ours */
  readonly cwd?: string;
  /** The whole environment of the child. @default - ours */
  readonly env?: NodeJS.ProcessEnv;
  readonly onLine?: (line: string) => void;
  readonly onErrorLine?: (line: string) => void;
  /** Milliseconds after which the child is ended. @default - none */
  readonly timeout?: number;
  /** Runs to its end even when the user interrupts: for what cleans up. @default false */
  readonly cleanup?: boolean;
}

/** How a child process ended. */
export interface RunResult {
  /** Exit code; 127 when there is no such program, 1 when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs programs; tests put a fake in its place. */
export type Run = (command: string, args: readonly string[], options?: RunOptions) => Promise<RunResult>;

/**
 * Runs a program to its end. It has a session of its own, so that we pass on Ctrl-C, and only once: at the second
 * one Terraform gives up without writing the state.
 *
 * @throws {Interrupted} when the user interrupted before it started.
 */
export const run: Run = (command, args, options = {}) => {
  if (!options.cleanup) interruption.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const out: string[] = [];
    const err: string[] = [];
    const read = (stream: NodeJS.ReadableStream, kept: string[], onLine?: (line: string) => void) =>
      createInterface({ input: stream, crlfDelay: Infinity }).on("line", (line) => {
        kept.push(line);
        onLine?.(line);
      });
    read(child.stdout, out, options.onLine);
    read(child.stderr, err, options.onErrorLine);
    // The whole process group, as a terminal does.
    const interrupt = () => void (child.pid && signal(-child.pid, "SIGINT"));
    if (!options.cleanup) interruption.addEventListener("abort", interrupt, { once: true });
    const timer = options.timeout ? setTimeout(() => child.kill("SIGTERM"), options.timeout) : undefined;
    const done = () => {
      clearTimeout(timer);
      interruption.removeEventListener("abort", interrupt);
    };
    child.on("error", (error: NodeJS.ErrnoException) => {
      done();
      if (error.code === "ENOENT") resolve({ code: 127, stdout: "", stderr: `${command}: not found` });
      else reject(error);
    });
    child.on("close", (code) => {
      done();
      resolve({ code: code ?? 1, stdout: out.join("\n"), stderr: err.join("\n") });
    });
  });
};

/** Sends a signal to a process, or to the group of a negative number; a process that has ended is ignored. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
