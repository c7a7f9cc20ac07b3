/** A chart in a folder: a package, or its unpacked files. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CHARTS, type ChartEntry } from "../../ground/versions";
import { packedFiles } from "../shared/helm/chart-package";
import { messageOf, UserError } from "../../ground/errors";
import { readYaml } from "../../synthesized/yaml";

/** A chart, as far as our values are checked against it. */
export interface Chart {
  readonly entry: ChartEntry;
  /** Package or folder. */
  readonly path: string;
  readonly values: string;
  /** Its values.schema.json; undefined where it has none. */
  readonly schema?: Readonly<Record<string, unknown>>;
  /** Whether its templates are there, so that helm can render it. */
  readonly renders: boolean;
}

/** Each chart of the catalogue once. */
export function catalogueCharts(): ChartEntry[] {
  return [...new Map(Object.values(CHARTS).map((entry) => [fileName(entry), entry as ChartEntry])).values()];
}

/** What the package of a chart is called in a mirror. */
export function fileName({ chart, version }: Pick<ChartEntry, "chart" | "version">): string {
  return `${chart}-${version}.tgz`;
}

type Files = ReadonlyMap<string, string>;

function filesIn(path: string, chart: string): Files {
  try {
    return packedFiles(readFileSync(path), chart);
  } catch (error) {
    throw new UserError(`${path} is no chart package (${messageOf(error)}): remove it and pull again`);
  }
}

function filesBelow(folder: string): Files {
  const names = ["Chart.yaml", "values.yaml", "values.schema.json"].filter((name) => existsSync(join(folder, name)));
  const templates = existsSync(join(folder, "templates")) ? readdirSync(join(folder, "templates")) : [];
  return new Map([
    ...names.map((name) => [name, readFileSync(join(folder, name), "utf8")] as const),
    ...templates.map((name) => [`templates/${name}`, ""] as const),
  ]);
}

/** What is wrong with the chart's own name and versions; one line each. */
function misnamed(path: string, entry: ChartEntry, text: string | undefined): string[] {
  if (text === undefined)
    return [`${path} has no ${entry.chart}/Chart.yaml: remove it and pull ${fileName(entry)} again`];
  const metadata = readYaml(text, { place: `${path}: Chart.yaml` }) as Record<string, unknown>;
  const wanted = { name: entry.chart, version: entry.version, appVersion: entry.appVersion };
  return Object.entries(wanted)
    .filter(([key, value]) => String(metadata[key]) !== value)
    .map(
      ([key, value]) =>
        `${path}: Chart.yaml says ${key} ${String(metadata[key])}, the catalogue ${value}: pull the chart again, or put the catalogue right`,
    );
}

/**
 * Reads a chart of the catalogue from a folder: `<chart>-<version>.tgz`, or a folder `<chart>-<version>`.
 *
 * @throws {UserError} where it is missing, damaged, or another one than its name says.
 */
export function readChart(folder: string, entry: ChartEntry): Chart {
  const packed = join(folder, fileName(entry));
  const unpacked = packed.replace(/\.tgz$/, "");
  const path = [packed, unpacked].find((one) => existsSync(one));
  if (path === undefined) throw new UserError(missing(folder, entry));
  return chartAt(path, entry);
}

/**
 * Reads a chart of the catalogue from its package or folder.
 *
 * @throws {UserError} where it is damaged, or another one than the catalogue says.
 */
export function chartAt(path: string, entry: ChartEntry): Chart {
  const files = path.endsWith(".tgz") ? filesIn(path, entry.chart) : filesBelow(path);
  const problems = misnamed(path, entry, files.get("Chart.yaml"));
  if (problems.length > 0) throw new UserError(problems.join("\n"));
  const schema = files.get("values.schema.json");
  return {
    entry,
    path,
    values: files.get("values.yaml") ?? "",
    ...(schema === undefined ? {} : { schema: JSON.parse(schema) as Record<string, unknown> }),
    renders: [...files.keys()].some((name) => name.startsWith("templates/")),
  };
}

function missing(folder: string, entry: ChartEntry): string {
  const others = readdirSync(folder).filter((name) => name.startsWith(`${entry.chart}-`) && /-v?\d/.test(name));
  const there = others.length > 0 ? ` (there is ${others.join(", ")})` : "";
  return `${join(folder, fileName(entry))} is missing${there}: npm run charts -- pull ${folder}`;
}
