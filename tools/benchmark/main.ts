/**
 * `npm run benchmark -- [repetitions] [--json]`: what a synthesis and the review of a large plan cost. A report, no
 * test: its exit code says only whether it ran. Every program is a process of its own; the repetitions are interleaved, and each figure is a median
 * of CPU time, which other work on the machine disturbs less than time on the clock.
 */
import { InvalidArgumentError } from "commander";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../cli/shared/process/process";
import { synthesize } from "../../cli/shared/site/synthesis";
import { selectSites } from "../../cli/shared/site/sites";
import { SITES } from "../../environments";
import { runToolCommand, toolCommand } from "../../cli/shared/process/tool";
import { madeUpPlan } from "./made-up-plan";
import { planFile, type ProgramName } from "./programs";
import { COMPARED, type Cost, figures, medians, type Row, reportText } from "./report";

const RUNS: readonly {
  key: (typeof COMPARED)[number];
  program: ProgramName;
  /** Sites or changes. @default - as many stacks as all sites have; a program of fixed sites asks for no number */
  count?: number;
  title: string;
}[] = [
  { key: "empty", program: "empty", title: "empty program" },
  { key: "bindings", program: "bindings", title: "empty, bindings loaded" },
  { key: "sites", program: "sites", title: "all sites" },
  { key: "copy", program: "copy", title: "cdktf alone, same resources" },
  { key: "love", program: "love", title: "site with the most producers of LOVE" },
  { key: "loveless", program: "loveless", title: "the same site without LOVE" },
  { key: "few", program: "madeUp", count: 5, title: "5 made-up sites" },
  { key: "many", program: "madeUp", count: 100, title: "100 made-up sites" },
  { key: "review", program: "review", count: 1000, title: "review of 1,000 changes" },
  { key: "large", program: "review", count: 4000, title: "review of 4,000 changes" },
];

async function cost(program: ProgramName, outdir: string, count: number): Promise<Cost> {
  const args = ["--import", "tsx", join(__dirname, "child.ts"), program, outdir, String(count)];
  const { code, stdout, stderr } = await run(process.execPath, args);
  if (code !== 0) throw new Error(`${program} failed: ${stderr}`);
  return JSON.parse(stdout) as Cost;
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("Allowed: a whole number from 1 on.");
  return Number(text);
}

const command = toolCommand("benchmark", "reports what a synthesis and the review of a large plan cost")
  .argument("[repetitions]", "how often each program runs; a figure is the median", wholeNumber, 5)
  .option("--json", "print the report as JSON");

runToolCommand(command, async () => {
  const [repetitions] = command.processedArgs as [number];
  const folder = mkdtempSync(join(tmpdir(), "efd-benchmark-"));
  const runs = new Map<string, Cost[]>(RUNS.map(({ key }) => [key, []]));
  try {
    const stacks = synthesize(selectSites(SITES), join(folder, "copy-sites"));
    for (const { program, count = 0 } of RUNS)
      if (program === "review") writeFileSync(planFile(join(folder, program), count), madeUpPlan(stacks, count));
    for (let i = 1; i <= repetitions; i++)
      for (const { key, program, count, title } of RUNS) {
        process.stderr.write(`${i}/${repetitions} ${title}\n`);
        runs.get(key)?.push(await cost(program, join(folder, program), count ?? stacks.length));
      }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const rows: Row[] = RUNS.map(({ key, title }) => ({ program: title, runs: runs.get(key) ?? [] }));
  const costs = Object.fromEntries(COMPARED.map((key) => [key, medians(runs.get(key) ?? [])]));
  const found = figures(costs as Record<(typeof COMPARED)[number], Cost>);
  if (command.opts()["json"]) console.log(JSON.stringify({ repetitions, rows, figures: found }, undefined, 2));
  else console.log(reportText(rows, found));
  return 0;
});
