/** Checks of Terraform: its version, what would redirect it, its states. */
import { TERRAFORM_VERSION } from "../../../ground/versions";
import { compareVersions } from "../../../ground/units";
import { errorLines } from "../../../ground/errors";
import { stateProblem } from "../site/inputs";
import { NO_TERRAFORM } from "../terraform/terraform";
import type { SiteCheck, Surroundings } from "./site-check";

/** What is wrong with this version of Terraform; undefined when nothing is. */
export function terraformProblem(version: string | undefined): string | undefined {
  if (version === undefined) return NO_TERRAFORM;
  const oldest = TERRAFORM_VERSION.replace(/^>= /, "");
  return compareVersions(version.replace(/-.*$/, ""), oldest) < 0
    ? `Terraform ${version} is too old: install Terraform ${oldest} or newer`
    : undefined;
}

/** Write-only attributes need Terraform 1.11. */
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

/** Variables of the environment that make a provider or Terraform work somewhere else, or otherwise, than the site says. */
export function redirectingVariables(env: Surroundings["env"]): string[] {
  return Object.keys(env)
    .filter((name) => env[name] !== undefined && env[name] !== "" && REDIRECTING.some((pattern) => pattern.test(name)))
    .sort();
}

/** Providers obey such variables silently. */
export const noRedirectingVariables: SiteCheck = (_subject, { env }) => {
  const found = redirectingVariables(env);
  return Promise.resolve(
    found.length > 0
      ? [
          `${found.join(", ")} would send Terraform or a provider elsewhere than the site says: unset ${found.join(" ")}`,
        ]
      : [],
  );
};

/** Whether Terraform can be asked at all; why not is another check's line. */
export async function terraformMayRun(around: Surroundings): Promise<boolean> {
  const redirected = redirectingVariables(around.env).some((name) => name.startsWith("TF_"));
  return !redirected && terraformProblem(await around.terraformVersion()) === undefined;
}

/** Providers and states of all layers concerned can be had. */
export const statesAreReadable: SiteCheck = async ({ stacks }, around) => {
  if (!(await terraformMayRun(around))) return [];
  const lines: string[] = [];
  for (const stack of stacks) {
    const { layer, name } = stack;
    // What is missing is another check's line.
    if (stateProblem(stack, around.env)) continue;
    try {
      await around.applied(layer);
    } catch (error) {
      lines.push(...errorLines(error).map((line) => `${name}: ${line}`));
    }
  }
  return lines;
};
