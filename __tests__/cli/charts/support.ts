/** Charts, releases and a helm, made up. */
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTarGzip } from "nanotar";
import type { Run } from "../../../cli/shared/process/process";
import { toYaml } from "../../../synthesized/yaml";
import type { ChartEntry } from "../../../ground/versions";

/** A chart that nobody publishes. */
export const ENTRY: ChartEntry = {
  chart: "made-up",
  repository: "https://charts.example.org",
  version: "1.2.3",
  appVersion: "4.5.6",
};

/** Writes the package of a chart. */
export async function writePackage(
  path: string,
  metadata: object = { name: ENTRY.chart, version: ENTRY.version, appVersion: ENTRY.appVersion },
  files: Readonly<Record<string, string>> = { "values.yaml": "a: 1\n", "templates/a.yaml": "" },
): Promise<string> {
  const all = { "Chart.yaml": toYaml(metadata), ...files };
  const items = Object.entries(all).map(([name, data]) => ({ name: `${ENTRY.chart}/${name}`, data }));
  writeFileSync(path, await createTarGzip(items));
  return path;
}

/** The digest that an index names. */
export function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

/** A helm whose repositories have these packages by file name, with these digests in their index. */
export function repositoryOf(packages: Readonly<Record<string, { path: string; digest?: string }>>): Run & {
  calls: string[][];
} {
  const calls: string[][] = [];
  const run: Run = (_command, args, options) => {
    calls.push([...args]);
    const answer = (code: number, stderr = "") => Promise.resolve({ code, stdout: "v3.19.0", stderr });
    if (args[0] === "repo") {
      const folder = join(options?.env?.["HELM_CACHE_HOME"] ?? "", "repository");
      mkdirSync(folder, { recursive: true });
      const versions = Object.values(packages).map(({ digest }) => ({ version: ENTRY.version, digest }));
      writeFileSync(join(folder, `${args[2]}-index.yaml`), toYaml({ entries: { [ENTRY.chart]: versions } }));
    }
    if (args[0] === "pull") {
      const file = `${ENTRY.chart}-${ENTRY.version}.tgz`;
      const source = packages[file]?.path ?? "";
      if (!existsSync(source)) return answer(1, "Error: write x: no space left on device");
      copyFileSync(source, join(String(args.at(-1)), file));
    }
    return answer(0);
  };
  return Object.assign(run, { calls });
}
