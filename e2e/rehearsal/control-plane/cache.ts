/** Where benches find what they keep from run to run, or what somebody has put there for them. */
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** The folder of the user's caches. @default - of `XDG_CACHE_HOME`: `.cache` at home */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  return env["XDG_CACHE_HOME"] || join(env["HOME"] || homedir(), ".cache");
}

/** The folder of the chart packages. @default - of `CHARTS`: `efd-charts` among the caches */
export function chartPackages(env: NodeJS.ProcessEnv): string {
  return resolve(env["CHARTS"] || join(cacheFolder(env), "efd-charts"));
}
