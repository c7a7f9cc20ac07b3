/** Checks of what operators give: inputs, a kubeconfig, a program that logs in. */
import { GKE_LOGIN_PROGRAM } from "../../../constructs/cluster/gke-cluster";
import { isInsideCluster } from "../../../environments/derived/layers";
import { inputProblem, stateProblem } from "../site/inputs";
import { requiredInputs } from "../site/stack-facts";
import type { SiteCheck } from "./site-check";

/** Variables without default have a value that can be one, and the states can be found. */
export const inputsAreGiven: SiteCheck = ({ stacks }, { env }) =>
  Promise.resolve([
    ...new Set(
      [
        ...requiredInputs(stacks).map((input) => inputProblem(input, env)),
        ...stacks.map((stack) => stateProblem(stack, env)),
      ].filter((line) => line !== undefined),
    ),
  ]);

/** The kubeconfig of a cluster that we do not make is there. */
export const kubeconfigExists: SiteCheck = ({ environment: { name, cluster } }, around) =>
  Promise.resolve(
    cluster.kind === "existing" && !around.fileExists(cluster.kubeconfig)
      ? [`${cluster.kubeconfig}, the access to the cluster of ${name}, is not there: put its kubeconfig there`]
      : [],
  );

/** The kubeconfig of GKE holds no credential: a program logs in. */
export const gkeLoginProgramExists: SiteCheck = async ({ environment, stacks }, around) => {
  if (environment.cluster.kind !== "gke" || stacks.every(({ layer }) => !isInsideCluster(layer))) return [];
  return (await around.programExists(GKE_LOGIN_PROGRAM))
    ? []
    : [`${GKE_LOGIN_PROGRAM}, which logs in to GKE, is not there: gcloud components install ${GKE_LOGIN_PROGRAM}`];
};
