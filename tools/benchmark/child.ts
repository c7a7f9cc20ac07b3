/** Runs one program and says what it cost: `child.ts <program> <outdir> <count>`. */
import { PROGRAMS, type ProgramName } from "./programs";
import type { Cost } from "./report";

const [name = "", outdir = "", count = "0"] = process.argv.slice(2);
const seconds = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1e6;

async function main(): Promise<void> {
  const program = await PROGRAMS[name as ProgramName](outdir, Number(count));
  const loaded = process.cpuUsage();
  const size = program();
  const work = process.cpuUsage(loaded);
  const cost: Cost = {
    size,
    work: seconds(work),
    total: seconds(process.cpuUsage()),
    memory: process.resourceUsage().maxRSS / 1024,
  };
  console.log(JSON.stringify(cost));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
