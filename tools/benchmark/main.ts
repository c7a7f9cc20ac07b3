/**
 * `npm run benchmark -- [repetitions] [--json]`: what a synthesis costs. A report, no test: its exit code says only
 * whether it ran. Every program is a process of its own; the repetitions are interleaved, and each figure is a median
 * of CPU time, which other work on the machine disturbs less than time on the clock.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../cli/lib/process";
import { synthesize } from "../../cli/lib/program";
import { selectSites } from "../../cli/lib/sites";
import { SITES } from "../../environments";
import { runTool } from "../tool";
import type { ProgramName } from "./programs";
import { type Cost, medians, ratios, type Row, text } from "./report";

const [FEW, MANY] = [5, 100];
const RUNS: readonly {
  key: "empty" | "sites" | "copy" | "few" | "many";
  program: ProgramName;
  count: number;
  title: string;
}[] = [
  { key: "empty", program: "empty", count: 0, title: "empty program" },
  { key: "sites", program: "sites", count: 0, title: "all sites" },
  { key: "copy", program: "copy", count: 0, title: "cdktf alone, same resources" },
  { key: "few", program: "madeUp", count: FEW, title: `${FEW} made-up sites` },
  { key: "many", program: "madeUp", count: MANY, title: `${MANY} made-up sites` },
];

async function cost(program: ProgramName, outdir: string, count: number): Promise<Cost> {
  const args = ["--import", "tsx", join(__dirname, "child.ts"), program, outdir, String(count)];
  const { code, stdout, stderr } = await run(process.execPath, args);
  if (code !== 0) throw new Error(`${program} failed: ${stderr}`);
  return JSON.parse(stdout) as Cost;
}

runTool(async () => {
  const repetitions = Number(process.argv.find((word) => /^\d+$/.test(word)) ?? 5);
  const folder = mkdtempSync(join(tmpdir(), "efd-benchmark-"));
  const runs = new Map<string, Cost[]>(RUNS.map(({ key }) => [key, []]));
  try {
    const stacks = synthesize(selectSites(SITES), join(folder, "copy-sites")).length;
    for (let i = 1; i <= repetitions; i++)
      for (const { key, program, count, title } of RUNS) {
        process.stderr.write(`${i}/${repetitions} ${title}\n`);
        runs.get(key)?.push(await cost(program, join(folder, program), key === "empty" ? stacks : count));
      }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const rows: Row[] = RUNS.map(({ key, title }) => ({ program: title, runs: runs.get(key) ?? [] }));
  const of = (key: string): Cost => medians(runs.get(key) ?? []);
  const found = ratios(
    { empty: of("empty"), sites: of("sites"), copy: of("copy"), few: of("few"), many: of("many") },
    FEW,
    MANY,
  );
  if (process.argv.includes("--json")) console.log(JSON.stringify({ repetitions, rows, ratios: found }, undefined, 2));
  else console.log(text(rows, found));
  return 0;
});
