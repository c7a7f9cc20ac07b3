/** What the measurements come to. */
import { table } from "../../cli/lib/output";

/** What one run of a program cost. */
export interface Cost {
  readonly stacks: number;
  /** CPU seconds after everything was loaded. */
  readonly work: number;
  /** CPU seconds of the whole process. */
  readonly total: number;
  /** Peak of resident memory in MiB. */
  readonly memory: number;
}

/** A row of the result. */
export interface Row {
  readonly program: string;
  readonly runs: readonly Cost[];
}

/** A comparison with what it should be; without a goal it only explains. */
export interface Ratio {
  readonly what: string;
  readonly ratio: number;
  /** @default - none */
  readonly goal?: number;
}

/** The middle of some figures; of an even number the mean of the two in the middle. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = NaN, high = NaN] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return (low + high) / 2;
}

/** The median of each figure of some runs. */
export function medians(runs: readonly Cost[]): Cost {
  const of = (key: keyof Cost) => median(runs.map((run) => run[key]));
  return { stacks: of("stacks"), work: of("work"), total: of("total"), memory: of("memory") };
}

/** The comparisons that the project has a goal for, and one that explains the first. */
export function ratios(
  costs: Readonly<Record<"empty" | "sites" | "copy" | "few" | "many", Cost>>,
  few: number,
  many: number,
): Ratio[] {
  const { empty, sites, copy } = costs;
  return [
    {
      what: "all sites / empty program with as many stacks, CPU of the process",
      ratio: sites.total / empty.total,
      goal: 1.3,
    },
    { what: "all sites / cdktf alone with the same resources, CPU after loading", ratio: sites.work / copy.work },
    {
      what: `per site, ${many} made-up sites / ${few}, CPU after loading`,
      ratio: costs.many.work / many / (costs.few.work / few),
      goal: 1.1,
    },
  ];
}

const figure = (value: number, digits: number): string => value.toFixed(digits);

/** The result for people. */
export function text(rows: readonly Row[], found: readonly Ratio[]): string {
  const lines = rows.map(({ program, runs }) => {
    const { stacks, work, total, memory } = medians(runs);
    const spread = [Math.min(...runs.map((run) => run.total)), Math.max(...runs.map((run) => run.total))];
    return [
      program,
      stacks,
      figure(total, 2),
      spread.map((one) => figure(one, 2)).join("–"),
      figure(work, 2),
      figure(memory, 0),
    ];
  });
  return [
    table(["program", "stacks", "CPU s", "range", "after loading", "peak MiB"], lines),
    "",
    table(
      ["ratio", "is", "goal", ""],
      found.map(({ what, ratio, goal }) => [
        what,
        figure(ratio, 2),
        goal === undefined ? "-" : `≤ ${goal}`,
        goal === undefined ? "" : ratio <= goal ? "met" : "missed",
      ]),
    ),
  ].join("\n");
}
