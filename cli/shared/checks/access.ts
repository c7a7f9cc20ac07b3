/** Checks of what operators provide: inputs, a kubeconfig, a login program. */
import { GKE_LOGIN_PROGRAM } from "../../../constructs/cluster/gke-cluster";
import { isInsideCluster } from "../../../environments/derived/layers";
import { inputProblem, stateProblem } from "../site/inputs";
import { requiredInputs } from "../site/stack-facts";
import type { SiteCheck } from "./site-check";

/** Every input has a valid value, and the place of the states is known. */
export const inputsAreGiven: SiteCheck = ({ stacks }, { env }) =>
  Promise.resolve([
    ...new Set(
      [
        ...requiredInputs(stacks).map((input) => inputProblem(input, env)),
        ...stacks.map((stack) => stateProblem(stack, env)),
      ].filter((line) => line !== undefined),
    ),
  ]);

/** The kubeconfig of a cluster that we do not create exists. */
export const kubeconfigExists: SiteCheck = ({ environment: { name, cluster } }, around) =>
  Promise.resolve(
    cluster.kind === "existing" && !around.fileExists(cluster.kubeconfig)
      ? [`${cluster.kubeconfig} does not exist: put the kubeconfig of the cluster of ${name} there`]
      : [],
  );

/** GKE's login program is installed: its kubeconfig holds no credential. */
export const gkeLoginProgramExists: SiteCheck = async ({ environment, stacks }, around) => {
  if (environment.cluster.kind !== "gke" || stacks.every(({ layer }) => !isInsideCluster(layer))) return [];
  return (await around.programExists(GKE_LOGIN_PROGRAM))
    ? []
    : [
        `${GKE_LOGIN_PROGRAM}, which logs in to GKE, was not found: install it with gcloud components install ${GKE_LOGIN_PROGRAM}`,
      ];
};
