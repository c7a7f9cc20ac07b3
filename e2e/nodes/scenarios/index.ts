/** All scenarios, in the order in which they run. */
import { alerts } from "./alerts";
import { arrival } from "./arrival";
import { costs } from "./costs";
import { deploy } from "./deploy";
import { destroy } from "./destroy";
import { entities } from "./entities";
import { reach } from "./reach";
import type { Scenario } from "../site/scenario";
import { security } from "./security";
import { secondDayScenarios } from "./second-day";

/** The first brings the site up, the last takes it away. */
export const SCENARIOS: readonly Scenario[] = [
  deploy,
  arrival,
  alerts,
  reach,
  security,
  costs,
  entities,
  ...secondDayScenarios,
  destroy,
];
