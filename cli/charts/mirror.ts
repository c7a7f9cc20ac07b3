/** A folder with the packages of every chart of the catalogue, for a site that reaches no repository. */
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ChartEntry } from "../../ground/versions";
import { errorLines, UserError } from "../../ground/errors";
import { interruption } from "../shared/process/interruption";
import { readYaml } from "../../synthesized/yaml";
import { chartAt, fileName } from "./chart";
import { type Helm, NO_HELM, reasonOf } from "./helm";

/** What became of a chart. */
export interface PulledChart {
  readonly file: string;
  readonly state: "there" | "pulled" | "failed";
  readonly lines: readonly string[];
}

/** Where charts are pulled to, and from where. */
export interface PullProps {
  readonly folder: string;
  readonly charts: readonly ChartEntry[];
  readonly helm: Helm;
  /** One repository that has them all, in place of the catalogue's. @default - each chart's own */
  readonly repository?: string;
  readonly step?: (text: string) => void;
}

/** Digests of the packages, as `sha256sum --check` reads them. */
const DIGESTS = "SHA256SUMS";
/** What is on its way; whatever lies in it is thrown away. */
const PARTIAL = ".partial";

const digestOf = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

/** Writes something; a disk that is full, or a place where nothing may be written, is one line. */
function writing<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw new UserError(
      ["ENOSPC", "EDQUOT"].includes(code)
        ? `${path}: the disk is full: make room, or name another folder, then run the same command again`
        : `${path} cannot be written (${code || message}): name a folder that you may write`,
    );
  }
}

/** Writes a file that all may read, as a whole or not at all. */
export function writeAtomically(path: string, text: string): void {
  writing(path, () => {
    writeFileSync(`${path}.partial`, text);
    chmodSync(`${path}.partial`, 0o644);
    renameSync(`${path}.partial`, path);
  });
}

function readDigests(folder: string): Map<string, string> {
  const file = join(folder, DIGESTS);
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  return new Map(
    lines.flatMap((line): [string, string][] => {
      const [, digest, name] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? [];
      return digest !== undefined && name !== undefined ? [[name, digest]] : [];
    }),
  );
}

/** Repositories as helm knows them in this run, each with the digests of its index. */
class Repositories {
  private readonly known = new Map<string, Promise<string>>();

  constructor(private readonly helm: Helm) {}

  /** The short name of a repository, whose index helm has then. */
  named(url: string): Promise<string> {
    const known = this.known.get(url) ?? this.add(url, `r${this.known.size}`);
    this.known.set(url, known);
    return known;
  }

  private async add(url: string, name: string): Promise<string> {
    const { code, stderr } = await this.helm.run("repo", "add", name, url);
    if (code === 0) return name;
    throw new UserError(code === 127 ? NO_HELM : refusal(stderr, url));
  }

  /** What the index says of a chart; undefined where it names no digest. */
  async digest(url: string, { chart, version }: ChartEntry): Promise<string | undefined> {
    const index = readYaml(readFileSync(join(this.helm.indexes, `${await this.named(url)}-index.yaml`), "utf8")) as {
      entries?: Record<string, { version: string; digest?: string }[]>;
    };
    const found = index.entries?.[chart]?.find((one) => one.version === version);
    if (!found)
      throw new UserError(
        `${url} has no ${chart} ${version}: put the catalogue right, or name a repository that has it`,
      );
    return found.digest?.replace(/^sha256:/, "");
  }
}

/** Helm's words for what went wrong, with a remedy. */
function refusal(stderr: string, url: string): string {
  const reason = reasonOf(stderr).replace(/^looks like .* is not a valid chart repository or cannot be reached: /, "");
  return /no space left|disk quota/i.test(reason)
    ? `the disk is full (${reason}): make room, then run the same command again`
    : `${url} cannot be reached: ${reason}; look at network and proxy (HTTPS_PROXY), or name a repository that has every chart with --repository <url>`;
}

