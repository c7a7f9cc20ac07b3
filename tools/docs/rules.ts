/** The table of the review's rules. */
import { RISKS } from "../../review/model/model";
import { RULES } from "../../review/classify";
import { UNRULED } from "../../review/rules/terraform";

const [BEGIN, END] = ["<!-- generated:rules -->", "<!-- /generated:rules -->"];

/** Every rule, the worst first; Markdown. */
export function rulesTable(): string {
  const rows = [...RULES, UNRULED]
    .map(({ id, risk, explanation }) => ({ id, risk, explanation }))
    .sort((a, b) => RISKS.indexOf(a.risk) - RISKS.indexOf(b.risk) || (a.id < b.id ? -1 : 1));
  return [
    "<!-- prettier-ignore -->",
    "| rule | at worst | says |",
    "| --- | --- | --- |",
    ...rows.map(({ id, risk, explanation }) => `| \`${id}\` | ${risk} | ${explanation} |`),
  ].join("\n");
}

/** A document with the table between its marks. */
export function insertRules(text: string): string {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < 0) throw new Error(`docs/review.md lacks ${BEGIN} or ${END}`);
  return `${text.slice(0, begin + BEGIN.length)}\n\n${rulesTable()}\n\n${text.slice(end)}`;
}
