/** The second day of a running site. */
import type { Scenario } from "../../site/scenario";
import { deploymentScenarios } from "./deployments";
import { givenScenarios } from "./given";
import { nodeScenarios } from "./nodes";
import { operatorScenarios } from "./operators";
import { outageScenarios } from "./outages";
import { powerScenarios } from "./power";
import { secretScenarios } from "./secrets";

/** In their order; each leaves a healthy site. */
export const secondDayScenarios: readonly Scenario[] = [
  ...nodeScenarios,
  ...outageScenarios,
  ...secretScenarios,
  ...givenScenarios,
  ...operatorScenarios,
  ...powerScenarios,
  ...deploymentScenarios,
];
