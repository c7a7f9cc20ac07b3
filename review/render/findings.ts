/** Findings as renderings put them together. */
import type { Finding } from "../model/model";

/** Findings of one rule with the same consequences, together, in the order of the first of each. */
export function groupsOf(findings: readonly Finding[]): Finding[][] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.rule, finding.risk, finding.why, finding.remedy]);
    const group = groups.get(key);
    if (group) group.push(finding);
    else groups.set(key, [finding]);
  }
  return [...groups.values()];
}
