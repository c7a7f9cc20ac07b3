/** Findings as every rendering shows them: by risk, then by what follows; which are listed, and what allows them. */
import { allowingEntries } from "../model/consent";
import { type Finding, type Review, RISK_MEANS, RISKS, type Risk } from "../model/model";

/** Findings of a group that are listed before the rest is folded; those that lose data are never folded. */
const LISTED = 5;

/** Findings of one rule with the same consequences. */
export interface FindingGroup {
  readonly risk: Risk;
  readonly why: string;
  readonly remedy: string;
  readonly listed: readonly Finding[];
  /** More of the same. */
  readonly folded: readonly Finding[];
}

/** All findings, the worst risk first, with what it means and how many there are; a risk without any is left out. */
export function findingsByRisk({
  findings,
}: Pick<Review, "findings">): { risk: Risk; means: string; number: number; groups: FindingGroup[] }[] {
  return RISKS.map((risk) => {
    const own = findings.filter((one) => one.risk === risk);
    return { risk, means: RISK_MEANS[risk], number: own.length, groups: groupsOf(own) };
  }).filter(({ number }) => number > 0);
}

/** In the order of the first finding of each. */
function groupsOf(findings: readonly Finding[]): FindingGroup[] {
  const groups = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.rule, finding.why, finding.remedy]);
    const group = groups.get(key);
    if (group) group.push(finding);
    else groups.set(key, [finding]);
  }
  return [...groups.values()].map((group) => {
    const [{ risk, why, remedy }] = group;
    const listed = risk === "loses data" ? group.length : LISTED;
    return { risk, why, remedy, listed: group.slice(0, listed), folded: group.slice(listed) };
  });
}

/**
 * Whether the site's file allows a loss of data, and by which entry: `allowDestroys: ["summit-efd/kafka"]`, undefined
 * where no entry can. Undefined of a finding that loses no data.
 */
export function allowanceOf({
  risk,
  allowed,
  ...finding
}: Finding): { allowed: boolean; entry: string | undefined } | undefined {
  if (risk !== "loses data") return undefined;
  const entries = allowingEntries(finding);
  return { allowed: allowed === true, entry: entries === "" ? undefined : `allowDestroys: [${entries}]` };
}
