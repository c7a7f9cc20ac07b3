/** The checks before anything changes a site; all their lines are reported at once. */
import { kubeconfigExists, inputsAreGiven, gkeLoginProgramExists } from "./access";
import { dockerHostsAnswer, kernelsAreReady, nothingOfOthers, portsAreFree } from "./docker-hosts";
import type { SiteCheck, CheckedSite, CheckContext } from "./site-check";
import { noRedirectingVariables, statesAreReadable, terraformIsNewEnough } from "./terraform";

/** All checks, in the order in which their lines are printed. */
export const DEPLOY_CHECKS: readonly SiteCheck[] = [
  terraformIsNewEnough,
  noRedirectingVariables,
  inputsAreGiven,
  kubeconfigExists,
  gkeLoginProgramExists,
  dockerHostsAnswer,
  portsAreFree,
  kernelsAreReady,
  statesAreReadable,
  nothingOfOthers,
];

/** The checks before a destroy, which starts nothing on a host: ports, kernels and names of containers do not matter to it. */
export const DESTROY_CHECKS: readonly SiteCheck[] = DEPLOY_CHECKS.filter(
  (check) => ![portsAreFree, kernelsAreReady, nothingOfOthers].includes(check),
);

/** The checks before a review, which changes nothing: a layer that cannot be read is a result of the review. */
export const REVIEW_CHECKS: readonly SiteCheck[] = [
  terraformIsNewEnough,
  noRedirectingVariables,
  inputsAreGiven,
  gkeLoginProgramExists,
];

/** Runs all checks; none stops at another's failure. */
export async function checkSite(
  subject: CheckedSite,
  around: CheckContext,
  checks: readonly SiteCheck[] = DEPLOY_CHECKS,
): Promise<string[]> {
  const lines: string[] = [];
  for (const check of checks) lines.push(...(await check(subject, around)));
  return lines;
}
