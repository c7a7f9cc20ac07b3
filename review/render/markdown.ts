/** A review as Markdown, for a comment on GitHub. */
import { differenceLines } from "./difference-lines";
import { allowanceOf, type FindingGroup, findingsByRisk } from "./findings";
import { capital } from "./show";
import { code, codeBlock, htmlCode, prose } from "./markdown-text";
import { type Change, type Finding, type Review, RISKS, type Risk } from "../model/model";
import { tallyOf } from "../model/tally";
import { actionsText, actionsTitle, stateText, subtitle, verdict, worstText } from "./verdict";

/** Bytes of a comment. GitHub's limit is 65,536 characters; what posts it adds a marker and links. */
const MOST_BYTES = 64_000;
/** Part of them that findings may take. */
const FOR_FINDINGS = 0.6;
const SIGN: Readonly<Record<Risk, string>> = {
  "loses data": "🟥",
  interrupts: "🟧",
  restarts: "🟨",
  "changes access": "🟪",
  harmless: "⬜",
};

const TONE = { stop: "CAUTION", look: "IMPORTANT", go: "NOTE" } as const;

/**
 * The whole comment: what happens to running data and connections, then numbers of each layer, then each change.
 * What does not fit is left out from the bottom, and the last line says how much that is.
 *
 * @param review - what it shows
 * @param most - bytes that it may have
 */
export function renderMarkdown(review: Review, most: number = MOST_BYTES): string {
  const head = [title(review), ...layerTable(review)];
  const findings = fit(findingBlocks(review), (most - bytesOf(head.join("\n\n"))) * FOR_FINDINGS);
  const begin = [
    head[0] ?? "",
    ...(review.findings.length > 0 ? ["### What happens to running data and connections"] : []),
    ...findings.texts,
    ...(findings.left > 0 ? [`_${findings.left} more findings did not fit; all that are worse stand above._`] : []),
    ...head.slice(1),
  ].join("\n\n");
  const blocks = changeBlocks(review);
  const changes = fit(blocks, most - bytesOf(begin) - 300);
  const left = [
    ...(changes.brief > 0 ? [`the details of ${changes.brief} changes`] : []),
    ...(changes.left > 0 ? [`${changes.left} changes altogether`] : []),
  ];
  return [
    begin,
    ...(blocks.length > 0 ? ["### Changes, worst first"] : []),
    ...changes.texts,
    ...(left.length > 0
      ? [`_Left out at the end, for a comment has a limit: ${left.join(", and ")}. The HTML page has them all._`]
      : []),
    "",
  ].join("\n\n");
}

function title(review: Review): string {
  const { tone, headline, notes } = verdict(review);
  const worst = `${review.risk === undefined ? "" : `${SIGN[review.risk]} `}${worstText(review)}`;
  const alert = [`[!${TONE[tone]}]`, `**${headline}**`, ...notes.flatMap((note) => ["", prose(note)])];
  return [
    `## ${prose(review.site)} — ${worst}`,
    prose(subtitle(review)),
    alert.map((line) => `> ${line}`).join("\n"),
  ].join("\n\n");
}

/** A part that may be shown in short, or left out. */
interface Block {
  readonly full: string;
  readonly brief: string;
}

const bytesOf = (text: string) => Buffer.byteLength(text) + 2;

/** Part of the room in which parts get a place in short before the first of them are shown whole. */
const FOR_BRIEF = 0.4;

/** As many blocks as fit, from the top: the first ones whole, then in short, then not at all. */
function fit(blocks: readonly Block[], room: number): { texts: string[]; brief: number; left: number } {
  let used = 0;
  const take = (bytes: number, most: number) => {
    if (used + bytes > most) return false;
    used += bytes;
    return true;
  };
  const count = (from: number, to: number, fits: (block: Block) => boolean) => {
    const stop = blocks.slice(from, to).findIndex((block) => !fits(block));
    return stop < 0 ? to : from + stop;
  };
  const first = count(0, blocks.length, ({ brief }) => take(bytesOf(brief), room * FOR_BRIEF));
  const whole = count(0, first, ({ full, brief }) => take(bytesOf(full) - bytesOf(brief), room));
  const kept = whole < first ? first : count(first, blocks.length, ({ full }) => take(bytesOf(full), room));
  const texts = blocks.slice(0, kept).map(({ full, brief }, i) => (i < whole || i >= first ? full : brief));
  const brief = blocks.slice(whole, first).filter((block) => block.full !== block.brief).length;
  return { texts, brief, left: blocks.length - kept };
}

