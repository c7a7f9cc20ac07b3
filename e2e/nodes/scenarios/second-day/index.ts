/** The second day of a running site. */
import type { Scenario } from "../../site/scenario";
import { deploymentScenarios } from "./deployments";
import { nodeScenarios } from "./nodes";
import { outageScenarios } from "./outages";
import { secretScenarios } from "./secrets";

/** In their order; each leaves a healthy site. */
export const secondDayScenarios: readonly Scenario[] = [
  ...nodeScenarios,
  ...outageScenarios,
  ...secretScenarios,
  ...deploymentScenarios,
];
