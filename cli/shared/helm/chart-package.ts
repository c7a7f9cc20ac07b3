/** The package of a chart: from a mirror, or from its repository. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { parseTar } from "nanotar";
import type { ChartEntry } from "../../../ground/versions";
import { messageOf, UserError } from "../../../ground/errors";
import { interruption } from "../process/interruption";
import { readYaml } from "../../../synthesized/yaml";

/** Milliseconds that a repository may take for one file. */
const PATIENCE = 60_000;

/**
 * Files in the package of a chart by their path below the chart's own folder.
 *
 * @throws {Error} when it is no package.
 */
export function packedFiles(content: Uint8Array, chart: string): ReadonlyMap<string, string> {
  return new Map(
    parseTar(gunzipSync(content)).flatMap((item) =>
      item.name.startsWith(`${chart}/`) ? [[item.name.slice(chart.length + 1), item.text]] : [],
    ),
  );
}

/**
 * The same for a chart of the catalogue, from a mirror or its repository.
 *
 * @throws {UserError} when the package is not available, with the reason.
 */
export async function chartFiles(entry: ChartEntry, mirror: string | undefined): Promise<ReadonlyMap<string, string>> {
  const { chart, version } = entry;
  const content = mirror === undefined ? await download(entry) : fromMirror(mirror, `${chart}-${version}.tgz`);
  try {
    return packedFiles(content, chart);
  } catch (error) {
    throw new UserError(`chart ${chart} ${version} is no package: ${messageOf(error)}`);
  }
}

function fromMirror(mirror: string, file: string): Uint8Array {
  const path = join(mirror, file);
  if (!existsSync(path)) throw new UserError(`${path} does not exist: put the chart there`);
  return readFileSync(path);
}

async function download({ chart, repository, version }: ChartEntry): Promise<Uint8Array> {
  const base = repository.endsWith("/") ? repository : `${repository}/`;
  const place = new URL("index.yaml", base);
  const index = readYaml(new TextDecoder().decode(await fetched(place)), { place: place.href }) as {
    entries?: Record<string, { version: string; urls?: string[] }[]>;
  };
  const url = index.entries?.[chart]?.find((one) => one.version === version)?.urls?.[0];
  if (url === undefined) throw new UserError(`${repository} has no chart ${chart} ${version}`);
  return fetched(new URL(url, base));
}

async function fetched(url: URL): Promise<Uint8Array> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.any([interruption, AbortSignal.timeout(PATIENCE)]) });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return new Uint8Array(await answer.arrayBuffer());
  } catch (error) {
    throw new UserError(`${url.href} is not available: ${messageOf(error)}`);
  }
}
