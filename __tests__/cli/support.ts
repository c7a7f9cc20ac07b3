/** Surroundings of the command line, made up. */
import type { Context } from "../../cli/shared/terminal/context";
import type { DockerClient } from "../../cli/shared/docker/docker";
import { Output } from "../../cli/shared/terminal/output";
import type { CheckContext } from "../../cli/shared/checks/site-check";
import type { Run, RunResult } from "../../cli/shared/process/process";

/** What was written. */
export class Sink {
  text = "";
  constructor(
    readonly isTTY = false,
    readonly columns = 80,
  ) {}
  write(text: string): void {
    this.text += text;
  }
}

/** A context whose output is kept. */
export function context(props: Partial<Context> & { json?: boolean } = {}): Context & { out: Sink; err: Sink } {
  const [out, err] = [new Sink(), new Sink()];
  const { json = false, ...rest } = props;
  const output = new Output({ json, stdout: out, stderr: err, env: {} });
  return { output, run: () => Promise.reject(new Error("nothing may run")), env: {}, ...rest, out, err };
}

/** A program that always ends like this. */
export function ends(result: Partial<RunResult>): Run {
  return () => Promise.resolve({ code: 0, stdout: "", stderr: "", ...result });
}

/** A Docker host on which nothing stands. */
export function dockerHost(changes: Partial<DockerClient> = {}): DockerClient {
  return {
    version: () => Promise.resolve("28.5.2"),
    containers: () => Promise.resolve([]),
    volumes: () => Promise.resolve([]),
    emptyVolumes: () => Promise.resolve([]),
    container: () => Promise.resolve(undefined),
    remove: () => Promise.resolve(),
    hasImage: () => Promise.resolve(false),
    pull: () => Promise.resolve(),
    hasFiles: () => Promise.resolve(false),
    listening: () => Promise.resolve(new Set()),
    kernel: () => Promise.resolve({ inotifyInstances: 8192, memoryMaps: 1048576, filtersBridges: true, cgroups: 2 }),
    system: () => Promise.resolve("Ubuntu 24.04.2 LTS"),
    network: () => Promise.resolve(undefined),
    mount: () => Promise.resolve(undefined),
    ask: () => Promise.resolve(undefined),
    askInside: () => Promise.resolve(undefined),
    ...changes,
  };
}

/** Surroundings in which every check passes. */
export function surroundings(changes: Partial<CheckContext> = {}): CheckContext {
  return {
    env: {},
    terraformVersion: () => Promise.resolve("1.11.4"),
    docker: () => dockerHost(),
    applied: () => Promise.resolve([]),
    state: () => Promise.resolve({}),
    fileExists: () => true,
    programExists: () => Promise.resolve(true),
    ...changes,
  };
}
