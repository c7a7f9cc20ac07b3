/** A review on a terminal: the verdict, what touches running data, the layers, then each change. */
import { type Change, type Finding, type LayerReview, type Review, type Risk } from "../model/model";
import { differenceLines } from "./difference-lines";
import { allowanceOf, type FindingGroup, findingsByRisk } from "./findings";
import { capital, short, visible } from "./show";
import { countsText, stateText, subtitle, tallyText, verdict } from "./verdict";

/** Colours of a terminal; each leaves the text alone where there are none. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly green: (text: string) => string;
}

/** Lines of one change that are shown; the JSON has all. */
const MOST_LINES = 12;
/** Characters of one line. */
const MOST_CHARACTERS = 240;

/** The whole review as lines. */
export function renderTerminal(review: Review, paint: Paint): string {
  return [
    ...head(review, paint),
    ...findingsByRisk(review).flatMap(({ risk, means, number, groups }) => [
      `${painted(risk, paint)(`${risk.toUpperCase()} (${number})`)}: ${means}`,
      ...groups.flatMap((group) => groupLines(group, paint)),
      "",
    ]),
    ...review.layers.flatMap((layer) => layerLines(layer, review, paint)),
    "",
    ...review.layers.flatMap((layer) => changesLines(layer, paint)),
  ].join("\n");
}

function painted(risk: Risk, { red, yellow, green }: Paint): (text: string) => string {
  return risk === "loses data" || risk === "interrupts" ? red : risk === "harmless" ? green : yellow;
}

function head(review: Review, paint: Paint): string[] {
  const { tone, headline, notes } = verdict(review);
  const colour = { stop: paint.red, look: paint.yellow, go: paint.green }[tone];
  return [
    `${paint.bold(visible(review.site))}: ${visible(subtitle(review))}`,
    paint.bold(colour(headline)),
    ...notes.map(visible),
    "",
    ...(tallyText(review) === "" ? [] : [tallyText(review), ""]),
  ];
}

function groupLines({ listed, folded, why, remedy }: FindingGroup, paint: Paint): string[] {
  return [
    ...listed.map((finding) => findingLine(finding, paint)),
    ...(folded.length > 0 ? [`  … and ${folded.length} more of the same`] : []),
    paint.dim(`    ${capital(visible(why))}.`),
    `    What to do: ${visible(remedy)}.`,
  ];
}

function findingLine(finding: Finding, { bold, red }: Paint): string {
  const { what, stack, address } = finding;
  return `  ${bold(capital(visible(what)))} (${visible(`${stack} ${address}`)})${allowance(finding, red)}`;
}

function allowance(finding: Finding, red: Paint["red"]): string {
  const found = allowanceOf(finding);
  if (!found) return "";
  const entry = found.entry === undefined ? undefined : visible(found.entry);
  if (found.allowed) return ` — allowed by ${entry}`;
  return ` — ${red("not allowed")}${entry === undefined ? "" : `; ${entry} would allow it`}`;
}

function layerLines(layer: LayerReview, review: Review, { bold, red, yellow }: Paint): string[] {
  const { stack, status, counts, lines } = layer;
  const state = stateText(layer, review);
  const word = status === "failed" ? red(state) : status === "blocked" ? yellow(state) : state;
  const counted = countsText(counts);
  return [
    `${bold(visible(stack))}: ${word}${counted ? `, ${counted}` : ""}`,
    ...lines.map((line) => `  ${visible(line)}`),
  ];
}

function changesLines({ stack, changes }: LayerReview, paint: Paint): string[] {
  if (changes.length === 0) return [];
  return ["", paint.bold(visible(stack)), ...changes.flatMap((change) => changeLines(change, paint))];
}

function changeLines(change: Change, paint: Paint): string[] {
  const { action, name, address, risk, release } = change;
  const line = `  ${painted(risk, paint)(action)} ${visible(name)} ${paint.dim(visible(address))}`;
  // What is new has nothing to be compared with.
  if (action === "create") return [line];
  const lines = differenceLines(change);
  const rest = lines.length - MOST_LINES;
  return [
    line,
    ...(release?.notes ?? []).map((note) => `      ${paint.yellow("!")} ${visible(note)}`),
    ...lines.slice(0, MOST_LINES).map((one) => `      ${signed(short(one, MOST_CHARACTERS), paint)}`),
    ...(rest > 0 ? [`      … and ${rest} more, --json has all`] : []),
  ];
}

function signed(line: string, { red, green, dim }: Paint): string {
  if (line.startsWith("+")) return green(line);
  if (line.startsWith("-")) return red(line);
  return line.startsWith("#") || line.startsWith("@@") ? dim(line) : line;
}
