/** A check of a site, and what it looks at. */
import type { Environment } from "../../../environments/schema";
import type { Layer } from "../../../environments/derived/layers";
import type { DockerClient } from "../docker/docker";
import type { Stack } from "../site/program";
import type { State } from "../terraform/terraform";

/** What a command is about to change. */
export interface CheckedSite {
  readonly environment: Environment;
  /** Stacks of the layers that it changes. */
  readonly stacks: readonly Stack[];
  /** Whether a new cluster may use data that is already below the host path. @default false */
  readonly reuseData?: boolean;
  /** Whether generated secrets of the cluster before come back with the next one. @default false */
  readonly secretsAreKept?: boolean;
}

/** What the checks look at; tests put fakes in its place. */
export interface CheckContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** System of this machine, as Node calls it. @default - Node's own answer */
  readonly platform?: string;
  terraformVersion(): Promise<string | undefined>;
  docker(address: string): DockerClient;
  /** Addresses in the state of a layer; throws when providers or state are not available. */
  applied(layer: Layer): Promise<string[]>;
  state(layer: Layer): Promise<State>;
  fileExists(path: string): boolean;
  programExists(name: string): Promise<boolean>;
}

/** A check: one line for each thing that is wrong, with its remedy. */
export type SiteCheck = (subject: CheckedSite, around: CheckContext) => readonly string[] | Promise<readonly string[]>;
