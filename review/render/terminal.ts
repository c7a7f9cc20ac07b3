/** A review on a terminal: what touches running data first, then the layers, then each change. */
import {
  type Change,
  type Difference,
  type Finding,
  type LayerReview,
  type ObjectChange,
  type Review,
  type Risk,
  RISKS,
  type Shown,
} from "../model/model";
import { stateText } from "./verdict";

/** Colours of a terminal; each leaves the text alone where there are none. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly green: (text: string) => string;
}

/** Differences of one change that are shown; the JSON has all. */
const MOST_DIFFERENCES = 12;
/** Findings of one kind of risk that are shown with their reason. */
const MOST_FINDINGS = 12;
/** Letters of a value that are shown. */
const MOST_LETTERS = 100;

/** A text without anything that a terminal would obey. */
export function harmlessText(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, "�");
}

/** One side of a difference, on one line. */
export function shownText(side: Shown | undefined): string {
  if (!side) return "nothing";
  if (side.kind !== "value") return side.kind === "unknown" ? "(known after apply)" : "(secret)";
  const text = harmlessText(JSON.stringify(side.value));
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS - 1)}…` : text;
}

/** The whole review as lines. */
export function renderTerminal(review: Review, paint: Paint): string {
  return [
    ...head(review, paint),
    ...RISKS.flatMap((risk) => findingsOf(review, risk, paint)),
    ...layers(review, paint),
    ...review.layers.flatMap((layer) => changes(layer, paint)),
  ].join("\n");
}

const COMPARISONS = {
  plan: () => "what an apply would do",
  base: (review: Review) => `compared with ${review.comparison.kind === "base" ? review.comparison.base : ""}`,
  drift: () => "what was changed by hand",
} as const;

function painted(risk: Risk, { red, yellow, green }: Paint): (text: string) => string {
  return risk === "loses data" || risk === "interrupts" ? red : risk === "harmless" ? green : yellow;
}

function head(review: Review, paint: Paint): string[] {
  const { site, title, comparison, risk } = review;
  const about = harmlessText(`${site} (${title}), ${COMPARISONS[comparison.kind](review)}`);
  if (!risk) return [paint.bold(`${about}: nothing changes`), ""];
  const counts = RISKS.map((one) => [one, review.findings.filter((finding) => finding.risk === one).length] as const)
    .filter(([, count]) => count > 0)
    .map(([one, count]) => painted(one, paint)(`${count} ${one}`));
  return [
    paint.bold(`${about}: ${painted(risk, paint)(risk)}`),
    counts.join(", ") || "no rule has anything to say",
    "",
  ];
}

function findingsOf({ findings }: Review, risk: Risk, paint: Paint): string[] {
  const own = findings.filter((finding) => finding.risk === risk);
  if (own.length === 0) return [];
  const title = painted(risk, paint)(risk.toUpperCase());
  if (risk === "harmless") return [title, ...byRule(own), ""];
  const lines = own.slice(0, MOST_FINDINGS).flatMap((finding) => findingLines(finding, paint));
  const rest = own.slice(MOST_FINDINGS).map(({ what, stack }) => `  ${harmlessText(what)} (${stack})`);
  return [title, ...lines, ...rest, ""];
}

/** Harmless things are counted where they are many. */
function byRule(findings: readonly Finding[]): string[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) groups.set(finding.rule, [...(groups.get(finding.rule) ?? []), finding]);
  return [...groups.values()].flatMap((group) =>
    group.length > 3
      ? [`  ${harmlessText(group[0]?.what ?? "")}, and ${group.length - 1} more of rule ${group[0]?.rule}`]
      : group.map(({ what, stack }) => `  ${harmlessText(what)} (${stack})`),
  );
}

function findingLines({ what, why, remedy, stack, allow, allowed }: Finding, { bold, dim }: Paint): string[] {
  return [
    `  ${bold(harmlessText(what))} (${stack})`,
    dim(`    ${harmlessText(why)}`),
    `    -> ${harmlessText(remedy)}`,
    ...(allow === undefined
      ? []
      : [
          allowed
            ? `    allowed by the environment`
            : `    refused by deploy --reviewed unless allowDestroys names ${JSON.stringify(harmlessText(allow))}`,
        ]),
  ];
}

function layers(review: Review, paint: Paint): string[] {
  return [
    ...review.layers.flatMap((layer) => {
      const { stack, status, counts, lines } = layer;
      const what = Object.entries(counts).map(([action, count]) => `${count} ${action}`);
      const state = stateText(layer, review);
      const word = status === "failed" ? paint.red(state) : status === "blocked" ? paint.yellow(state) : state;
      return [`${paint.bold(stack)}: ${[word, ...what].join(", ")}`, ...lines.map((line) => `  ${harmlessText(line)}`)];
    }),
    "",
  ];
}

const SIGNS: Readonly<Record<Change["action"], string>> = {
  create: "+",
  update: "~",
  replace: "±",
  delete: "-",
  forget: "·",
  import: "<",
  move: ">",
  read: "?",
};

function changes({ stack, changes: all }: LayerReview, paint: Paint): string[] {
  if (all.length === 0) return [];
  return [paint.bold(stack), ...all.flatMap((change) => changeLines(change, paint)), ""];
}

function changeLines(change: Change, paint: Paint): string[] {
  const { action, name, address, previousAddress, reason, risk, release } = change;
  const from = previousAddress === undefined ? "" : `, from ${previousAddress}`;
  const why = reason === undefined || action === "delete" ? "" : `, ${reason}`;
  const sign = painted(risk, paint)(SIGNS[action]);
  const line = `  ${sign} ${harmlessText(name)} ${paint.dim(harmlessText(`${address}${from}${why}`))}`;
  if (action === "create") return [line];
  const version =
    release && release.chart.from !== release.chart.to
      ? [`      chart ${release.chart.name} ${release.chart.from ?? "none"} → ${release.chart.to ?? "none"}`]
      : [];
  return [
    line,
    ...version,
    ...(release?.notes ?? []).map((note) => `      ${paint.yellow("!")} ${harmlessText(note)}`),
    ...differences([...change.differences, ...(release?.values ?? [])], "      "),
    ...(release?.objects ?? []).flatMap((object) => objectLines(object)),
  ];
}

function objectLines({ action, kind, namespace, name, keep, differences: own }: ObjectChange): string[] {
  const stays = action === "delete" && keep ? " (stays in the cluster)" : "";
  return [
    `      ${SIGNS[action]} ${harmlessText(`${kind} ${namespace ? `${namespace}/` : ""}${name}`)}${stays}`,
    ...(action === "update" ? differences(own, "          ") : []),
  ];
}

function differences(all: readonly Difference[], indent: string): string[] {
  const shown = all.slice(0, MOST_DIFFERENCES).map(({ path, before, after, replaces }) => {
    const mark = replaces ? " (replaces it)" : "";
    return `${indent}${harmlessText(path)}: ${shownText(before)} → ${shownText(after)}${mark}`;
  });
  const rest = all.length - shown.length;
  return rest > 0 ? [...shown, `${indent}… and ${rest} more, --json has all`] : shown;
}
