/** The site `local` as it runs on the nodes of the bench. */
import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import type { Environment } from "../../../environments/schema";
import type { SiteClients } from "../../../cli/shared/clients/clients";
import type { Cluster } from "../../../cli/shared/kubernetes/client";
import type { RunResult } from "../../../cli/shared/process/process";
import type { Part } from "./part";
import type { SitePatch } from "./patch";

/** A command that runs, in a process group of its own. */
export interface Started {
  readonly child: Pick<ChildProcess, "pid" | "exitCode"> & { readonly stderr: Readable };
  /** It and all that holds its output have ended. */
  readonly ended: Promise<void>;
}

/** What a scenario may do to the site. Everything runs in the network namespace of the bench. */
export interface RunningSite {
  /** As the site's file says now. */
  readonly environment: Environment;
  /** Folder of the run: logs, states, what a scenario writes. */
  readonly folder: string;
  /** The clean checkout in it, in which the commands run. */
  readonly checkout: string;
  /** The host's address, as nodes and pods see it. */
  readonly address: string;
  /** What the nodes have as the host's `/data`. */
  readonly data: string;
  readonly kubeconfig: string;
  /** File of who signed the given certificate; undefined where the site's own authority signs. */
  readonly authority: string | undefined;
  readonly api: Cluster;
  /** Ways into its programs, as the project's commands take them. */
  readonly clients: SiteClients;
  /** Why a program is not the real one, by its name; what is not named is real. */
  readonly simulated: ReadonlyMap<Part, string>;
  /** The project's own command line, as a user runs it: `command("deploy", "--yes")` is `npm run deploy -- local --yes`. */
  command(name: string, ...args: readonly string[]): Promise<RunResult>;
  /**
   * Gives the site's inputs, by name, to the commands that follow; what was given before is forgotten.
   *
   * @param authority - file of who signed a given certificate, whom commands and clients trust from then on
   */
  give(inputs: Readonly<Record<string, string>>, authority?: string): void;
  /** Starts the same without waiting for it; whoever starts it ends it. */
  start(name: string, ...args: readonly string[]): Started;
  kubectl(...args: readonly string[]): Promise<RunResult>;
  /** The bench's Docker daemon, which runs the nodes. */
  docker(...args: readonly string[]): Promise<RunResult>;
  /**
   * Changes the site's file in the checkout, on top of what was changed before. Nothing is deployed.
   *
   * @returns how to take it back.
   */
  change(patch: SitePatch): () => void;
  /**
   * Waits until every node and every pod of the site is ready and every Job is done; without `schedules`, whatever became of
   * those that a clock started.
   *
   * @returns seconds that it took.
   * @throws with what is not, after `most` seconds.
   */
  allReady(most: number, options?: { readonly schedules?: boolean }): Promise<number>;
  /** Brings an image to where the nodes find it. @returns whether it is the real one. */
  bring(image: string): Promise<boolean>;
  /** Tells how far a scenario is. */
  tell(line: string): void;
  /** Names a part of a scenario that cannot be looked at here, and why. */
  notRun(what: string, why: string): void;
}
