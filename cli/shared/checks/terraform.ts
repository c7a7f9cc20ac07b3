/** Checks of Terraform: its version, what would redirect it, its states. */
import { TERRAFORM_VERSION } from "../../../ground/versions";
import { compareVersions } from "../../../ground/units";
import { errorLines } from "../../../ground/errors";
import { redirectingVariables, redirectionProblem } from "../process/redirecting";
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

/** No variable of the environment leads elsewhere: providers obey them silently. */
export const noRedirectingVariables: SiteCheck = (_subject, { env }) => {
  const problem = redirectionProblem(redirectingVariables(env));
  return problem === undefined ? [] : [problem];
};

/** Whether Terraform may run at all; another check reports why not. */
export async function terraformMayRun(around: CheckContext): Promise<boolean> {
  const redirected = redirectingVariables(around.env).length > 0;
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
