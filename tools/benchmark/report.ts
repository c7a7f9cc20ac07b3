/** What the measurements come to. */
import { table } from "../../cli/shared/terminal/output";

/** What one run of a program cost. */
export interface Cost {
  /** Stacks that it wrote, or changes that it reviewed. */
  readonly size: number;
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

/** A figure and what it should be; without a goal it only explains. */
export interface Figure {
  readonly what: string;
  /** Seconds or a ratio, as `what` says. */
  readonly is: number;
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
  return { size: of("size"), work: of("work"), total: of("total"), memory: of("memory") };
}

/** Programs that are compared. */
export const COMPARED = [
  "empty",
  "bindings",
  "sites",
  "copy",
  "love",
  "loveless",
  "few",
  "many",
  "review",
  "large",
] as const;

/** The figures that the project has a goal for, and two that explain the first. */
export function figures(costs: Readonly<Record<(typeof COMPARED)[number], Cost>>): Figure[] {
  const { empty, bindings, sites, copy, love, loveless, few, many, review, large } = costs;
  const each = ({ work, size }: Cost) => work / size;
  return [
    {
      what: "all sites / empty program with as many stacks, CPU of the process",
      is: sites.total / empty.total,
      goal: 1.3,
    },
    {
      what: "empty program that loads the providers' bindings / empty program, CPU of the process",
      is: bindings.total / empty.total,
    },
    { what: "all sites / cdktf alone with the same resources, CPU after loading", is: sites.work / copy.work },
    {
      what: "site with the most producers of LOVE / the same site without LOVE, CPU of the process",
      is: love.total / loveless.total,
      goal: 1.5,
    },
    { what: "the same, CPU after loading", is: love.work / loveless.work },
    {
      what: "per stack, many made-up sites / few, CPU after loading",
      is: each(many) / each(few),
      goal: 1.1,
    },
    {
      what: `review of ${review.size} changes beyond Terraform, CPU seconds of the process`,
      is: review.total,
      goal: 2,
    },
    {
      what: `per change, review of ${large.size} / ${review.size}, CPU after loading`,
      is: each(large) / each(review),
      goal: 1.1,
    },
  ];
}

/** The result for people. */
export function reportText(rows: readonly Row[], found: readonly Figure[]): string {
  const lines = rows.map(({ program, runs }) => {
    const { size, work, total, memory } = medians(runs);
    const spread = [Math.min(...runs.map((run) => run.total)), Math.max(...runs.map((run) => run.total))];
    return [
      program,
      size,
      total.toFixed(2),
      spread.map((one) => one.toFixed(2)).join("–"),
      work.toFixed(2),
      memory.toFixed(0),
    ];
  });
  return [
    table(["program", "stacks or changes", "CPU s", "range", "after loading", "peak MiB"], lines),
    "",
    table(
      ["figure", "is", "goal", ""],
      found.map(({ what, is, goal }) => [
        what,
        is.toFixed(2),
        goal === undefined ? "-" : `≤ ${goal}`,
        goal === undefined ? "" : is <= goal ? "met" : "missed",
      ]),
    ),
  ].join("\n");
}
