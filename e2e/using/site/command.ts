/** The real command line, run as people run it: a program of its own, which knows the made-up site too. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { EnvironmentInput } from "../../../environments/schema";
import { signal } from "../../../cli/shared/process/process";
import { CHECKOUT } from "../../../cli/shared/site/program";
import { ADDRESS, NAME } from "./site";

/** How a command ended. */
export interface Ended {
  /** Exit code; undefined where a signal ended it. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Seconds until its end, the start of Node and TypeScript (about 2 s here) included. */
  readonly seconds: number;
  /** Seconds from its last word, or from the signal that it was sent, to its end. */
  readonly lingered: number;
}

/** How a command is run. */
export interface RunProps {
  /** A signal, and what it comes after, which is asked for once the command would hear a Ctrl-C. @default - none */
  readonly end?: readonly [NodeJS.Signals, () => Promise<unknown>];
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds after which a command that hangs is killed. @default 120000 */
  readonly most?: number;
}

/** Arguments of Node. */
const PROGRAM: readonly string[] = [
  ...["--import", "tsx", "--import", join(__dirname, "..", "with-site.ts")],
  join(CHECKOUT, "cli", "index.ts"),
];

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** The command line with the made-up site. */
export class CommandLine {
  /** Where the names of the site lead; empty: nowhere. */
  address: string = ADDRESS;

  constructor(
    private readonly site: EnvironmentInput,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /**
   * What a shell reads to have the command line as `efd`. Node gets its parts as arguments: where `NODE_OPTIONS` names
   * tsx too, a file that is imported later waits for itself.
   */
  get shell(): string {
    const variables = Object.entries(this.known).map(([name, value]) => `export ${name}=${quoted(value)}\n`);
    return `${variables.join("")}efd() { ${[process.execPath, ...PROGRAM].map(quoted).join(" ")} "$@"; }\n`;
  }

  private get known(): Readonly<Record<string, string>> {
    return { USING_SITE: JSON.stringify(this.site), USING_DOMAIN: this.site.domain, USING_ADDRESS: this.address };
  }

  /** Runs `npm run <command> -- <site> <arguments>`. */
  run(command: string, args: readonly string[], { end, env, most = 120_000 }: RunProps = {}): Promise<Ended> {
    const start = Date.now();
    const child = spawn(process.execPath, [...PROGRAM, command, NAME, ...args], {
      cwd: CHECKOUT,
      env: { ...this.env, NO_COLOR: "1", ...this.known, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const said = { stdout: "", stderr: "" };
    let last = start;
    for (const name of ["stdout", "stderr"] as const)
      child[name].on("data", (text: Buffer) => {
        said[name] += String(text);
        if (!end) last = Date.now();
      });
    const { pid = 0 } = child;
    const kill = setTimeout(() => signal(-pid, "SIGKILL"), most);
    if (end)
      void listens(child)
        .then(end[1])
        .then(() => {
          last = Date.now();
          if (child.exitCode === null) signal(-pid, end[0]);
        });
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => {
        clearTimeout(kill);
        const [seconds, lingered] = [(Date.now() - start) / 1000, (Date.now() - last) / 1000];
        resolve({ code: code ?? undefined, ...said, seconds, lingered });
      });
    });
  }
}

/** Number of SIGHUP. Our commands listen to it last of all signals; Node itself, which has a handler of SIGINT, does not. */
const HANGUP = 1;

/** Waits until a program listens to Ctrl-C, or has ended: before, a signal ends Node itself, and nothing of ours. */
async function listens(child: ChildProcess): Promise<void> {
  while (child.exitCode === null && child.signalCode === null && !catches(child.pid ?? 0, HANGUP)) await sleep(50);
}

/** Whether a program of Linux has a handler of this signal. */
function catches(pid: number, number: number): boolean {
  try {
    const [, mask = "0"] = /^SigCgt:\t(\w+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return ((BigInt(`0x${mask}`) >> BigInt(number - 1)) & 1n) === 1n;
  } catch {
    return false; // it has ended
  }
}
