/** The table of the review's rules. */
import { byRisk } from "../../review/model/model";
import { RULES } from "../../review/classify";
import { insert } from "./marks";
import { UNRULED } from "../../review/rules/terraform";

/** Every rule, the worst first; Markdown. */
function rulesTable(): string {
  const rows = [...RULES, UNRULED].sort((a, b) => byRisk(a, b) || (a.id < b.id ? -1 : 1));
  return [
    "<!-- prettier-ignore -->",
    "| rule | at worst | says |",
    "| --- | --- | --- |",
    ...rows.map(({ id, risk, explanation }) => `| \`${id}\` | ${risk} | ${explanation} |`),
  ].join("\n");
}

/** A document with the table between its marks. */
export function insertRules(text: string): string {
  const whole = insert(text, "rules", rulesTable());
  if (whole === undefined) throw new Error("docs/review.md lacks the marks generated:rules");
  return whole;
}
