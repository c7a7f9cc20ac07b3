import type { Difference } from "../model/model";
import { withoutMarks } from "../model/tree";

/** Texts whose middle is larger than this (lines × lines) are compared as a block: the time stays linear. */
const LARGEST = 250_000;

/**
 * What differs between two texts of several lines, a difference for each run of lines; the path ends with the number
 * of the first line, of the new text where it has one.
 */
export function lineDifferences(before: string, after: string, path: string): Difference[] {
  const [was, is] = [before.split("\n"), after.split("\n")];
  let head = 0;
  while (head < Math.min(was.length, is.length) && was[head] === is[head]) head++;
  let tail = 0;
  while (tail < Math.min(was.length, is.length) - head && was.at(-1 - tail) === is.at(-1 - tail)) tail++;
  const middle = [was.slice(head, was.length - tail), is.slice(head, is.length - tail)] as const;
  return runs(...middle).map(({ at, gone, come }) => ({
    path: `${path}:${head + at + 1}`,
    ...side("before", gone),
    ...side("after", come),
  }));
}

function side(name: "before" | "after", lines: readonly string[]) {
  return lines.length === 0 ? {} : { [name]: { kind: "value", value: withoutMarks(lines.join("\n")) } as const };
}

interface Run {
  at: number;
  gone: string[];
  come: string[];
}

/** Runs of lines that go or come, by the longest common subsequence. */
function runs(was: readonly string[], is: readonly string[]): Run[] {
  if (was.length * is.length > LARGEST || was.length === 0 || is.length === 0)
    return was.length + is.length === 0 ? [] : [{ at: 0, gone: [...was], come: [...is] }];
  const lengths = Array.from({ length: was.length + 1 }, () => new Uint32Array(is.length + 1));
  const length = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = was.length - 1; i >= 0; i--)
    for (let j = is.length - 1; j >= 0; j--)
      lengths[i]![j] = was[i] === is[j] ? length(i + 1, j + 1) + 1 : Math.max(length(i + 1, j), length(i, j + 1));
  const found: Run[] = [];
  let open: Run | undefined;
  const run = (at: number): Run => {
    if (!open) found.push((open = { at, gone: [], come: [] }));
    return open;
  };
  let [i, j] = [0, 0];
  while (i < was.length || j < is.length) {
    if (i < was.length && j < is.length && was[i] === is[j]) {
      open = undefined;
      i++;
      j++;
    } else if (i < was.length && (j === is.length || length(i + 1, j) >= length(i, j + 1))) run(j).gone.push(was[i++]!);
    else run(j).come.push(is[j++]!);
  }
  return found;
}
