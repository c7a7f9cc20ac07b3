/** Nothing is wrong: every check says so. */
import { NAMESPACE } from "../../../ground/namespaces";
import { isHealthy, look } from "../site/look";
import type { Scenario } from "./scenario";

/** Every subject of a site on which all is well. */
export const healthy: Scenario = async (world, checks) => {
  await world.plane.kubectl("-n", NAMESPACE.telegraf, "create", "job", "--from=cronjob/rollouts", "rollouts-now");
  const seen = await world.flow.during(() => look(world, checks, "healthy", []));
  isHealthy(checks, "nothing is wrong", seen);
};
