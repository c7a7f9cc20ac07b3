/** Checks of Terraform: its version, what would redirect it, its states. */
import { TERRAFORM_VERSION } from "../../../ground/versions";
import { compareVersions } from "../../../ground/units";
import { errorLines } from "../../../ground/errors";
import { stateProblem } from "../site/inputs";
import { NO_TERRAFORM } from "../terraform/terraform";
import type { SiteCheck, CheckContext } from "./site-check";

/** What is wrong with this version of Terraform; undefined when nothing is. */
export function terraformProblem(version: string | undefined): string | undefined {
  if (version === undefined) return NO_TERRAFORM;
  const oldest = TERRAFORM_VERSION.replace(/^>= /, "");
  return compareVersions(version.replace(/-.*$/, ""), oldest) < 0
    ? `Terraform ${version} is too old: install Terraform ${oldest} or newer`
    : undefined;
}

/** Terraform is 1.11 or newer: write-only attributes need it. */
export const terraformIsNewEnough: SiteCheck = async (_subject, around) => {
  const problem = terraformProblem(await around.terraformVersion());
  return problem ? [problem] : [];
};

const REDIRECTING = [
  /^KUBE_/,
  /^KUBECONFIG$/,
  /^DOCKER_(HOST|CONTEXT|CERT_PATH|TLS_VERIFY|API_VERSION)$/,
  /^HELM_/,
  /^GOOGLE_.*_CUSTOM_ENDPOINT$/,
  /^TF_(WORKSPACE|DATA_DIR|CLI_ARGS.*)$/,
];

/** Variables of the environment by which a provider or Terraform would use something else than the site says. */
export function redirectingVariables(env: CheckContext["env"]): string[] {
  return Object.keys(env)
    .filter((name) => env[name] !== undefined && env[name] !== "" && REDIRECTING.some((pattern) => pattern.test(name)))
    .sort();
}

/** No such variable is set: providers obey them silently. */
export const noRedirectingVariables: SiteCheck = (_subject, { env }) => {
  const found = redirectingVariables(env);
  return found.length > 0
    ? [
        `${found.join(", ")} would make Terraform or a provider use something else than the site says: unset ${found.join(" ")}`,
      ]
    : [];
};

/** Whether Terraform can run at all; another check reports why not. */
export async function terraformMayRun(around: CheckContext): Promise<boolean> {
  const redirected = redirectingVariables(around.env).some((name) => name.startsWith("TF_"));
  return !redirected && terraformProblem(await around.terraformVersion()) === undefined;
}

/** Providers and states of all these layers are available. */
export const statesAreReadable: SiteCheck = async ({ stacks }, around) => {
  if (!(await terraformMayRun(around))) return [];
  const lines: string[] = [];
  for (const stack of stacks) {
    const { layer, name } = stack;
    // Another check reports what is missing.
    if (stateProblem(stack, around.env)) continue;
    try {
      await around.applied(layer);
    } catch (error) {
      lines.push(...errorLines(error).map((line) => `${name}: ${line}`));
    }
  }
  return lines;
};
