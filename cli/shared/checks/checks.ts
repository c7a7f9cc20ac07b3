/** The checks before anything changes a site; all their lines are reported at once. */
import { GKE_LOGIN_PROGRAM } from "../../../constructs/cluster/gke-cluster";
import { isInsideCluster } from "../../../environments/derived/layers";
import { inputProblem, stateProblem } from "../site/inputs";
import { requiredInputs } from "../site/stack-facts";
import { dockerHostsAnswer, kernelsAreReady, nothingOfOthers, portsAreFree } from "./docker-hosts";
import { givenCertificateFits } from "./given-certificate";
import {
  certificatesLast,
  disksAreMounted,
  dockerIsOnItsHost,
  firewallsLetPodsThrough,
  inputsAreOutside,
  nodesHaveTheirCards,
  nodesSeeTheirDisks,
  routesLeadElsewhere,
} from "./machines";
import type { SiteCheck, CheckedSite, CheckContext } from "./site-check";
import { noRedirectingVariables, statesAreReadable, terraformIsNewEnough } from "./terraform";

/** Every input has a valid value, and the place of the states is known. */
const inputsAreGiven: SiteCheck = ({ stacks }, { env }) => {
  const inputs = requiredInputs(stacks).map((input) => inputProblem(input, env));
  const problems = [...inputs, ...stacks.map((stack) => stateProblem(stack, env))];
  return [...new Set(problems.filter((line) => line !== undefined))];
};

/** The kubeconfig of a cluster that we do not create exists. */
const kubeconfigExists: SiteCheck = ({ environment: { name, cluster } }, around) =>
  cluster.kind === "existing" && !around.fileExists(cluster.kubeconfig)
    ? [`${cluster.kubeconfig} does not exist: put the kubeconfig of the cluster of ${name} there`]
    : [];

/** GKE's login program is installed: its kubeconfig holds no credential. */
const gkeLoginProgramExists: SiteCheck = async ({ environment, stacks }, around) => {
  if (environment.cluster.kind !== "gke" || stacks.every(({ layer }) => !isInsideCluster(layer))) return [];
  return (await around.programExists(GKE_LOGIN_PROGRAM))
    ? []
    : [
        `${GKE_LOGIN_PROGRAM}, which logs in to GKE, was not found: install it with gcloud components install ${GKE_LOGIN_PROGRAM}`,
      ];
};

/** Checks of machines, which matter to whatever is started there. */
const MACHINE_CHECKS: readonly SiteCheck[] = [
  routesLeadElsewhere,
  nodesHaveTheirCards,
  firewallsLetPodsThrough,
  disksAreMounted,
  nodesSeeTheirDisks,
  certificatesLast,
];

/** All checks, in the order in which their lines are printed. */
export const DEPLOY_CHECKS: readonly SiteCheck[] = [
  terraformIsNewEnough,
  noRedirectingVariables,
  inputsAreGiven,
  givenCertificateFits,
  kubeconfigExists,
  gkeLoginProgramExists,
  inputsAreOutside,
  dockerHostsAnswer,
  dockerIsOnItsHost,
  portsAreFree,
  kernelsAreReady,
  ...MACHINE_CHECKS,
  statesAreReadable,
  nothingOfOthers,
];

/** Checks of what a destroy does not need. */
const START_CHECKS = [
  givenCertificateFits,
  inputsAreOutside,
  dockerIsOnItsHost,
  portsAreFree,
  kernelsAreReady,
  nothingOfOthers,
  ...MACHINE_CHECKS,
];

/** The checks before a destroy, which starts nothing: certificates, ports, kernels and names of containers do not matter to it. */
export const DESTROY_CHECKS: readonly SiteCheck[] = DEPLOY_CHECKS.filter((check) => !START_CHECKS.includes(check));

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
