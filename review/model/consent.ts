/** What nobody may apply without being asked, whichever command applies it. */
import type { Finding } from "./model";

/** Findings that lose data and that the site's file does not allow. */
export function forbidden(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ risk, allowed }) => risk === "loses data" && allowed !== true);
}

/**
 * Findings that somebody must agree to before a plan is applied: those that are {@link forbidden}, and databases and
 * topics that leave the program, whose data stay and which nobody fills or looks after any more.
 */
export function needingConsent(findings: readonly Finding[]): Finding[] {
  const refused = new Set(forbidden(findings));
  return findings.filter((one) => refused.has(one) || one.asks === true);
}

/** Entries of `allowDestroys` that would allow a finding, each quoted: `"summit-efd/kafka"`; none where no entry can. */
export function allowingEntries({ allow, more = [] }: Pick<Finding, "allow" | "more">): string {
  const ids = [allow, ...more.map((one) => one.allow)].filter((id) => id !== undefined);
  return ids.map((id) => JSON.stringify(id)).join(", ");
}