/**
 * Brings every chart into a folder. What is there and right stays; a file comes as a whole or not at all; what
 * fails keeps no other from coming.
 *
 * @throws {UserError} where the folder cannot be written.
 */
export async function pullCharts(props: PullProps): Promise<PulledChart[]> {
  const { folder, helm, charts, step = () => {} } = props;
  const partial = join(folder, PARTIAL);
  writing(folder, () => {
    // A mirror holds no secret: who serves it must be able to read it.
    if (mkdirSync(folder, { recursive: true }) !== undefined) chmodSync(folder, 0o755);
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial);
  });
  const digests = readDigests(folder);
  const repositories = new Repositories(helm);
  const results: PulledChart[] = [];
  try {
    for (const [i, entry] of charts.entries()) {
      const file = fileName(entry);
      step(`${i + 1}/${charts.length} ${file}`);
      results.push(await pullOne({ ...props, entry, partial, digests, repositories }));
      // A helm that was ended says nothing of its repository.
      interruption.throwIfAborted();
    }
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return results;
}

interface One extends PullProps {
  readonly entry: ChartEntry;
  readonly partial: string;
  readonly digests: Map<string, string>;
  readonly repositories: Repositories;
}

async function pullOne(one: One): Promise<PulledChart> {
  const { entry, folder, digests } = one;
  const file = fileName(entry);
  const place = join(folder, file);
  const lines = existsSync(place) ? await doubts(one, place) : [];
  if (existsSync(place) && lines.length === 0) return { file, state: "there", lines: [] };
  try {
    const fetched = await fetchOne(one);
    const digest = digestOf(fetched);
    writing(place, () => renameSync(fetched, place));
    digests.set(file, digest);
    writeDigests(folder, digests);
    return { file, state: "pulled", lines: lines.map((line) => `was replaced: ${line}`) };
  } catch (error) {
    return { file, state: "failed", lines: [...lines, ...errorLines(error)] };
  }
}

function writeDigests(folder: string, digests: ReadonlyMap<string, string>): void {
  const lines = [...digests]
    .sort(([a], [b]) => a.localeCompare(b, "en"))
    .map(([name, digest]) => `${digest}  ${name}\n`);
  writeAtomically(join(folder, DIGESTS), lines.join(""));
}

/** What speaks against a package that is there already. */
async function doubts({ entry, digests, folder, ...one }: One, place: string): Promise<string[]> {
  try {
    chartAt(place, entry);
    const name = fileName(entry);
    const wanted = digests.get(name) ?? (await one.repositories.digest(one.repository ?? entry.repository, entry));
    if (wanted === undefined) return [];
    const digest = digestOf(place);
    if (digest !== wanted) return [`${place} has the digest ${digest}, not ${wanted}`];
    if (!digests.has(name)) writeDigests(folder, digests.set(name, digest));
    return [];
  } catch (error) {
    return errorLines(error).map((line) => line.replace(/: (remove it and )?pull .*$/, ""));
  }
}

/** Downloads a package, and holds it against the index and the catalogue. Returns its path. */
async function fetchOne({ entry, helm, partial, repositories, ...one }: One): Promise<string> {
  const repository = one.repository ?? entry.repository;
  const oci = repository.startsWith("oci://");
  const digest = oci ? undefined : await repositories.digest(repository, entry);
  const source = oci
    ? `${repository.replace(/\/$/, "")}/${entry.chart}`
    : `${await repositories.named(repository)}/${entry.chart}`;
  const { code, stderr } = await helm.run("pull", source, "--version", entry.version, "--destination", partial);
  if (code !== 0) throw new UserError(code === 127 ? NO_HELM : refusal(stderr, repository));
  const fetched = join(partial, fileName(entry));
  if (!existsSync(fetched)) throw new UserError(`${repository} gave no ${fileName(entry)}`);
  if (digest !== undefined && digestOf(fetched) !== digest)
    throw new UserError(
      `${repository} gave ${fileName(entry)} with another digest than its index says (${digest}): try again, and trust it no more if it stays so`,
    );
  chartAt(fetched, entry);
  return fetched;
}
