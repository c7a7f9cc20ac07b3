import { type ArrayChange, diffArrays } from "diff";
import type { Difference, Shown } from "../model/model";
import { withoutMarks } from "../model/tree";

/** Lines that come and go between two texts beyond which they are compared as a whole: the time stays short. */
const MOST_EDITS = 2000;

/**
 * What differs between two texts of several lines, a difference for each run of lines; the path ends with the number
 * of the first line, of the new text where it has one.
 */
export function lineDifferences(before: string, after: string, path: string): Difference[] {
  const [was, is] = [before.split("\n"), after.split("\n")];
  const runs = diffArrays(was, is, { maxEditLength: MOST_EDITS }) ?? [run(was, "removed"), run(is, "added")];
  const found: Difference[] = [];
  let line = 1;
  runs.forEach((one, i) => {
    // Lines that replace others are one difference with them.
    const [previous, next] = [runs[i - 1], runs[i + 1]];
    if (one.removed)
      found.push({ path: `${path}:${line}`, before: shown(one), ...(next?.added ? { after: shown(next) } : {}) });
    else if (one.added && !previous?.removed) found.push({ path: `${path}:${line}`, after: shown(one) });
    if (!one.removed) line += one.value.length;
  });
  return found;
}

function run(value: string[], what: "added" | "removed"): ArrayChange<string> {
  return { value, count: value.length, added: what === "added", removed: what === "removed" };
}

function shown({ value }: ArrayChange<string>): Shown {
  return { kind: "value", value: withoutMarks(value.join("\n")) };
}
