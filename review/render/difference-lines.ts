/** What changes of one resource, line by line: key by key, in the form that colours a `diff`. */
import type { Change, Difference, ObjectChange, ReleaseChange } from "../model/model";
import { short, sideText, textLines, visible } from "./show";

/** Characters of one side of a difference. */
const MOST_CHARACTERS = 300;
/** Lines of two texts that are compared. */
const MOST_LINES = 80;

/** All of a change. */
export function differenceLines({ reason, previousAddress, differences, release }: Change): string[] {
  return [
    ...(reason === undefined ? [] : [`# ${visible(reason)}`]),
    ...(previousAddress === undefined ? [] : [`# it was ${visible(previousAddress)}`]),
    ...differences.flatMap(differenceLine),
    ...(release ? releaseLines(release) : []),
  ];
}

/** What an upgrade of a chart says; undefined where the version stays. */
export function chartText({ chart: { name, from, to } }: ReleaseChange): string | undefined {
  if (from === to) return undefined;
  if (from === undefined) return `${name} ${to}`;
  return to === undefined ? `${name} ${from}` : `${name}: ${from} → ${to}`;
}

/** What an object of a release is, and what is done to it. */
export function objectText({ action, kind, namespace, name, keep }: ObjectChange): string {
  const stays = action === "delete" && keep ? "; it leaves the release and stays in the cluster" : "";
  return `${action} ${kind} ${namespace ? `${namespace}/` : ""}${name}${stays}`;
}

function releaseLines(release: ReleaseChange): string[] {
  const chart = chartText(release);
  return [
    ...(chart === undefined ? [] : [`! chart ${visible(chart)}`]),
    ...release.values.flatMap(differenceLine),
    ...release.objects.flatMap((object) => [
      `@@ ${visible(objectText(object))} @@`,
      ...object.differences.flatMap(differenceLine),
    ]),
  ];
}

function differenceLine(difference: Difference): string[] {
  const path = visible(difference.path);
  const why = difference.replaces ? "  (replaces it)" : "";
  const lines = textLines(difference);
  if (lines) {
    const left = lines.length - MOST_LINES;
    const shown = lines.slice(0, MOST_LINES).map(({ sign, text }) => `${sign} ${short(text, MOST_CHARACTERS)}`);
    return [`! ${path}:${why}`, ...shown, ...(left > 0 ? [`… ${left} lines more`] : [])];
  }
  const [before, after] = [difference.before, difference.after].map((side) => {
    const text = sideText(side);
    return text === undefined ? undefined : short(text, MOST_CHARACTERS);
  });
  if (before === undefined) return [`+ ${path}: ${after ?? ""}${why}`];
  if (after === undefined) return [`- ${path}: ${before}${why}`];
  return [`! ${path}: ${before} → ${after}${why}`];
}