function findingBlocks(review: Review): Block[] {
  return findingsByRisk(review).flatMap(({ risk, means, number, groups }) => {
    const head = `${SIGN[risk]} **${capital(risk)}** (${number}): ${means}.\n\n`;
    return groups.map((group, i) => {
      const text = (i === 0 ? head : "") + findingGroup(group);
      return { full: text, brief: text };
    });
  });
}

function findingGroup({ listed, folded, why, remedy }: FindingGroup): string {
  const bullet = (finding: Finding) =>
    `- <b>${prose(capital(finding.what))}</b> ${place(finding)}${allowance(finding)}`;
  return [
    ...listed.map(bullet),
    ...(folded.length > 0
      ? [
          "",
          `<details><summary>and ${folded.length} more of the same</summary>`,
          "",
          ...folded.map(bullet),
          "",
          "</details>",
        ]
      : []),
    "",
    `${listed.length + folded.length === 1 ? "  " : ""}${prose(capital(why))}. <b>What to do:</b> ${prose(remedy)}.`,
  ].join("\n");
}

const place = ({ stack, address }: Finding) => `(${code(stack)}, ${code(address)})`;

function allowance(finding: Finding): string {
  const found = allowanceOf(finding);
  if (!found) return "";
  if (found.entry === undefined) return " — nothing in the site's file can allow it";
  return found.allowed
    ? ` — allowed by ${code(found.entry)}`
    : ` — **not allowed**; ${code(found.entry)} would allow it`;
}

function layerTable(review: Review): string[] {
  const { layers } = review;
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const table = [
    row(["layer", "state", ...RISKS.map((risk) => `${SIGN[risk]} ${risk}`), actionsTitle(review)]),
    row(["---", "---", ...RISKS.map(() => "---:"), "---"]),
    ...layers.map((layer) =>
      row([
        prose(layer.stack),
        stateText(layer, review),
        ...tallyOf(layer.changes).map(({ number }) => String(number || "")),
        actionsText(layer),
      ]),
    ),
  ].join("\n");
  const lines = layers.flatMap(({ stack, lines }) => lines.map((line) => `- ${code(stack)}: ${prose(line)}`));
  return ["### Layers, in the order in which they are applied", table, ...(lines.length > 0 ? [lines.join("\n")] : [])];
}

function changeBlocks({ layers }: Review): Block[] {
  return RISKS.flatMap((risk) =>
    layers.flatMap(({ stack, changes }) =>
      changes.filter((change) => change.risk === risk).map((change) => changeBlock(stack, change)),
    ),
  );
}

function changeBlock(stack: string, change: Change): Block {
  const { risk, action, name, address, release } = change;
  const summary = `${SIGN[risk]} ${action} <b>${htmlCode(name)}</b> in ${htmlCode(stack)} ${htmlCode(address)}`;
  const brief = `- ${SIGN[risk]} ${action} ${code(name)} in ${code(stack)}`;
  const lines = differenceLines(change);
  const notes = (release?.notes ?? []).map((note) => `- ${prose(note)}`);
  if (lines.length + notes.length === 0) return { full: brief, brief };
  const parts = [
    ...(notes.length > 0 ? [notes.join("\n")] : []),
    ...(lines.length > 0 ? [codeBlock("diff", lines)] : []),
  ];
  return { full: [`<details><summary>${summary}</summary>`, ...parts, "</details>"].join("\n\n"), brief };
}
