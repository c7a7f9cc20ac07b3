/** The first sentence of every rendering: whether one may approve. */
import { tally } from "../model/tally";
import { capital } from "./show";
import { stackLeaves } from "../rules/terraform";
import { forbidden } from "../model/consent";
import { ACTIONS, type LayerReview, type Review, type Risk } from "../model/model";

/** What a reviewer is told first. */
export interface Verdict {
  /** `stop`: do not approve. `look`: approve when the findings are meant. `go`: nothing speaks against it. */
  readonly tone: "stop" | "look" | "go";
  /** One sentence. */
  readonly headline: string;
  /** What was not judged or compared, and what to know of the site, one line each. */
  readonly notes: readonly string[];
}

/** Counts of a layer in words: `3 create, 1 replace`, the worst action first. */
export function countsText(counts: LayerReview["counts"]): string {
  return ACTIONS.flatMap((action) => (counts[action] ? [`${counts[action]} ${action}`] : [])).join(", ");
}

/** What is counted by action: what Terraform would do, or what somebody did. */
export function actionsTitle({ comparison }: Pick<Review, "comparison">): string {
  return comparison.kind === "drift" ? "what was changed" : "what Terraform does";
}

/** What happens by risk, in words: `1 loses data, 3 restarts`; empty where nothing does. */
export function tallyText(review: Review): string {
  return tally(review)
    .filter(({ number }) => number > 0)
    .map(({ number, risk }) => `${number} ${risk}`)
    .join(", ");
}

/** What is done to a layer in words; of one that was not judged nobody knows. */
export function actionsText({ status, counts }: LayerReview): string {
  return countsText(counts) || (isJudged({ status }) ? "nothing" : "not known");
}

/** Whether there is a whole plan of a layer. */
export const isJudged = ({ status }: Pick<LayerReview, "status">): boolean =>
  status !== "failed" && status !== "blocked";

/** The worst that happens, in a word or two. */
export function worstText({ risk, layers }: Pick<Review, "risk" | "layers">): string {
  if (risk !== undefined) return risk;
  return layers.every(isJudged) ? "no changes" : "not judged";
}

/** The state of a layer in one word. */
export function stateText({ status }: LayerReview, { comparison }: Pick<Review, "comparison">): string {
  return comparison.kind === "drift" && status === "planned" ? "changed by hand" : status;
}

/** What was compared, in one line. */
export function subtitle({ title, comparison, revision }: Review): string {
  const compared =
    comparison.kind === "base"
      ? `compared with ${comparison.base}`
      : { plan: "the plan against what runs", drift: "what runs, compared with what Terraform made" }[comparison.kind];
  // A commit by its first characters; a mark behind it stays.
  const short = revision?.replace(/^([0-9a-f]{12})[0-9a-f]*/, "$1");
  return [title, ...(short === undefined ? [] : [`revision ${short}`]), compared].join(" · ");
}

const BY_RISK: Readonly<Record<Risk, Omit<Verdict, "notes">>> = {
  "loses data": {
    tone: "look",
    headline: "Data is lost, and the site's file allows it: approve only if that is meant.",
  },
  interrupts: {
    tone: "look",
    headline: "No data is lost, but somebody is cut off: approve for a time when nobody needs it.",
  },
  restarts: { tone: "look", headline: "No data is lost; programs start again: approve when a short gap does no harm." },
  "changes access": {
    tone: "look",
    headline: "No data is lost; who reaches what changes: approve when they know of it.",
  },
  harmless: { tone: "go", headline: "Nothing that runs notices." },
};

const DRIFT = {
  tone: "look",
  headline: "What runs is no longer what Terraform made.",
} as const;

const REPAIRS = [
  "The next deploy changes back what Terraform manages itself. Inside a Helm release it repairs nothing for as long as the release stays as it is: each finding says what does.",
];

const SITE_LEAVES = {
  tone: "look",
  headline:
    "The site leaves the program: nothing is destroyed by that, and what runs there is left without a program. Approve only when it was destroyed before, or is looked after elsewhere.",
} as const;

const named = (layers: readonly LayerReview[]) => layers.map(({ stack }) => stack).join(", ");

/** Whether one may approve what a review shows. */
export function verdict(review: Review): Verdict {
  const { notes, ...rest } = verdictOnChanges(review);
  return { ...rest, notes: [...notes, ...(review.notes ?? [])] };
}

function verdictOnChanges({ layers, findings, risk, comparison }: Review): Verdict {
  const gone = findings.filter(({ rule }) => rule === stackLeaves.id).map(({ stack }) => stack);
  const failed = layers.filter(({ status }) => status === "failed");
  const blocked = layers.filter(({ status }) => status === "blocked");
  const notes = [
    ...(failed.length > 0 ? [`Not judged, because there is no whole plan: ${named(failed)}.`] : []),
    ...(blocked.length > 0
      ? [
          `Not judged, because it is blocked: ${blocked.map(({ stack, lines: [why] }) => (why === undefined ? stack : `${stack} (${why})`)).join(", ")}.`,
        ]
      : []),
    ...(gone.length > 0 && gone.length < layers.length
      ? [`Left without a program, for it is no longer in this one: ${gone.join(", ")}.`]
      : []),
    ...(comparison.kind === "base"
      ? ["Two revisions were compared, and no site was looked at: what was changed there by hand does not show."]
      : []),
  ];
  if (comparison.kind === "drift" && risk !== undefined) return { ...DRIFT, notes: [...notes, ...REPAIRS] };
  const against = forbidden(findings);
  const what = comparison.kind === "drift" ? "was changed by hand" : "changes";
  if (against.length > 0)
    return {
      tone: "stop",
      headline: `Do not approve: data would be lost, and the site's file does not allow it (${against.length} finding${against.length === 1 ? "" : "s"}).`,
      notes,
    };
  const stuck = findings.filter(({ fails }) => fails === true).length;
  if (stuck > 0)
    return {
      tone: "stop",
      headline: `Do not approve: no data is lost, but the apply would fail half way (${stuck} finding${stuck === 1 ? "" : "s"}).`,
      notes,
    };
  if (failed.length > 0) return { tone: "stop", headline: "Do not approve: a layer could not be judged.", notes };
  if (gone.length > 0 && gone.length === layers.length) return { ...SITE_LEAVES, notes };
  const rest = `${blocked.length} of ${layers.length} layers could not be judged`;
  if (risk !== undefined) {
    const { tone, headline } = BY_RISK[risk];
    return blocked.length > 0
      ? { tone: "look", headline: `${headline} That is said of what could be judged: ${rest}.`, notes }
      : { tone, headline, notes };
  }
  if (blocked.length === 0) return { tone: "go", headline: `Nothing ${what}.`, notes };
  return {
    tone: "look",
    headline:
      blocked.length === layers.length
        ? "No layer could be judged: whether anything changes is not known."
        : `${capital(rest)}: whether anything changes there is not known. The others stay as they are.`,
    notes,
  };
}
