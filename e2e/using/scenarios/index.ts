/** What happens to the site, and what commands say then. */
import { certificateScenarios } from "./certificates";
import { clusterScenarios } from "./cluster";
import { dataScenarios } from "./data";
import { healthy } from "./healthy";
import { influxdbScenarios } from "./influxdb";
import { kafkaScenarios } from "./kafka";
import { registryScenarios } from "./registry";
import type { Scenario } from "./scenario";
import { silenceScenarios } from "./silence";
import { sinkScenarios } from "./sinks";
import { subsystemScenarios } from "./subsystem";

/** All of them, by name, in the order in which they run. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  healthy,
  ...registryScenarios,
  ...kafkaScenarios,
  ...sinkScenarios,
  ...influxdbScenarios,
  ...certificateScenarios,
  ...clusterScenarios,
  ...subsystemScenarios,
  ...dataScenarios,
  ...silenceScenarios,
};
