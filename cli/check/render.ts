/** What `npm run check` prints. */
import { CHECK_EXIT } from "../../ground/errors";
import type { Output } from "../shared/terminal/output";
import { BLOCKED, type Finding } from "./run";
import { type Level, SUBJECTS, type Subject, type Verdict } from "./model/verdict";

/** Levels in the order of their weight, the heaviest first, as monitoring plugins order them. */
const WEIGHT: readonly Level[] = ["fail", "warn", "unknown", "ok"];

/** What all checks of a site said once. */
export interface Round {
  readonly site: string;
  /** Milliseconds since 1970 at which it began. */
  readonly time: number;
  readonly seconds: number;
  readonly findings: readonly Finding[];
  /** Why the cluster cannot be asked. */
  readonly blocked?: string;
}

const verdictsOf = ({ findings }: Round): Verdict[] => findings.flatMap(({ verdicts }) => verdicts);

/** How many verdicts of each level there are. */
function countsOf(round: Round): Record<Level, number> {
  const counts: Record<Level, number> = { ok: 0, warn: 0, fail: 0, unknown: 0 };
  for (const { level } of verdictsOf(round)) counts[level]++;
  return counts;
}

/** Exit code of a round: that of its heaviest level. */
export function exitCodeOf(round: Round): number {
  const counts = countsOf(round);
  return CHECK_EXIT[WEIGHT.find((level) => counts[level] > 0) ?? "unknown"];
}

/** The time of a round as people and programs read it: in UTC. */
function timeOf({ time }: Round): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
}

/** A round for programs. */
export function roundJson(round: Round) {
  const { site, seconds, findings, blocked } = round;
  return {
    site,
    time: timeOf(round),
    seconds,
    exitCode: exitCodeOf(round),
    counts: countsOf(round),
    ...(blocked === undefined ? {} : { blocked }),
    verdicts: findings.flatMap(({ subject, title, verdicts }) =>
      verdicts.map((verdict) => ({ subject, check: title, ...verdict })),
    ),
  };
}

/** A round for people: what each subject said, in the order of the subjects, and a summary. */
export function roundText(round: Round, colour: Output["colour"]): string {
  const isBlocked = ({ verdicts: [first] }: Finding) => first?.measured === BLOCKED;
  const asked = round.findings.filter((finding) => !isBlocked(finding));
  // Of a subject of which something was asked only the rest was left out.
  const left = round.findings
    .filter(isBlocked)
    .map(({ subject }) => (asked.some((one) => one.subject === subject) ? `the rest of ${subject}` : subject));
  const parts = SUBJECTS.flatMap((subject) => {
    const verdicts = asked.filter((one) => one.subject === subject).flatMap((one) => one.verdicts);
    return verdicts.length === 0 ? [] : [[colour.bold(subject), ...verdictLines(verdicts, colour)].join("\n")];
  });
  const blocked =
    left.length === 0
      ? []
      : [
          [
            `${coloured("unknown", colour)}  not asked, since the cluster cannot be: ${[...new Set(left)].join(", ")}`,
            `         ${round.blocked}`,
          ].join("\n"),
        ];
  return [...parts, ...blocked, summary(round, colour)].join("\n\n");
}

function summary(round: Round, colour: Output["colour"]): string {
  const counts = countsOf(round);
  const shown = WEIGHT.filter((level) => counts[level] > 0).map((level) => `${counts[level]} ${level}`);
  const worst = WEIGHT.find((level) => counts[level] > 0) ?? "unknown";
  const text = shown.length === 0 ? "nothing was looked at" : shown.join(", ");
  return `${colour.bold(round.site)} at ${timeOf(round)}: ${paint(worst, text, colour)} (${round.seconds} s)`;
}

/** Verdicts, one line each, and what to do below those that are not `ok`: once where it is the same for several. */
function verdictLines(verdicts: readonly Verdict[], colour: Output["colour"]): string[] {
  return verdicts.flatMap((one, i) => {
    const advice = adviceOf(one, colour);
    const next = verdicts[i + 1];
    const isSame = next !== undefined && adviceOf(next, colour).join() === advice.join();
    return [`  ${coloured(one.level, colour)}  ${one.what}: ${one.measured}`, ...(isSame ? [] : advice)];
  });
}

function adviceOf({ level, healthy, remedy, page }: Verdict, colour: Output["colour"]): string[] {
  const words = level === "ok" ? {} : { healthy, do: remedy, see: page };
  return Object.entries(words).flatMap(([word, text]) =>
    text ? [`             ${colour.dim(`${word}:`)} ${text}`] : [],
  );
}

function coloured(level: Level, colour: Output["colour"]): string {
  return paint(level, level.padEnd(7), colour);
}

function paint(level: Level, text: string, colour: Output["colour"]): string {
  switch (level) {
    case "ok":
      return colour.green(text);
    case "warn":
      return colour.yellow(text);
    case "fail":
      return colour.red(text);
    case "unknown":
      return colour.magenta(text);
  }
}

const keyOf = (subject: Subject, { what }: Verdict): string => `${subject} ${what}`;

/** What became another level since the round before, with the time: one line each. */
export function changesText(before: Round, round: Round, colour: Output["colour"]): string[] {
  // Several verdicts may be on one thing: the heaviest says how it was.
  const known = new Map<string, Level>();
  const levels = new Set<string>();
  for (const { subject, verdicts } of before.findings)
    for (const one of verdicts) {
      const key = keyOf(subject, one);
      levels.add(`${one.level} ${key}`);
      const other = known.get(key) ?? one.level;
      known.set(key, WEIGHT.indexOf(one.level) < WEIGHT.indexOf(other) ? one.level : other);
    }
  const now = round.findings.flatMap(({ subject, verdicts }) => verdicts.map((one) => ({ subject, one })));
  const seen = new Set(now.map(({ subject, one }) => keyOf(subject, one)));
  const time = timeOf(round);
  return [
    ...now.flatMap(({ subject, one }) => {
      const was = known.get(keyOf(subject, one));
      // What is new and healthy is no news.
      if (levels.has(`${one.level} ${keyOf(subject, one)}`) || (was === undefined && one.level === "ok")) return [];
      const remedy = one.level === "ok" || one.remedy === undefined ? "" : `; do: ${one.remedy}`;
      return [
        `${time} ${coloured(one.level, colour)} ${subject}: ${one.what}: ${one.measured} (was ${was ?? "not there"})${remedy}`,
      ];
    }),
    ...[...known].flatMap(([key, was]) =>
      seen.has(key) || was === "ok" ? [] : [`${time} gone    ${key} (was ${was})`],
    ),
  ];
}
